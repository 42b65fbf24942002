"""Going round: the fair cycle of a livelock, and once round the loops of those who go on beside a deadlock.

A reduced search renames threads with every step, so a cycle of its graph need not bring each thread back to where it
was, nor move one that can always move. So rounds are looked for on the states themselves, from a real one, and close on
the threads as they are named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from operator import and_, or_
from typing import TypeAlias

from scenario.engines.explore.search.reachability import Path, nearest
from scenario.engines.explore.search.search import Search
from scenario.engines.explore.step.transitions import State, Successor
from scenario.settings import Fairness

MOST = 50_000
"""Nodes that are looked at for the shortest round; past it, one thread after the other is brought to move."""

Node: TypeAlias = "tuple[State, int, int]"
"""A state and two sets of threads, as bits."""

Arrival: TypeAlias = "tuple[State, int]"
"""A state and the thread whose step led there, as a bit."""


class Rounds:
    """The part of the graph in which an execution may go on for ever: the numbers of its states are `inside`.

    A cycle owes a step to each thread that can move somewhere on it (strong fairness), or everywhere (weak).
    """

    def __init__(self, search: Search, inside: Collection[int], fairness: Fairness = "strong") -> None:
        self.search = search
        self.stepper = search.stepper
        self.inside = inside
        self._both: Callable[[int, int], int] = or_ if fairness == "strong" else and_

    def _moves(self, state: State, last: Successor | None) -> list[Successor]:
        """The steps that stay inside; who has moved last goes first, so that of equally long ways fewer switch."""
        self.search.hurry()
        numbers, canonical = self.search.graph.numbers, self.search.reduction.canonical
        found = [
            s
            for s in self.stepper.successors(state)
            if s.kind != "spurious" and numbers.get(canonical(s.state)) in self.inside
        ]
        return sorted(found, key=lambda s: last is None or s.thread != last.thread)

    # --- a fair cycle -------------------------------------------------------------------------------

    def fair_cycle(self, start: State) -> list[Successor]:
        """A shortest way back to `start` that owes nobody a step."""
        first = (start, 0, self._enabled(start))
        path = nearest(first, self._fairly, lambda node: node[0] == start and not node[2] & ~node[1], MOST)
        return [step for step, _ in path] if path is not None else self._one_by_one(start)

    def _fairly(self, node: Node, last: Successor | None) -> Iterator[tuple[Successor, Node]]:
        state, moved, enabled = node
        for s in self._moves(state, last):
            yield s, (s.state, moved | 1 << s.thread, self._both(enabled, self._enabled(s.state)))

    def _enabled(self, state: State) -> int:
        """Who can move, also where that leads out."""
        movers = {s.thread for s in self.stepper.successors(state) if s.kind != "spurious"}
        return sum(1 << thread for thread in movers)

    def _one_by_one(self, start: State) -> list[Successor]:
        """The same for a part that is too large to try all ways: whoever is nearest to what it is owed comes next."""
        steps: list[Successor] = []
        here, moved, enabled = start, 0, self._enabled(start)
        while (owed := enabled & ~moved) or here != start:
            for step, _ in self._nearest(here, self._owes_less(owed) if owed else _is_at(start)):
                moved, enabled = moved | 1 << step.thread, self._both(enabled, self._enabled(step.state))
                steps.append(step)
            here = steps[-1].state
        return steps

    def _owes_less(self, owed: int) -> Callable[[Arrival], bool]:
        """Whether one of these has moved there, or is no longer owed a step."""
        return lambda node: bool(owed & (node[1] | ~self._both(owed, self._enabled(node[0]))))

    def _nearest(self, here: State, is_goal: Callable[[Arrival], bool]) -> Path[Successor, Arrival]:
        """The way there: from everywhere inside one gets everywhere."""

        def steps(node: Arrival, last: Successor | None) -> Iterator[tuple[Successor, Arrival]]:
            return ((s, (s.state, 1 << s.thread)) for s in self._moves(node[0], last))

        path = nearest((here, 0), steps, is_goal)
        assert path is not None
        return path

    # --- once round ---------------------------------------------------------------------------------

    def once(self, start: State) -> list[Successor]:
        """The fewest steps after which each thread that goes on here for ever is back where it stood."""
        owed = self._movers(start)
        home = {n: self.stepper.location(start, n) for n in range(len(start) - 1)}

        def steps(node: Node, last: Successor | None) -> Iterator[tuple[Successor, Node]]:
            for s in self._moves(node[0], last):
                back = self.stepper.location(s.state, s.thread) == home[s.thread]
                yield s, (s.state, node[1] | (1 << s.thread if back else 0), 0)

        here: Node = (start, 0, 0)
        path = nearest(here, steps, _has_done(owed), MOST) or []
        while not path or path[-1][1][1] != owed:  # too large to try all ways: one more of them at a time
            further = nearest(here, steps, _has_done_more_than(here[1]))
            assert further is not None  # from everywhere inside one gets everywhere
            path += further
            here = path[-1][1]
        return [step for step, _ in path]

    def _movers(self, start: State) -> int:
        """Who moves in the states that can be reached from here inside."""
        seen, waiting, moved = {start}, [start], 0
        while waiting:
            for s in self._moves(waiting.pop(), None):
                moved |= 1 << s.thread
                if s.state not in seen:
                    seen.add(s.state)
                    waiting.append(s.state)
        return moved


def _is_at(start: State) -> Callable[[Arrival], bool]:
    return lambda node: node[0] == start


def _has_done(owed: int) -> Callable[[Node], bool]:
    return lambda node: node[1] == owed


def _has_done_more_than(done: int) -> Callable[[Node], bool]:
    return lambda node: node[1] != done
