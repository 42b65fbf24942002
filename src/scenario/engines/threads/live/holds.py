"""Who holds which lock, and who took a semaphore's places, written down where acquires and releases are steps of their own."""

from __future__ import annotations

import threading
from typing import Any, TypeAlias

from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live.guard import Guard
from scenario.interpreter.objects import LOCK, RLOCK, is_rlock, lock_of, rlock_levels
from scenario.real.footprint import Check
from scenario.real.takers import Takers

Held: TypeAlias = "tuple[Actor, int]"
"""Who has it, and the emitted line that acquired it."""


class Holds:
    """A lock has one holder; of what several may have, a semaphore, the places are taken in order."""

    def __init__(self, guard: Guard) -> None:
        self._locks: dict[object, Held] = {}
        self._places = Takers[Actor, int]()
        self._apart = threading.Lock()
        self._guard = guard

    def of(self, lock: object) -> Held | None:
        """The holder of a lock."""
        return self._locks.get(lock)

    def takers(self, place: object) -> list[Held]:
        """Of what several may have."""
        return self._places.of(place)

    def record(self, place: object, me: Actor, line: int) -> None:
        """Writes down who has just acquired it, and where; of an RLock the first time that its owner did."""
        lock = lock_of(place)
        if not isinstance(lock, LOCK | RLOCK):
            self._places.take(lock, (me, line))
        elif not is_rlock(lock) or rlock_levels(lock) == 1:
            self._locks[lock] = (me, line)

    def forget(self, place: object, me: Actor, n: object = 1) -> list[Held]:
        """Before a release, since another may have it right behind it; the places that it gives back. An RLock tells its owner itself."""
        lock = lock_of(place)
        if not isinstance(lock, LOCK | RLOCK):
            with self._apart:
                return self._places.give_back(lock, me, n)
        if not is_rlock(lock):
            self._locks.pop(lock, None)
        return []

    def refused(self, place: object, given: list[Held]) -> None:
        """The release has raised: nothing was given back. Of a lock that is so only where nobody has it."""
        self._places.take(lock_of(place), *given)

    def resume(self, place: object, held: Held | None) -> None:
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
