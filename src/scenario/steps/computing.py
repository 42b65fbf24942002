"""What values are that every engine computes alike (`steps.values`)."""

from __future__ import annotations

from operator import index
from typing import Any


def sequence(value: Any) -> object:
    """What a loop over the value runs over by position: by a copy where it has no positions (a dict, a set, a view)."""
    return value if isinstance(value, list | tuple | str | range | bytes) else list(value)


def times(value: Any) -> int:
    """How often `repeat` goes round."""
    return max(index(value), 0)


def is_container(value: object) -> bool:
    """Whether `+=` changes it in place."""
    return isinstance(value, list | dict | set)


def timed(seconds: Any) -> object:
    """The seconds of a timeout (or None), added to a time."""
    return seconds if seconds is None else seconds + 0.0
