"""How executions go on and end, whatever the number of threads: a finite graph that has a path for each of them.

A configuration is counted exactly at the places where only so many threads can be (`Covering.most`), and elsewhere as some or
none (the 0, 1, many of Pnueli, Xu and Zuck, CAV 2002): one of several may be the last. What the covering excludes is left out. So
every execution, of any number of threads, is a path here, and where no path ends badly or goes round for ever, none does.
The other way round there may be paths that are no execution, so nothing is said to fail by this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple, TypeAlias

from scenario.engines.explore.coverability.covering import Covering, Group, Look, exactly
from scenario.engines.explore.coverability.system import (
    MANY,
    Beginning,
    Counts,
    Crowd,
    Marking,
    Move,
    System,
    marking,
    queued,
)

Passage: TypeAlias = tuple[int, int]
"""A thread's way from one place to another."""


class Edge(NamedTuple):
    """A step that counts as moving: where it leads, and who has gone where by it, the thread that took it first."""

    target: int
    passages: tuple[Passage, ...]


class Counting:
    """All configurations by number: `edges` from each, `ends` that nothing leaves, and who could move in each (`able`).

    Of threads that take so many steps at most there are no edges: an execution without end has an end of those.
    """

    def __init__(self, system: System, covering: Covering, look: Look) -> None:
        self._system = system
        self._covering = covering
        self._numbers: dict[Marking, int] = {}
        self.markings: list[Marking] = []
        self.edges: list[Sequence[Edge]] = []
        self.able: list[frozenset[int]] = []
        self._search(look)

    @property
    def ends(self) -> Iterator[Marking]:
        """Where nobody can move."""
        return (here for here, able in zip(self.markings, self.able, strict=True) if not able)

    def _search(self, look: Look) -> None:
        for counts in _beginnings(self._system.beginning(), self._covering.most):
            self._number(self._system.beginning().shared, counts)
        number = 0
        while number < len(self.markings):
            look()
            edges, able = self._from(self.markings[number])
            self.edges.append(edges)
            self.able.append(able)
            number += 1

    def _from(self, here: Marking) -> tuple[list[Edge], frozenset[int]]:
        edges, able, counts = [], set(), dict(here.counts)
        for place in counts:
            for move in self._system.moves(here.shared, place):
                if not move.spurious:
                    able.add(place)
                for after, passages in self._after(counts, place, move):
                    target = self._number(move.shared, after)
                    if target is not None and not move.spurious and not self._system.is_bounded(place):
                        edges.append(Edge(target, passages))
        return edges, frozenset(able)

    def _number(self, shared: int, counts: Counts) -> int | None:
        """The configuration's number; None where no number of threads comes by it."""
        found = marking(shared, counts)
        number = self._numbers.get(found)
        if number is None:
            least = {place: 1 if count == MANY else count for place, count in counts.items()}
            if not self._covering.holds(shared, least):
                return None
            number = self._numbers[found] = len(self.markings)
            self.markings.append(found)
        return number

    # --- one step -----------------------------------------------------------------------------------------

    def _after(self, counts: Counts, place: int, move: Move) -> Iterator[tuple[dict[int, float], tuple[Passage, ...]]]:
        """Who may be where after the step, and who has gone where."""
        for without in _without(counts, place):
            for woken, passages in self._woken(without, move):
                yield self._with(woken, move.place, 1), ((place, move.place), *passages)

    def _woken(self, counts: dict[int, float], move: Move) -> Iterator[tuple[dict[int, float], tuple[Passage, ...]]]:
        waiting = [] if move.wake is None else list(queued(self._system, counts, move.wake.object))
        if not waiting:
            yield counts, ()
        elif move.wake is not None and move.wake.all:
            after = counts
            for place, freed in waiting:
                after = self._with({p: n for p, n in after.items() if p != place}, freed, counts[place])
            yield after, tuple(waiting)
        else:
            for place, freed in waiting:
                for left in _without(counts, place):
                    yield self._with(left, freed, 1), ((place, freed),)

    def _with(self, counts: Counts, place: int, more: float) -> dict[int, float]:
        is_counted = self._covering.most.get(place, 0) != MANY and more != MANY
        return {**counts, place: counts.get(place, 0) + more if is_counted else MANY}


def _without(counts: Counts, place: int) -> Iterator[dict[int, float]]:
    """One thread less there; of some, some may be left or none."""
    others = {p: n for p, n in counts.items() if p != place}
    count = counts[place]
    if count != 1:
        yield {**others, place: count - 1}
    if count in (1, MANY):
        yield others


def _beginnings(begin: Beginning, most: Counts) -> Iterator[dict[int, float]]:
    for groups in product(*(_spread(crowd) for crowd in begin.crowds)):
        counts: dict[int, float] = {}
        for place, count in (one for group in groups for one in group):
            counts[place] = counts.get(place, 0) + count if most[place] != MANY else MANY
        yield counts


def _spread(crowd: Crowd) -> Iterator[Group]:
    """A crowd of any size is at some of its places, at one of them at least."""
    if crowd.size is not None:
        yield from exactly(crowd.places, crowd.size)
        return
    for present in product((True, False), repeat=len(crowd.places)):
        if any(present):
            yield [(place, MANY) for place, is_there in zip(crowd.places, present, strict=True) if is_there]
