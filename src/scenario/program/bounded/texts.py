"""Values as text, and the methods whose result or work may be too much."""

from __future__ import annotations

from typing import Any

from scenario.program.bounded.containers import spread
from scenario.program.bounded.limits import CONTAINERS, MAX_READABLE, SCALARS, TEXTS, fits, refuse
from scenario.program.bounded.work import SLOW_IN_LISTS, SLOW_IN_TEXTS, search_fits, searched

GROWING = frozenset(
    {"center", "ljust", "rjust", "zfill", "expandtabs", "replace", "join", "translate", "extend", "update", "fromkeys"}
)
"""The methods whose result may be larger than what they are given."""

BOUNDED = GROWING | SLOW_IN_TEXTS | SLOW_IN_LISTS
"""The methods that go through `method`."""


def text(*args: object) -> str:
    """`str(value)`."""
    return str(*map(readable, args))


def shown(value: object) -> str:
    """`repr(value)`."""
    return repr(readable(value))


def ascii_text(value: object) -> str:
    """`ascii(value)`."""
    return ascii(readable(value))


def formatted(value: object, form: str) -> str:
    """`format(value, form)`; widths are bounded where templates are read."""
    return format(readable(value), form)


def readable(value: object, most: int = MAX_READABLE) -> Any:
    """`value`, about to become a text: refused where its parts would make too long a one."""
    if type(value) not in SCALARS:
        _characters(value, {}, most)
    return value


def repeatable(sequence: object, times: int = 1) -> None:
    """Refuses a sequence, so often repeated or about to be added to another, of which nobody could read the text.

    Its parts are shared, so it may be small: a list of a million times one list. But all that shows it, or tells it from
    others, goes through them all.
    """
    if isinstance(sequence, CONTAINERS) and _characters(sequence, {}, MAX_READABLE) * times > MAX_READABLE:
        refuse(f"a value of more than {MAX_READABLE} characters as text")


def _characters(value: object, known: dict[int, int], most: int) -> int:
    """About how many characters a value takes as text. Refuses more than `most`, as soon as that is known."""
    if isinstance(value, TEXTS):
        return len(value) + 2
    if not isinstance(value, CONTAINERS):
        return value.bit_length() // 3 + 1 if isinstance(value, int) else 10
    key = id(value)
    if key not in known:
        known[key] = 5  # inside itself it is shown as `...`
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        size = 2
        for part in parts:
            size += 2 + _characters(part, known, most)
            if size > most:
                refuse(f"a value of more than {most} characters as text")
        known[key] = size
    return known[key]


def type_name(value: object) -> str:
    """The name of the value's type."""
    return type(value).__name__


def method(bound: Any, *args: Any, **keywords: object) -> object:
    """A method of list, dict, set or str, looked up already, whose result may be too large, or its work too much."""
    value: Any = getattr(bound, "__self__", None)
    name: str = getattr(bound, "__name__", "")
    if isinstance(value, TEXTS):
        fits(_text_growth(value, name, args))
        search_fits(value, name, args[0] if args else None)
    elif name in SLOW_IN_LISTS:
        searched(value)
    elif name == "fromkeys":
        args = (spread(args[0]), *args[1:]) if args else args
    elif name == "update" and isinstance(value, set) and len(args) > 1 and not keywords:
        for each in args:  # one after the other: what stands before one that is refused has been added
            method(bound, each)
        return None
    elif name in ("extend", "update"):
        args = tuple(a if isinstance(a, CONTAINERS) else list(a) for a in args)
        fits(len(value) + sum(len(a) for a in args))
    return bound(*args, **keywords)


def _text_growth(text: str | bytes, name: str, args: tuple[object, ...]) -> int:
    first = args[0] if args else None
    match name:
        case "center" | "ljust" | "rjust" | "zfill":
            return first if isinstance(first, int) else 0
        case "expandtabs":
            return len(text) * (first if isinstance(first, int) else 8) + len(text)
        case "replace" if len(args) > 1 and isinstance(args[1], TEXTS):
            return len(text) + _occurrences(text, first) * len(args[1])
        case "join" if isinstance(first, CONTAINERS):
            return len(text) * len(first) + sum(len(part) for part in first if isinstance(part, TEXTS))
        case "translate" if isinstance(first, dict):
            return len(text) * max((len(part) for part in first.values() if isinstance(part, str)), default=1)
        case _:
            return 0


def _occurrences(text: Any, part: object) -> int:
    return int(text.count(part)) if isinstance(part, type(text)) else 0
