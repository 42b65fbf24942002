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


Position: TypeAlias = int | tuple[int, int, list[object] | None]
"""How far a loop is: a place in a sequence or, of a dict or set, its size at first, the place in its keys, and those (None: of
a dict from which one has been taken)."""


def looked_at(value: Any, view: str) -> Any:
    """The value, of which a view is to be taken. Raises AttributeError where it is no dict, as Python does."""
    if view and not isinstance(value, dict):
        getattr(value, view)
    return value


def next_element(items: Iterated, position: Position, view: str) -> tuple[Position, object] | tuple[()]:
    """How far a loop that has come so far (0 at first) is then, and its next element; nothing where it is over.

    `view`: what is taken of a dict. Raises RuntimeError as Python does where a dict or set has another size than at first.
    """
    if not isinstance(items, dict | set):
        assert isinstance(position, int)
        return (position + 1, items[position]) if position < len(items) else ()
    size, at, keys = position if isinstance(position, tuple) else (len(items), 0, list(items))
    if len(items) != size:
        raise RuntimeError(f"{'dictionary' if isinstance(items, dict) else 'Set'} changed size during iteration")
    return ((size, at + 1, keys), _seen(items, keys[at], view)) if keys and at < len(keys) else ()


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
