"""Under which names expression source finds them."""

from __future__ import annotations

from collections.abc import Callable

from scenario.program.bounded import operators, work
from scenario.program.bounded.containers import (
    enumerated,
    hashed,
    mapped,
    nested,
    reversed_list,
    spliced,
    total,
    tupled,
    zipped,
)
from scenario.program.bounded.fuel import fuelled
from scenario.program.bounded.patience import each
from scenario.program.bounded.sets import ordered
from scenario.program.bounded.texts import ascii_text, formatted, method, shown, text, type_name

NAMESPACE: dict[str, Callable[..., object] | float] = {
    "_add": operators.add, "_sub": operators.sub, "_mul": operators.mul, "_pow": operators.power, "_shl": operators.shift,
    "_mod": operators.mod, "_iadd": operators.iadd, "_isub": operators.isub, "_imul": operators.imul, "_ipow": operators.ipower,
    "_ishl": operators.ishift, "_imod": operators.imod, "_method": method, "_nested": nested, "_spliced": spliced,
    "_fuelled": fuelled, "_range": operators.limited_range, "_int": operators.limited_int,
    "_round": operators.limited_round, "_enumerate": enumerated, "_zip": zipped, "_reversed": reversed_list,
    "_type_name": type_name, "_inf": float("inf"), "_nan": float("nan"), "_len": len, "_min": work.least, "_max": work.greatest,
    "_sum": total, "_sorted": work.in_sorted_order, "_abs": abs, "_divmod": divmod, "_any": any, "_all": all, "_float": float,
    "_str": text, "_bool": bool, "_list": list, "_tuple": tupled, "_dict": mapped, "_set": hashed, "_ordered": ordered,
    "_each": each, "_is": operators.same, "_slice": slice, "_light": work.light, "_compared": work.light, "_searched": work.searched, "_repr": shown, "_ascii": ascii_text, "_format": formatted,
}  # fmt: skip
"""The globals of expression source."""

IN_PLACE = {"+": "_iadd", "-": "_isub", "*": "_imul", "**": "_ipow", "<<": "_ishl", "%": "_imod"}
"""The operators of augmented assignment that go through a function of these: their result may be too large."""
