"""Data races: accesses in conflict that nothing orders, in any execution that was made, whether it failed or not.

By vector clocks (Mattern 1989; FastTrack, Flanagan and Freund 2009): operations on primitives order threads, from who gives
something (a release, a set, a put, a start, an end) to who comes to the same object later. Accesses alone order nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from scenario.engines.code.actors import Step
from scenario.engines.code.operation import EVERYTHING, Location, content
from scenario.engines.code.places import Place
from scenario.results.code import Access, Race

ACCESSES = ("reads", "writes")
TAKES = frozenset(
    {"acquires", "tries", "asks", "joins", "looks at", "waits for", "takes back", "is set", "is notified"}
)
"""Verbs of operations that give nothing to those that come later."""
Clock: TypeAlias = dict[int, int]
Last: TypeAlias = dict[tuple[int, Place, bool], tuple[Step, int]]
"""By thread, place, and whether it changes: what came last, and when in its thread. What came earlier is ordered if that is."""


class Races:
    """All that were seen, each pair of places once."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, object], Race] = {}

    def found(self) -> tuple[Race, ...]:
        """In the order in which they were seen."""
        return tuple(self._found.values())

    def look(self, steps: Sequence[Step]) -> None:
        """One execution."""
        clocks: dict[int, Clock] = {}
        given: dict[Location, Clock] = {}
        before: dict[Location, Last] = {}
        for step in steps:
            number = step.actor.number
            if number not in clocks:
                clocks[number] = dict(given.get(content(step.actor.thread), {}))
            clock = clocks[number]
            clock[number] = clock.get(number, 0) + 1
            if step.operation.verb in ACCESSES:
                self._access(step, clock, before)
            else:
                _operate(step, clock, given)

    def _access(self, step: Step, clock: Clock, before: dict[Location, Last]) -> None:
        mine = step.actor.number
        for location, changes in step.operation.touches:
            if location == EVERYTHING:
                continue
            earlier = before.setdefault(location, {})
            for (_, _, changed), (other, when) in earlier.items():
                theirs = other.actor.number
                if theirs != mine and (changes or changed) and clock.get(theirs, 0) < when:
                    self._note(other, step)
            earlier[mine, step.operation.place, changes] = step, clock[mine]

    def _note(self, one: Step, other: Step) -> None:
        first, second = sorted((_access_of(one), _access_of(other)), key=lambda each: (each.file, each.line, each.verb))
        self._found.setdefault((first, second), Race(first, second))


def _operate(step: Step, clock: Clock, given: dict[Location, Clock]) -> None:
    for location in _objects(step):
        _join(clock, given.get(location, {}))
    if step.operation.verb not in TAKES and not step.timed_out:
        for location in _objects(step):
            _join(given.setdefault(location, {}), clock)


def _objects(step: Step) -> Iterator[Location]:
    return (location for location, _ in step.operation.touches if location != EVERYTHING)


def _join(clock: Clock, other: Clock) -> None:
    for actor, number in other.items():
        if clock.get(actor, 0) < number:
            clock[actor] = number


def _access_of(step: Step) -> Access:
    place = step.operation.place
    return Access(place.file, place.line, place.source, step.operation.verb, place.text)
