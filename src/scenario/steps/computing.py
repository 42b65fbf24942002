"""What values are that every engine computes alike (`steps.values`)."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any, TypeAlias

Iterated: TypeAlias = Sequence[object] | dict[object, object] | set[object]
_RUN_OVER = (list, tuple, str, range, bytes, dict, set)


def sequence(value: Any) -> object:
    """What a loop over the value runs over: itself, whatever becomes of it meanwhile; a copy where it is none of these."""
    return value if isinstance(value, _RUN_OVER) else list(value)


Position: TypeAlias = int | tuple[int, int, int, list[object]]
"""How far a loop is: a place in a sequence or, of a dict or set, its size at first, how many elements it has given, and
the place in the keys that it goes by."""


def next_element(items: Iterated, position: Position, view: str) -> tuple[Position, object] | tuple[()]:
    """How far a loop that has come so far (0 at first) is then, and its next element; nothing where it is over.

    `view`: what is taken of a dict. Raises RuntimeError as Python does where a dict or set has another size than at first.
    """
    if not isinstance(items, dict | set):
        assert isinstance(position, int)
        return (position + 1, items[position]) if position < len(items) else ()
    size, given, at, keys = position if isinstance(position, tuple) else (len(items), 0, 0, list(items))
    if len(items) != size:
        raise RuntimeError(f"{'dictionary' if isinstance(items, dict) else 'Set'} changed size during iteration")
    if isinstance(items, dict):
        at, keys = _left(items, at, keys)
    if at == len(keys):
        return ()
    if given == size:
        raise RuntimeError("dictionary keys changed during iteration")
    return (size, given + 1, at + 1, keys), _seen(items, keys[at], view)


def _left(items: dict[object, object], at: int, keys: list[object]) -> tuple[int, list[object]]:
    """The next key that is still there; those that have come in the place of others are the last ones."""
    while at < len(keys) and keys[at] not in items:
        at += 1
    if at < len(keys):
        return at, keys
    known = set(keys)
    return at, [*keys, *(key for key in items if key not in known)]


def _seen(items: dict[object, object] | set[object], key: object, view: str) -> object:
    if isinstance(items, set) or view == "keys":
        return key
    return items[key] if view == "values" else (key, items[key])


def times(value: Any) -> int:
    """How often `repeat` goes round."""
    return max(index(value), 0)


def is_container(value: object) -> bool:
    """Whether `+=` changes it in place."""
    return isinstance(value, list | dict | set)


def timed(seconds: Any) -> object:
    """The seconds of a timeout (or None), added to a time."""
    return seconds if seconds is None else seconds + 0.0
