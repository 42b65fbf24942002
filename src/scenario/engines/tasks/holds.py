"""Who has which lock, and who took a semaphore's places, since which line."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.tasks.actors import Actor
from scenario.engines.tasks.objects import lock_of


class Holds:
    """The places of each object in the order in which they were taken; a lock has one."""

    def __init__(self) -> None:
        self._taken: dict[int, list[tuple[Actor, int]]] = {}

    def of(self, place: object) -> Sequence[tuple[Actor, int]]:
        """Who has it (or its lock, of a condition), the longest holding first."""
        return self._taken.get(id(lock_of(place)), ())

    def take(self, place: object, me: Actor, line: int) -> None:
        self._taken.setdefault(id(lock_of(place)), []).append((me, line))

    def give_back(self, place: object, me: Actor) -> tuple[Actor, int] | None:
        """The place that it took last, else the one that was taken first: anyone may release."""
        taken = self._taken.get(id(lock_of(place)), [])
        own = [one for one in taken if one[0] is me]
        for one in own[-1:] or taken[:1]:
            taken.remove(one)
            return one
        return None
