"""Under which names expression source finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario.program.bounded.containers import (
    each,
    enumerated,
    hashed,
    mapped,
    nested,
    reversed_list,
    spliced,
    total,
    zipped,
)
from scenario.program.bounded.fuel import Fuel
from scenario.program.bounded.operators import (
    add,
    iadd,
    limited_int,
    limited_range,
    limited_round,
    mod,
    mul,
    power,
    shift,
)
from scenario.program.bounded.texts import ascii_text, formatted, method, shown, text, type_name

NAMESPACE: dict[str, Callable[..., Any] | float] = {
    "_add": add, "_iadd": iadd, "_mul": mul, "_pow": power, "_shl": shift, "_mod": mod,
    "_method": method, "_nested": nested, "_spliced": spliced, "_each": each, "_range": limited_range,
    "_int": limited_int, "_round": limited_round, "_enumerate": enumerated, "_zip": zipped,
    "_reversed": reversed_list, "_type_name": type_name, "_inf": float("inf"), "_nan": float("nan"),
    "_len": len, "_min": min, "_max": max, "_sum": total, "_sorted": sorted, "_abs": abs, "_divmod": divmod,
    "_any": any, "_all": all, "_float": float, "_str": text, "_bool": bool, "_list": list, "_tuple": tuple,
    "_dict": mapped, "_set": hashed, "_repr": shown, "_ascii": ascii_text, "_format": formatted,
}  # fmt: skip
"""The globals of expression source."""


def fuelled(fuel: Fuel) -> dict[str, Any]:
    """`NAMESPACE` whose work is bounded by `fuel`."""
    return {**NAMESPACE, "_each": fuel.each, "_mul": fuel.mul, "_range": fuel.range}
