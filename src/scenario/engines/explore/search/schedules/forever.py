"""Executions that never end: threads that are stuck while others go on, livelocks, and threads that starve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scenario.engines.explore.evidence.fates import overtaken
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.waits import blocked
from scenario.engines.explore.search.failures import Place
from scenario.engines.explore.search.reachability import backwards, components, is_cyclic
from scenario.engines.explore.search.schedules.renamings import Renamings
from scenario.engines.explore.search.schedules.rounds import Rounds
from scenario.engines.explore.search.search import Judge, Search
from scenario.record import record
from scenario.results.outcome import Judged
from scenario.settings import Fairness


def find_endless(search: Search, judge: Judge) -> tuple[bool, bool]:
    """Adds what only the whole graph shows to the search's findings; whether a deadlock and a livelock were seen in it.

    To be called on an exhausted search of a graph that goes round.
    """
    endless = _Endless(search, judge)
    stuck, fair = endless.stuck, endless.fair
    for part in fair:
        if part.states[0] in stuck:  # all of them: where threads go on, the first may not be the shortest
            endless.add_deadlocks(part)
        elif not (search.stop_at_first and search.failures.found):
            endless.add_livelock(part)
    return bool(stuck), any(part.states[0] not in stuck for part in fair)


@record
class _Part:
    """States among which an execution may go on for ever, and what it is fair by."""

    states: Sequence[int]
    fairness: Fairness


class _Endless:
    """The parts of the graph in which a fair execution may stay for ever, shortest way there first.

    In each of them the same threads are stuck everywhere: who is stuck stays stuck.
    """

    def __init__(self, search: Search, judge: Judge) -> None:
        self.search = search
        self.judge = judge
        self.graph = search.graph
        self.stepper = search.stepper
        self.renamings = Renamings(search)
        self.edges = self.renamings.edges
        self.stuck = self._stuck_states()
        self.fair = sorted(self._fair_parts(), key=lambda part: min(self.graph.depths[n] for n in part.states))

    def _stuck_states(self) -> dict[int, tuple[int, ...]]:
        """For each state the non-daemon threads that are unfinished there and can never move again.

        A thread that can move in some state which can still be reached is not stuck; a spurious wake-up is no move.
        """
        stepper, states = self.stepper, self.graph.states
        alive = self.renamings.backwards(
            (n, thread) for n, out in enumerate(self.search.hurried(self.edges)) for thread, _, _, _ in out
        )
        result: dict[int, tuple[int, ...]] = {}
        for number, state in enumerate(self.search.hurried(states)):
            if stepper.is_over(state):
                continue
            if stuck := tuple(t.number for t in stepper.waiting(state) if (number, t.number) not in alive):
                result[number] = stuck
        return result

    # --- fairness -----------------------------------------------------------------------------------

    def _fair_parts(self) -> Iterator[_Part]:
        weak = self.stepper.layout.program.settings.fairness == "weak"
        for component in components(self.edges, range(len(self.edges)), self.search.hurried):
            if (part := self._fair(component)) is not None:
                yield _Part(part, "strong")
            elif weak and self._is_weakly_fair(component):
                yield _Part(component, "weak")

    def _is_weakly_fair(self, component: Sequence[int]) -> bool:
        """Whether every thread moves somewhere in the component, or can not somewhere; a smaller part is never fairer."""
        self.search.hurry()
        if not is_cyclic(self.edges, component) or not self._is_unfinished(component):
            return False
        inside = set(component)
        same = self.renamings.identities(component, inside)
        places = [(n, thread) for n in component for thread in range(self.renamings.threads)]
        able = {(n, thread) for n in component for thread, _, _, _ in self.edges[n]}
        fine = {same(n, thread) for n, thread, _ in self._steps(inside)}
        fine |= {same(*place) for place in places if place not in able}
        return all(same(*place) in fine for place in able)

    def _is_unfinished(self, component: Sequence[int]) -> bool:
        return any(True for n in self.search.hurried(component) if self.stepper.unfinished(self.graph.states[n]))

    def _fair(self, states: Sequence[int]) -> list[int] | None:
        """A part of these states in which an execution may stay for ever although it is strongly fair.

        The check of Streett automata (Emerson and Lei): a component is fair if every thread that can move
        somewhere in it moves in it; else the states where such a thread can move are dropped, and what is
        left is looked at again.
        """
        pending = [list(states)]
        while pending:
            self.search.hurry()
            component = pending.pop()
            if not is_cyclic(self.edges, component):
                continue
            inside = set(component)
            starved = self._starved(component, inside)
            if starved:
                pending.extend(components(self.edges, inside - set(starved), self.search.hurried))
            elif self._is_unfinished(component):
                return component
        return None

    def _starved(self, component: Sequence[int], inside: set[int]) -> list[int]:
        """The states of the component in which a thread can move that never moves in it."""
        same = self.renamings.identities(component, inside)
        moves = {same(n, thread) for n, thread, _ in self._steps(inside)}
        return [n for n in component if any(same(n, thread) not in moves for thread, _, _, _ in self.edges[n])]

    def _steps(self, inside: set[int]) -> Iterator[tuple[int, int, int]]:
        for n in inside:
            for thread, target, _, _ in self.edges[n] or ():
                if target in inside:
                    yield n, thread, target

    # --- what is found ----------------------------------------------------------------------------------

    def add_deadlocks(self, part: _Part) -> None:
        """Those beside threads that go on for ever: rows as judged where the last thread got stuck."""
        graph, stuck, component = self.graph, self.stuck, part.states
        count = len(stuck[component[0]])
        region = [out if len(stuck.get(n, ())) == count else None for n, out in enumerate(self.edges)]
        for number in sorted(backwards(region, component, self.search.hurried), key=lambda n: graph.depths[n]):
            if number not in graph.ends and self._got_stuck_here(number, count):
                graph.ends[number] = self._deadlocked(number)
        first = min(component, key=lambda n: graph.depths[n])
        place = Place(first, stuck[first], frozenset(component), part.fairness)
        self.search.failures.add_end(self._deadlocked(first), place)

    def _deadlocked(self, number: int) -> Judged:
        end = outcome(self.stepper, self.graph.states[number], end="deadlock", stuck=self.stuck[number])
        return self.judge(end)

    def _got_stuck_here(self, number: int, count: int) -> bool:
        if len(self.stuck.get(number, ())) != count:
            return False
        before = self.search.predecessors(number)
        return self.graph.parents[number][0] < 0 or any(len(self.stuck.get(n, ())) != count for n in before)

    def add_livelock(self, part: _Part) -> None:
        first = min(part.states, key=lambda n: self.graph.depths[n])
        place = Place(first, (), frozenset(part.states), part.fairness)
        judged = self._unchanged(place)
        self.graph.ends.setdefault(first, judged)
        self.search.failures.add_end(judged, place)

    def _unchanged(self, place: Place) -> Judged:
        """The livelock as judged where it begins, with the values that stay the same throughout its cycle."""
        start = self.graph.states[place.number]
        steps = Rounds(self.search, place.inside, place.fairness).fair_cycle(start)
        cycle = [start, *(step.state for step in steps)]
        late = overtaken(self.stepper, cycle, {step.thread for step in steps}) or ()
        starving = tuple(blocked(self.stepper, cycle[number], thread) for thread, number in late)
        all_judged = [
            self.judge(outcome(self.stepper, state, end="livelock", starving=starving))
            for state in dict.fromkeys(cycle)
        ]
        shown = [{name: repr(value) for name, value in judged.values} for judged in all_judged]
        varies = frozenset(name for name in shown[0] if len({values[name] for values in shown}) > 1)
        values = tuple((name, None if name in varies else value) for name, value in all_judged[0].values)
        return replace(all_judged[0], values=values, varies=varies)
