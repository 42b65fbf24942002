"""What was touched in an execution, by whom, at which places of the code: where two threads met, they need a stop."""

from __future__ import annotations

from scenario.engines.code.actors import Actor
from scenario.engines.code.operation import EVERYTHING, Location, Touches


class Touched:
    """Who touched a location, at which places: bits by the threads' numbers."""

    __slots__ = ("places", "readers", "writers")

    def __init__(self) -> None:
        self.readers = self.writers = 0
        self.places: set[int] = set()

    def read(self, thread: int, place: int | None) -> None:
        """By the thread of this bit."""
        self.readers |= thread
        if place is not None:
            self.places.add(place)

    def write(self, thread: int, place: int | None) -> None:
        """Likewise."""
        self.writers |= thread
        if place is not None:
            self.places.add(place)

    def in_conflict(self) -> bool:
        """Whether two threads touched it and one of them changed it."""
        every = self.readers | self.writers
        return bool(self.writers and every & (every - 1))


class Accesses:
    """Those of one execution."""

    def __init__(self) -> None:
        self._touched: dict[Location, Touched] = {}
        self._stops: set[int] = set()
        self._exhausted: list[object] = []

    def mark(self, actor: Actor, touches: Touches, place: int | None) -> bool:
        """An access at a place (None: of an operation that stops in any case); returns whether it changes something."""
        changing, bit = False, 1 << actor.number
        for location, changes in touches:
            found = self._touched.get(location)
            if found is None:
                found = self._touched[location] = Touched()
            if changes:
                changing = True
                found.write(bit, place)
            else:
                found.read(bit, place)
        return changing

    def stop(self, actor: Actor, touches: Touches, place: int) -> None:
        """An operation, which stops in any case."""
        self.mark(actor, touches, None)
        self._stops.add(place)

    def accessed_before_a_stop(self) -> set[int]:
        """Places where an operation stops and an access may not, as where an `ExitStack` enters a lock.

        How often a thread has stood there is the same for all who follow a schedule only if both stop.
        """
        found: set[int] = set()
        if self._stops:
            for at in self._touched.values():
                found |= at.places & self._stops
        return found

    def is_changed(self, location: Location) -> bool:
        """Whether somebody has changed what lies there."""
        found = self._touched.get(location)
        return found is not None and bool(found.writers)

    def keep(self, exhausted: object) -> None:
        """An iterator that gives nothing more: no other gets its address, and is taken for it, as long as the execution goes on."""
        self._exhausted.append(exhausted)

    def in_conflict(self, threads: int) -> set[int]:
        """The places whose accesses were in conflict; what touches everything is in conflict with all that others touch."""
        blind = EVERYTHING in self._touched and threads > 1
        found: set[int] = set()
        for at in self._touched.values():
            if blind or at.in_conflict():
                found |= at.places
        return found
