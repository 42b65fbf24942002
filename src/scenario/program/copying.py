"""Copies of values that share no container with them, and keep which of their containers are one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario.program.bounded.limits import SCALARS
from scenario.program.bounded.sets import Set, ordered

CONTAINERS = (list, dict, Set, set, tuple)


def copied(value: object, leaf: Callable[[object], object] | None = None) -> object:
    """A copy; `leaf` makes something else of what is neither container nor scalar."""
    return value if value.__class__ in SCALARS else _copy(value, {}, leaf)


def _copy(value: Any, known: dict[int, object], leaf: Callable[[object], object] | None) -> object:
    kind = value.__class__
    if kind in SCALARS:
        return value
    if kind not in CONTAINERS:
        return value if leaf is None else leaf(value)
    if id(value) in known:
        return known[id(value)]
    now = value if kind is tuple else value.copy()  # one step: others may be changing it
    if kind is list:
        copy: Any = []
        known[id(value)] = copy
        copy.extend(now if _is_flat(now) else [_copy(item, known, leaf) for item in now])
    elif kind is dict:
        copy = known[id(value)] = {}
        copy.update({_copy(k, known, leaf): _copy(v, known, leaf) for k, v in now.items()})
    elif _is_flat(now):
        copy = now if kind is tuple else ordered(now)
    else:
        copy = (tuple if kind is tuple else Set)([_copy(item, known, leaf) for item in now])
    return copy


def _is_flat(value: Any) -> bool:
    """Whether all that it holds is scalar: most are, and a large one must be copied fast."""
    return set(map(type, value)) <= SCALARS
