"""How much one call in C may do that goes through all that a value unfolds to: comparing, sorting, searching.

Nothing can look on or end such a call, so its work is bounded before it begins. Where what is shared inside a value can
be reached by many ways, it may be far more than the sizes of its containers.
"""

from __future__ import annotations

import builtins
from typing import Any

from scenario.program.bounded.limits import MAX_NODES, refuse

MAX_WORK = 2 * MAX_NODES
"""Values that are looked at in one call."""

MAX_STEPS = 100_000_000
"""Characters that are compared in one search through a text."""

_CONTAINERS = (list, tuple, dict, builtins.set)
_NUMBERS = frozenset({int, float, bool, type(None)})
_PLAIN = _NUMBERS | {str}
_CHARACTERS = 256
"""Characters of a text that are compared in the time of one value."""


def light(value: object) -> Any:
    """`value`, about to be compared; refused where it unfolds to too much."""
    if value.__class__ not in _PLAIN and isinstance(value, _CONTAINERS):
        _weight(value, {})
    return value


def searched(value: object) -> object:
    """The same of what is looked for something in: what is hashed is not gone through."""
    return light(value) if isinstance(value, list | tuple) else value


def least(*args: object, **options: Any) -> object:
    """`min(...)`."""
    return min(*map(light, args), **options)


def greatest(*args: object, **options: Any) -> object:
    """`max(...)`."""
    return max(*map(light, args), **options)


def in_sorted_order(*args: object, **options: Any) -> list[object]:
    """`sorted(...)`."""
    return sorted(*map(light, args), **options)


def _weight(value: object, known: dict[int, int]) -> int:
    key = id(value)
    if key not in known:
        known[key] = 1  # inside itself it counts once
        parts = [*value, *value.values()] if isinstance(value, dict) else list(_items(value))
        kinds = builtins.set(map(type, parts))
        total = len(parts) if kinds <= _NUMBERS else sum(_part(part, known) for part in parts)
        if total > MAX_WORK:
            refuse(f"to compare nested containers that unfold to more than {MAX_WORK} values")
        known[key] = 1 + total
    return known[key]


def _items(value: object) -> Any:
    """The items; a set's in any order, which takes no comparing, and as they are now, whoever changes it."""
    return frozenset(value) if isinstance(value, builtins.set) else value


def _part(part: object, known: dict[int, int]) -> int:
    if isinstance(part, str):
        return 1 + len(part) // _CHARACTERS
    return _weight(part, known) if isinstance(part, _CONTAINERS) else 1


SLOW_IN_TEXTS = frozenset({"rfind", "rindex", "rsplit", "rpartition", "strip", "lstrip", "rstrip"})
"""Methods of texts that may compare each character of the text with each of the argument."""

SLOW_IN_LISTS = frozenset({"sort", "index", "count", "remove"})
"""Methods that compare items."""


def search_fits(text: str | bytes, name: str, part: object) -> None:
    """Refuses a search that takes too long."""
    if name in SLOW_IN_TEXTS and isinstance(part, type(text)) and len(text) * len(part) > MAX_STEPS:
        refuse(f"a search of more than {MAX_STEPS} steps: {len(part)} characters in {len(text)}")
