"""Followed variables and what threads have loaded of them: values in which it counts which objects are one.

Other variables are frozen each by itself. These (`program.following`) are frozen together with every object that some
thread is in the middle of using, so that it stays the same object as what the name stands for, or stays behind when the
name comes to stand for another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from scenario.engines.explore.model.values import Key, freeze, thaw

Holder: TypeAlias = tuple[int, int, int]
"""Who has loaded an object: a thread, the depth of its frame, the slot there."""


class HeapPart(NamedTuple):
    """The heap in a state: `key` is of the values by name and, in the order of `holders`, of the objects held."""

    holders: tuple[Holder, ...]
    key: Key


class Heap:
    """The heap in a step: thawed when something is asked of it."""

    __slots__ = ("_held", "_names", "_part", "_values")

    def __init__(self, names: tuple[str, ...], part: HeapPart) -> None:
        self._names = names
        self._part = part
        self._values: dict[str, object] | None = None
        self._held: dict[Holder, object] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> object:
        return self._thawed()[name]

    def hold(self, holder: Holder, value: object) -> None:
        self._thawed()
        self._held[holder] = value

    def held(self, holder: Holder) -> object:
        self._thawed()
        return self._held[holder]

    def settle(self, changed: Mapping[str, object]) -> None:
        """After a step: these values are new. Whatever else has them goes on with copies."""
        values = self._thawed()
        values.update(changed)
        self._part = _frozen(self._names, values, self._held)
        self._values = None

    def part(self, thread: int, live: Mapping[int, frozenset[int]]) -> HeapPart:
        """For the state; what the thread has loaded and can not reach any more is forgotten (`live`: slots by depth)."""
        dead = [h for h in self._holders() if h[0] == thread and h[2] not in live.get(h[1], ())]
        if dead:
            values = self._thawed()
            for holder in dead:
                del self._held[holder]
            self._part = _frozen(self._names, values, self._held)
            self._values = None
        elif self._values is not None:
            self._part = _frozen(self._names, self._values, self._held)
        return self._part

    def _holders(self) -> tuple[Holder, ...]:
        return self._part.holders if self._values is None else tuple(self._held)

    def _thawed(self) -> dict[str, object]:
        if self._values is None:
            values, held = thaw(self._part.key)
            self._values = dict(zip(self._names, values, strict=True))
            self._held = dict(zip(self._part.holders, held, strict=True))
        return self._values


def first(values: Mapping[str, object]) -> HeapPart:
    """The heap of the initial state."""
    return _frozen(tuple(values), values, {})


def values_in(part: HeapPart, names: tuple[str, ...]) -> dict[str, object]:
    """Fresh values by name."""
    return dict(zip(names, thaw(part.key)[0], strict=True))


def renamed(part: HeapPart, new: Mapping[int, int]) -> HeapPart:
    """The heap with threads under their new numbers."""
    if not part.holders:
        return part
    values, held = thaw(part.key)
    holders = [(new[thread], depth, slot) for thread, depth, slot in part.holders]
    order = sorted(range(len(holders)), key=holders.__getitem__)
    return HeapPart(tuple(holders[i] for i in order), freeze((values, [held[i] for i in order])))


def roles(part: HeapPart, thread: int) -> tuple[object, ...]:
    """What the heap says of a thread: what it holds, and of which variable that is the object now."""
    if not part.holders:
        return ()
    values, held = thaw(part.key)
    return tuple(
        (depth, slot, repr(freeze(obj)), tuple(i for i, value in enumerate(values) if value is obj))
        for (owner, depth, slot), obj in zip(part.holders, held, strict=True)
        if owner == thread
    )


def _frozen(names: tuple[str, ...], values: Mapping[str, object], held: Mapping[Holder, object]) -> HeapPart:
    holders = tuple(sorted(held))
    return HeapPart(holders, freeze(([values[name] for name in names], [held[holder] for holder in holders])))
