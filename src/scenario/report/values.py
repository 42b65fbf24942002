"""A scenario's values as JSON and as text, and numbers with what they are of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from scenario.legible import legible
from scenario.program.bounded.sets import in_order
from scenario.results.outcome import ExceptionView, FutureView

CELL = 60
"""Characters of a value that are shown."""
_CONTAINERS = (list, tuple, set, frozenset, Mapping)

_DEEPEST = 100
"""Containers around one that is written."""

SAFE_INTEGER = 2**53
"""Beyond it a reader in another language may round an integer of JSON."""


def json_value(value: object, inside: tuple[int, ...] = ()) -> object:
    """Tuples are lists, sets sorted lists, keys strings; large integers, futures and the rest are text."""
    if isinstance(value, _CONTAINERS) and _is_cut(value, inside):
        return text_value(value, inside=inside)
    within = (*inside, id(value))
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -SAFE_INTEGER <= value <= SAFE_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case list() | tuple():
            return [json_value(item, within) for item in value]
        case set() | frozenset():
            return [json_value(item, within) for item in in_order(value)]
        case Mapping():
            return {str(key): json_value(item, within) for key, item in value.items()}
        case _:
            return text_value(value)


def json_values(values: Mapping[str, object]) -> dict[str, object]:
    return {name: json_value(value) for name, value in values.items()}


def text_value(value: object, most: int | None = None, inside: tuple[int, ...] = ()) -> str:
    """As Python writes it; a future as what has become of it. Of each container at most so many items are written, then `…`.

    `inside`: the containers around it; what is inside itself, or very deep, is `[...]`.
    """
    if isinstance(value, _CONTAINERS) and _is_cut(value, inside):
        return "[...]" if isinstance(value, list) else "(...)" if isinstance(value, tuple) else "{...}"
    within = (*inside, id(value))

    def joined(items: Iterable[object]) -> str:
        return listed(text_value(item, most, within) for item in items)

    def listed(texts: Iterator[str]) -> str:
        return ", ".join((*islice(texts, most), *("…" for _ in islice(texts, 1))))

    match value:
        case FutureView(state, result, exception):
            if state != "finished":
                return f"<future {state}>"
            return f"<future {text_value(result, most) if exception is None else f'raised {text_value(exception)}'}>"
        case list():
            return f"[{joined(value)}]"
        case tuple():
            return f"({joined(value)}{',' if len(value) == 1 else ''})"
        case set() | frozenset():
            return f"{{{joined(in_order(value))}}}" if value else "set()"
        case Mapping():
            pairs = (f"{text_value(k, most, within)}: {text_value(v, most, within)}" for k, v in value.items())
            return f"{{{listed(pairs)}}}"
        case ExceptionView(name, message):
            return legible(f"{name}: {message}".removesuffix(": "))
        case _:
            return legible(repr(value))  # an object's own may be anything


def numbered(count: int, what: str) -> str:
    """`1 step`, `2,000 steps`: of what has its plural with an s."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def are(count: int | None) -> str:
    """The verb of so many."""
    return "is" if count == 1 else "are"


def short(value: object) -> str:
    """The value as text, cut where it is long."""
    return _cut(text_value(value, CELL), CELL)  # so many items are longer already


def apart(texts: Sequence[str], most: int) -> list[str]:
    """The texts cut to so many characters, and no two alike that differ: where their beginnings do not tell, it is left out."""
    cut = [_cut(text, most) for text in texts]
    if len(set(cut)) == len(set(texts)):
        return cut
    clash = [text for text, short_ in zip(texts, cut, strict=True) if cut.count(short_) > 1]
    start = max(_alike(clash) - most // 4, 0)
    cut = [
        _cut(f"…{text[start:]}", most) if text in clash and start else short_
        for text, short_ in zip(texts, cut, strict=True)
    ]
    return cut if len(set(cut)) == len(set(texts)) else list(texts)


def _alike(texts: Sequence[str]) -> int:
    """How many characters they have in common at the beginning."""
    return sum(1 for _ in takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False)))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _is_cut(value: object, inside: tuple[int, ...]) -> bool:
    return len(inside) > _DEEPEST or id(value) in inside
