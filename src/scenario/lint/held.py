"""The locks that a thread holds at one point of its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TypeAlias

from scenario.lint.objects import LockKey
from scenario.program import ops
from scenario.record import record

Held: TypeAlias = Mapping[LockKey, ops.Acquire | ops.With]
"""By lock: the operation that took it. A condition stands for its lock."""


@record
class State:
    """`surely`: held on every path; `maybe`: taken on some path and not given back on that one.

    `open`: the same without what was taken by a try (`blocking`, `timeout`) or may be held where an exception is met.
    `again`: how many more times, at most, its owner has taken an RLock: so many releases leave it held.
    """

    surely: Held
    maybe: Held
    open: Held
    again: Mapping[LockKey, int] = field(default_factory=dict)

    def taken(self, key: LockKey, op: ops.Acquire | ops.With, *, surely: bool) -> State:
        maybe = {**self.maybe, key: op}
        if not surely:
            return State(self.surely, maybe, self.open, self.again)
        return State({**self.surely, key: op}, maybe, {**self.open, key: op}, self.again)

    def taken_again(self, key: LockKey, *, surely: bool) -> State:
        """An RLock once more, by its owner: after a mere try it is not known how many releases will free it."""
        again = {**self.again, key: self.again.get(key, 0) + 1}
        if surely:
            return replace(self, again=again)
        return State(_without(self.surely, key), self.maybe, _without(self.open, key), again)

    def given(self, key: LockKey) -> State:
        if levels := self.again.get(key, 0):
            return replace(self, again={**self.again, key: levels - 1})
        return State(_without(self.surely, key), _without(self.maybe, key), _without(self.open, key), self.again)

    def given_some(self, name: str) -> State:
        """After a release of an element that is not known: any of the array."""
        found = self
        for key in self.maybe:
            if key.name == name:
                found = found.given(key)
        return found

    def joined(self, *others: State) -> State:
        """What is known where several ways meet."""
        surely = {
            key: op
            for key, op in self.surely.items()
            if all(key in other.surely and other.again.get(key, 0) == self.again.get(key, 0) for other in others)
        }
        maybe: dict[LockKey, ops.Acquire | ops.With] = {}
        left_open: dict[LockKey, ops.Acquire | ops.With] = {}
        for other in (*reversed(others), self):
            maybe.update(other.maybe)
            left_open.update(other.open)
        return State(surely, maybe, left_open, most(self.again, *(other.again for other in others)))


def most(*levels: Mapping[LockKey, int]) -> Mapping[LockKey, int]:
    """By lock, the most of them."""
    found: dict[LockKey, int] = {}
    for each in levels:
        found.update({key: max(count, found.get(key, 0)) for key, count in each.items()})
    return found


def _without(held: Held, key: LockKey) -> Held:
    return {other: op for other, op in held.items() if other != key} if key in held else held


FREE = State({}, {}, {})
"""Nothing is held."""


def is_try(op: ops.Acquire | ops.With) -> bool:
    """Whether the lock may not be had afterwards."""
    return isinstance(op, ops.Acquire) and (op.timeout is not None or op.blocking is not None)
