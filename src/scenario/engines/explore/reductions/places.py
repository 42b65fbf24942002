"""What stands at a place of the shared variables."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.reductions.amounts import Own, Place


def at(value: Any, place: Place) -> object:
    """What the place has in its variable's value; None where there is no such place."""
    match place.key:
        case None:
            return value
        case int() as index:
            return value[index] if type(value) is list and index < len(value) else None
        case Own():
            return None
        case key:
            return value.get(key) if type(value) is dict else None


def added(value: Any, place: Place, more: int) -> Any:
    """The variable's value with so much more at the place; a container is changed."""
    if place.key is None:
        return value + more
    value[place.key] += more
    return value
