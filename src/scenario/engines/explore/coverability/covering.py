"""Which configurations can be reached, or more than reached, by some number of threads (Karp and Miller, 1969).

Going forward, `MANY` stands for as many threads as you like. Where a configuration comes again with more threads somewhere, the
steps between can be taken again and again, and there may be as many. What is found is closed: it holds the beginning, and each
step from it leads into it, since a step that is possible stays so with more threads about. So a failure that shows in none of it
shows with no number of threads. (Of steps that wake all who are queued the repetition may say too much, never too little.)

The search goes forward, and not backward from the failures as Abdulla et al. (1996) do, since what is shared is known only by
taking steps: backward there is no end of values that no execution has. For a finite shared part both decide the same
(`tests/explore/test_covering.py` goes backward).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations_with_replacement, count, product
from typing import NamedTuple, TypeAlias

from scenario.engines.explore.coverability.system import (
    MANY,
    Beginning,
    Counts,
    Crowd,
    Move,
    System,
    queued,
)

Look: TypeAlias = Callable[[], None]
"""Raises Unexplored when the budget is spent."""

Group: TypeAlias = list[tuple[int, float]]
"""Threads at places."""


class _Node(NamedTuple):
    """A configuration, by number, the places where somebody is as bits, and the configuration that led to it."""

    number: int
    shared: int
    counts: dict[int, float]
    where: int
    before: _Node | None


class Covering:
    """`fails`: whether some step that can be reached shows a failure. `most`: how many threads there may be at each place.

    Where there are just so many threads of each kind, who is more somewhere is fewer elsewhere: only equals cover one another.
    """

    def __init__(self, system: System, look: Look) -> None:
        self._system = system
        self._largest: dict[int, dict[int, _Node]] = {}
        self._seen: set[tuple[int, frozenset[tuple[int, float]]]] = set()
        self._is_any_number = any(crowd.size is None for crowd in system.beginning().crowds)
        self._numbers = count()
        self.most: dict[int, float] = {}
        self.fails = False
        self._search(look)

    def holds(self, shared: int, counts: Counts) -> bool:
        """Whether some number of threads may come by that, or by more."""
        return (shared, frozenset(counts.items())) in self._seen or (
            self._is_any_number and self._is_covered(shared, counts)
        )

    def _is_covered(self, shared: int, counts: Counts) -> bool:
        where = _bits(counts)
        largest = self._largest.get(shared, {}).values()
        return any(not where & ~node.where and _covers(node.counts, counts) for node in largest)

    def _search(self, look: Look) -> None:
        pending: list[_Node] = []
        begin = self._system.beginning()
        self.fails = begin.fails
        for counts in beginnings(begin):
            look()
            self._arrive(begin.shared, counts, None, pending)
        while pending and not self.fails:
            node = pending.pop()
            if node.number not in self._largest[node.shared]:
                continue
            look()
            for move, counts in steps(self._system, node.shared, node.counts):
                if move.fails:
                    self.fails = True
                    return
                self._arrive(move.shared, counts, node, pending)

    def _arrive(self, shared: int, counts: dict[int, float], before: _Node | None, pending: list[_Node]) -> None:
        known = shared, frozenset(counts.items())
        if known in self._seen:
            return
        self._seen.add(known)
        largest = self._largest.setdefault(shared, {})
        if self._is_any_number:
            _repeat(shared, counts, before)
            if self._is_covered(shared, counts):
                return
            where = _bits(counts)
            for node in list(largest.values()):
                if not node.where & ~where and _covers(counts, node.counts):
                    del largest[node.number]
        new = _Node(next(self._numbers), shared, counts, _bits(counts), before)
        largest[new.number] = new
        pending.append(new)
        for place, size in counts.items():
            self.most[place] = max(self.most.get(place, 0), size)


def beginnings(begin: Beginning) -> Iterator[dict[int, float]]:
    """Who is where at first, in every way that there is; a crowd of any size is everywhere."""
    for groups in product(*(_spread(crowd) for crowd in begin.crowds)):
        counts: dict[int, float] = {}
        for place, size in chain.from_iterable(groups):
            counts[place] = counts.get(place, 0) + size
        yield counts


def _spread(crowd: Crowd) -> Iterator[Group]:
    return exactly(crowd.places, crowd.size) if crowd.size is not None else iter([[(p, MANY) for p in crowd.places]])


def exactly(places: Sequence[int], count: int) -> Iterator[Group]:
    """So many threads, each at one of the places."""
    return ([(place, 1) for place in chosen] for chosen in combinations_with_replacement(places, count))


def steps(system: System, shared: int, counts: Counts) -> Iterator[tuple[Move, dict[int, float]]]:
    """Each step of each thread, and who is where after it."""
    for place in counts:
        for move in system.moves(shared, place):
            without = _without(counts, place)
            for after in _woken(system, move, without):
                after[move.place] = after.get(move.place, 0) + 1
                yield move, after


def _woken(system: System, move: Move, counts: dict[int, float]) -> Iterator[dict[int, float]]:
    """Who is where once the step has woken whom it wakes. Where somebody waits, one who finds nobody comes by less."""
    waiting = [] if move.wake is None else list(queued(system, counts, move.wake.object))
    if not waiting:
        yield dict(counts)
    elif move.wake is not None and move.wake.all:
        after = dict(counts)
        for place, freed in waiting:
            after[freed] = after.get(freed, 0) + after.pop(place)
        yield after
    else:
        for place, freed in waiting:
            after = _without(counts, place)
            after[freed] = after.get(freed, 0) + 1
            yield after


def _without(counts: Counts, place: int) -> dict[int, float]:
    """One thread less there (of as many as you like there are as many left)."""
    after = dict(counts)
    after[place] -= 1
    if not after[place]:
        del after[place]
    return after


def _repeat(shared: int, counts: dict[int, float], before: _Node | None) -> None:
    """Where there are more threads than on the way here, there may be as many as you like."""
    while before is not None:
        if before.shared == shared and _covers(counts, before.counts):
            for place, count in counts.items():
                if count > before.counts.get(place, 0):
                    counts[place] = MANY
        before = before.before


def _bits(counts: Counts) -> int:
    """Where there is somebody."""
    found = 0
    for place in counts:
        found |= 1 << place
    return found


def _covers(counts: Counts, less: Counts) -> bool:
    """Whether nowhere are there fewer."""
    return all(counts.get(place, 0) >= count for place, count in less.items())
