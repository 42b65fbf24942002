"""What values are that every engine computes alike (`steps.values`)."""

from __future__ import annotations

from operator import index
from typing import Any


_RUN_OVER = (list, tuple, str, range, bytes, dict, set)


def sequence(value: Any) -> object:
    """What a loop over the value runs over: itself, whatever becomes of it meanwhile; a copy where it is none of these."""
    return value if isinstance(value, _RUN_OVER) else list(value)


def next_element(items: Any, position: Any, view: str) -> tuple[Any, ...]:
    """How far a loop that has come so far (0 at first) is then, and its next element; nothing where it is over.

    `view`: what is taken of a dict. Raises RuntimeError as Python does where a dict or set has another size than at first.
    """
    match items:
        case dict():
            return _next_of_dict(items, position or [len(items), 0, 0, list(items)], view)
        case set():
            return _next_of_set(items, position or [len(items), 0, list(items)])
        case _:
            return (position + 1, items[position]) if position < len(items) else ()


def _next_of_dict(items: dict[object, object], position: list[Any], view: str) -> tuple[Any, ...]:
    """By the keys that were there at first; those that have come in the place of others are the last ones."""
    size, given, at, keys = position
    if len(items) != size:
        raise RuntimeError("dictionary changed size during iteration")
    while at < len(keys) and keys[at] not in items:
        at += 1
    if at == len(keys):
        known = set(keys)
        keys = [*keys, *(key for key in items if key not in known)]
    if at == len(keys):
        return ()
    if given == size:
        raise RuntimeError("dictionary keys changed during iteration")
    key = keys[at]
    found = key if view == "keys" else items[key] if view == "values" else (key, items[key])
    return [size, given + 1, at + 1, keys], found


def _next_of_set(items: set[object], position: list[Any]) -> tuple[Any, ...]:
    size, at, order = position
    if len(items) != size:
        raise RuntimeError("Set changed size during iteration")
    return ([size, at + 1, order], order[at]) if at < size else ()


def times(value: Any) -> int:
    """How often `repeat` goes round."""
    return max(index(value), 0)


def is_container(value: object) -> bool:
    """Whether `+=` changes it in place."""
    return isinstance(value, list | dict | set)


def timed(seconds: Any) -> object:
    """The seconds of a timeout (or None), added to a time."""
    return seconds if seconds is None else seconds + 0.0
