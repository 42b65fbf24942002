"""Who holds which lock, written down where an acquire and its release are steps of their own."""

from __future__ import annotations

from typing import Any

from scenario.engines.threads.actors import Actor
from scenario.engines.threads.build import is_rlock, lock_of
from scenario.engines.threads.footprint import Check
from scenario.engines.threads.guard import Guard


class Holds:
    """By lock: who has it, and the emitted line that acquired it."""

    def __init__(self, guard: Guard) -> None:
        self._known: dict[Any, tuple[Actor, int]] = {}
        self._guard = guard

    def of(self, lock: Any) -> tuple[Actor, int] | None:
        return self._known.get(lock)

    def record(self, place: Any, me: Actor, line: int) -> None:
        """Writes down who has just acquired a lock, and where."""
        self._known[lock_of(place)] = (me, line)

    def forget(self, place: Any) -> None:
        """Before a release. An RLock tells its owner itself; here only the place of its acquire is kept."""
        lock = lock_of(place)
        if not is_rlock(lock):
            self._known.pop(lock, None)

    def release(self, place: Any, checks: tuple[Check, ...], me: Actor, line: int) -> None:
        """Under the hidden lock, with the checks that follow."""
        self._guard.enter()
        try:
            place.release()
        finally:
            self._guard.leave(checks, me, line)
