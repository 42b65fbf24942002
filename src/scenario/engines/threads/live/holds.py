"""Who holds which lock, and who took a semaphore's places, written down where acquires and releases are steps of their own."""

from __future__ import annotations

from typing import Any, TypeAlias

from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live.guard import Guard
from scenario.interpreter.objects import LOCK, RLOCK, is_rlock, lock_of, rlock_levels
from scenario.real.footprint import Check

Taken: TypeAlias = "tuple[Actor, int]"
"""Who has it, and the emitted line that acquired it."""


class Holds:
    """A lock has one holder; of what several may have, a semaphore, the places are taken in order."""

    def __init__(self, guard: Guard) -> None:
        self._locks: dict[object, Taken] = {}
        self._places: dict[object, list[Taken]] = {}
        self._guard = guard

    def of(self, lock: object) -> Taken | None:
        """The holder of a lock."""
        return self._locks.get(lock)

    def takers(self, place: object) -> list[Taken]:
        """Of what several may have."""
        return list(self._places.get(place, ()))

    def record(self, place: object, me: Actor, line: int) -> None:
        """Writes down who has just acquired it, and where; of an RLock the first time that its owner did."""
        lock = lock_of(place)
        if not isinstance(lock, LOCK | RLOCK):
            self._places.setdefault(lock, []).append((me, line))
        elif not is_rlock(lock) or rlock_levels(lock) == 1:
            self._locks[lock] = (me, line)

    def forget(self, place: object, me: Actor, n: object = 1) -> None:
        """Before a release. An RLock tells its owner itself; here only the place of its acquire is kept."""
        lock = lock_of(place)
        if not isinstance(lock, LOCK | RLOCK):
            for _ in range(min(n if isinstance(n, int) else 1, len(self.takers(lock)))):
                self._give_back(lock, me)
        elif not is_rlock(lock):
            self._locks.pop(lock, None)

    def _give_back(self, place: object, me: Actor) -> None:
        """The place that it took last, else the one that was taken first: anyone may release."""
        taken = self._places.get(place, [])
        own = [one for one in taken if one[0] is me]
        for one in own[-1:] or taken[:1]:
            taken.remove(one)

    def resume(self, place: object, held: Taken | None) -> None:
        """After a wait on a condition: who waited has its lock back."""
        if held is not None:
            self._locks[lock_of(place)] = held

    def release(self, place: Any, checks: tuple[Check, ...], me: Actor, line: int) -> None:
        """Under the hidden lock, with the checks that follow."""
        self._guard.enter()
        try:
            place.release()
        finally:
            self._guard.leave(checks, me, line)
