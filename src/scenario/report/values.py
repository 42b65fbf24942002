"""A scenario's values as JSON and as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import islice

from scenario.program.bounded.sets import in_order
from scenario.run.outcome import FutureView

SAFE_INTEGER = 2**53
"""Beyond it a reader in another language may round an integer of JSON."""


def json_value(value: object) -> object:
    """Tuples are lists, sets sorted lists, keys strings; large integers, futures and the rest are text."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -SAFE_INTEGER <= value <= SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case list() | tuple():
            return [json_value(item) for item in value]
        case set() | frozenset():
            return [json_value(item) for item in in_order(value)]
        case Mapping():
            return {str(key): json_value(item) for key, item in value.items()}
        case _:
            return text_value(value)


def json_values(values: Mapping[str, object]) -> dict[str, object]:
    return {name: json_value(value) for name, value in values.items()}


def text_value(value: object, most: int | None = None) -> str:
    """As Python writes it; a future as what has become of it. Of each container at most so many items are written."""
    match value:
        case FutureView(state, result, exception):
            if state != "finished":
                return f"<future {state}>"
            return f"<future raised {exception}>" if exception is not None else f"<future {text_value(result, most)}>"
        case list():
            return f"[{_joined(value, most)}]"
        case tuple():
            return f"({_joined(value, most)}{',' if len(value) == 1 else ''})"
        case set() | frozenset():
            return f"{{{_joined(in_order(value), most)}}}" if value else "set()"
        case Mapping():
            items = islice(value.items(), most)
            return "{" + ", ".join(f"{text_value(k, most)}: {text_value(v, most)}" for k, v in items) + "}"
        case BaseException():
            return f"{type(value).__name__}: {value}".removesuffix(": ")
        case _:
            return repr(value)


def _joined(items: Iterable[object], most: int | None) -> str:
    return ", ".join(text_value(item, most) for item in islice(items, most))
