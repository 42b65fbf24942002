"""Values as Python source: literals, where the source's globals are `bounded.namespace.NAMESPACE`."""

from __future__ import annotations

import math


def constant(value: object) -> str:
    """A literal of the value, fresh at each evaluation."""
    match value:
        case float() if math.isnan(value):
            return "_nan"
        case float() if math.isinf(value):
            return "_inf" if value > 0 else "(-_inf)"
        case bool() | None | str():
            return repr(value)
        case int() | float():
            return repr(value) if value >= 0 and not (value == 0 and str(value)[0] == "-") else f"({value!r})"
        case list():
            return f"[{', '.join(map(constant, value))}]"
        case tuple():
            return f"({', '.join(map(constant, value))}{',' if len(value) == 1 else ''})"
        case range():
            return f"_range({value.start}, {value.stop}, {value.step})"
        case set() | frozenset():
            return f"_ordered({{{', '.join(map(constant, value))}}})" if value else "_set()"
        case dict():
            return "{" + ", ".join(f"{constant(k)}: {constant(v)}" for k, v in value.items()) + "}"
        case _:
            raise TypeError(f"no constant of a scenario: {value!r}")
