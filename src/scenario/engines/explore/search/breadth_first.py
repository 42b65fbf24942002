"""Breadth-first search of all states: the shortest way to each failure, the outcome table, the graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from functools import cached_property
from typing import TypeAlias, TypeVar

from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.model.budget import TimeIsUp
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.model.values import TooLarge, Unexplored
from scenario.engines.explore.search.graphs import Edge, topological
from scenario.engines.explore.search.reduce import Reduction, interchangeable
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.kinds import FailureKind
from scenario.record import mutable, record
from scenario.results.failures import Failure
from scenario.results.outcome import Judged, Outcome
from scenario.source import Span

T = TypeVar("T")

OFTEN = 4096
"""Items of little work between two looks at the clock."""

Judge: TypeAlias = Callable[[Outcome], Judged]
Progress: TypeAlias = Callable[[int, int, int], None]
"""Called now and then with states, steps and depth."""


@record
class Place:
    """A state's number and the threads that are stuck there; `inside`: the states among which others go on for ever."""

    number: int
    stuck: tuple[int, ...] = ()
    inside: frozenset[int] = frozenset()


@mutable
class Found:
    """A failure and where it shows: `places` are all states of the least depth, of a deadlock all where it ends.

    `ends`: only an execution that is over shows it.
    """

    failure: Failure
    places: list[Place]
    ends: bool = False

    @property
    def is_deadlock(self) -> bool:
        """Whether threads are stuck (a deadlock that was expected and never came is none)."""
        return self.failure.kind == "deadlock" and bool(self.places[0].stuck)


@mutable
class Graph:
    """All states that were seen: by number, with how each was reached first and its outgoing steps."""

    states: list[State] = field(default_factory=list)
    numbers: dict[State, int] = field(default_factory=dict)
    parents: list[tuple[int, int, int]] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    edges: list[tuple[Edge, ...] | None] = field(default_factory=list)
    ends: dict[int, Judged] = field(default_factory=dict)
    stuck: dict[int, tuple[int, ...]] = field(default_factory=dict)
    at_rest: set[int] = field(default_factory=set)
    """Ends that a spurious wake-up would leave all the same."""
    steps: int = 0

    def add(self, state: State, parent: tuple[int, int, int], depth: int) -> int:
        """The number of a state that is new."""
        number = self.numbers[state] = len(self.states)
        self.states.append(state)
        self.parents.append(parent)
        self.depths.append(depth)
        self.edges.append(None)
        return number

    def path(self, number: int) -> list[tuple[int, int, int]]:
        """The way from a first state: (state before, thread, alternative) a step."""
        steps = []
        while self.parents[number][0] >= 0:
            steps.append(self.parents[number])
            number = self.parents[number][0]
        return steps[::-1]

    def first(self, number: int) -> int:
        """The first state that the number's way begins in."""
        while self.parents[number][0] >= 0:
            number = self.parents[number][0]
        return number


class Search:
    """One breadth-first search; `run` goes on until all is seen, a budget is spent or a failure ends it."""

    def __init__(
        self, stepper: Stepper, judge: Judge, *, reduction: Reduction, max_states: float, stop_at_first: bool,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.stepper = stepper
        self.judge = judge
        self.reduction = reduction
        self.budget = stepper.budget
        self.max_states = max_states
        self.stop_at_first = stop_at_first
        self.progress = progress
        self.graph = Graph()
        self.found: list[Found] = []
        self.permitted: list[Found] = []
        self._known: dict[tuple[FailureKind, Span, str], Found] = {}
        self._alike = {name for name, _ in interchangeable(stepper.layout)}
        self._last: int | None = None
        self.exhausted = False
        self._reverse: dict[int, list[int]] | None = None
        self._reversed_at = -1
        self.reason: str | None = None
        self.is_too_large = True
        self.interrupted = False
        self._expanded = 0
        self._next = 0

    def wider(self, max_states: int) -> Search:
        """The same search up to another number of states, whatever it finds."""
        return Search(
            self.stepper, self.judge, reduction=self.reduction, max_states=max_states, stop_at_first=False,
            progress=None,
        )  # fmt: skip

    def run(self) -> None:
        """Fills graph and found; `exhausted` says whether all was covered, else `reason` why not."""
        try:
            with self.budget.searching(), PATIENCE.until(self.budget.deadline):
                self._run()
        except Unexplored as reason:
            self.broken_off(reason)

    def broken_off(self, reason: Unexplored) -> None:
        """It can not go on: there is too much of it, or what the file does can not be followed."""
        self.reason, self.exhausted = str(reason), False
        self.is_too_large = isinstance(reason, TooLarge)

    def _run(self) -> None:
        queue: deque[int] = deque()
        for _, state in self.budget.each(self.stepper.initial()):
            canonical = self.reduction.canonical(state)
            if canonical not in self.graph.numbers:
                number = self.graph.add(canonical, (-1, 0, 0), 0)
                self._new(number, None)
                queue.append(number)
        while queue:
            number = queue.popleft()
            self._next = number
            if self._is_enough(number) or self._is_spent():
                return
            self._expand(number, queue)
        self.exhausted = True

    def covered(self) -> int:
        """All schedules of up to so many steps have been looked at, with how they end."""
        depths = self.graph.depths
        return max(depths[self._next] - 1, 0) if depths and not self.exhausted else max(depths, default=0)

    def _is_enough(self, number: int) -> bool:
        """Whether the first failure has been found in all states of its depth: one of them takes fewest preemptions."""
        if not self.stop_at_first or not self.found:
            return False
        depths = self.graph.depths
        if self._last is None:  # states are looked at in the order of their numbers
            self._last = depths[number - 1] if number else -1
        return depths[number] > self._last

    def _is_spent(self) -> bool:
        """Whether a budget is used up; the clock is looked at now and then."""
        self._expanded += 1
        graph = self.graph
        if len(graph.states) > self.max_states:
            self.reason = f"more than {self.max_states:,} states"
        elif self._expanded % 64 == 0:
            self.reason = self.budget.spent()
            if self.progress is not None:
                self.progress(len(graph.states), graph.steps, graph.depths[-1])
        return self.reason is not None

    def _expand(self, number: int, queue: deque[int]) -> None:
        graph, numbers, canonical = self.graph, self.graph.numbers, self.reduction.canonical
        state, depth = graph.states[number], graph.depths[number] + 1
        edges, moves = [], False
        successors = self.stepper.successors(state)
        for thread, alternative, kind, weight, after in successors:
            after = canonical(after)  # noqa: PLW2901 (the state that stands for it)
            target = numbers.get(after)
            if target is None:
                target = graph.add(after, (number, thread, alternative), depth)
                self._new(target, state)
                queue.append(target)
            edges.append((thread, target, weight, kind != "ok"))
            moves = moves or kind != "spurious"
        graph.steps += len(edges)
        graph.edges[number] = tuple(edges)
        if not moves:
            self._end(number, state)
            if edges:
                graph.at_rest.add(number)

    def is_late(self) -> bool:
        """Whether the time is up."""
        return self.budget.is_late()

    def hurry(self) -> None:
        """To be called on the way by what must see the whole graph. Raises Unexplored when the time is up."""
        if (spent := self.budget.spent()) is not None:
            raise TimeIsUp(spent)

    def hurried(self, items: Iterable[T]) -> Iterator[T]:
        """The items, little work each."""
        for number, item in enumerate(items, 1):
            if number % OFTEN == 0:
                self.hurry()
            yield item

    # --- what is checked ----------------------------------------------------------------------------

    def _new(self, number: int, before: State | None) -> None:
        """Failures that the step to a new state has shown."""
        stepper = self.stepper
        shared = stepper.shared[self.graph.states[number][0]]
        old = stepper.shared[before[0]] if before is not None else None
        if shared.failed and (old is None or shared.failed != old.failed):
            for failure in shared.failed:
                if old is None or failure not in old.failed:
                    self.add(failure, Place(number))
        if shared.errors and (old is None or shared.errors != old.errors):
            judged = self.judge(outcome(stepper, self.graph.states[number], end="interrupted"))
            for failure in judged.failures:
                if failure.kind == "error":
                    self.add(failure, Place(number))

    def _end(self, number: int, state: State) -> None:
        """A state that nothing leaves: finished, or stuck."""
        stepper = self.stepper
        over = stepper.is_over(state)
        left = () if over else tuple(t.number for t in stepper.unfinished(state))
        stuck = tuple(n for n in left if not stepper.is_spinning(state, n))
        end = "finished" if over else "deadlock" if stuck else "livelock"
        stuck = stuck or left
        judged = self.judge(outcome(stepper, state, end=end, stuck=stuck))
        self.graph.ends[number] = judged
        if end == "deadlock":
            self.graph.stuck[number] = stuck
        self.add_end(judged, Place(number, stuck))

    def add_end(self, judged: Judged, place: Place) -> None:
        """What an execution that is over shows."""
        for failure in judged.failures:
            self.add(failure, place, ends=True)
        for failure in judged.permitted:
            self.permit(failure, place)

    @cached_property
    def order(self) -> list[int] | None:
        """The states of the finished search in an order in which every step goes forward; None if there is a cycle."""
        return topological(self.graph.edges, self.hurried)

    def predecessors(self, number: int) -> list[int]:
        """The states that have a step to this one, among those that were expanded. Raises TimeIsUp."""
        if self._reverse is None or self._reversed_at != self.graph.steps:
            reverse: dict[int, list[int]] = {}
            for source, steps in enumerate(self.hurried(self.graph.edges)):
                for _, target, _, _ in steps or ():
                    reverse.setdefault(target, []).append(source)
            self._reverse, self._reversed_at = reverse, self.graph.steps
        return self._reverse.get(number, [])

    def add(self, failure: Failure, place: Place, *, ends: bool = False) -> None:
        """Keeps the first, that is the shortest, of each kind and place; threads that nothing tells apart are one."""
        thread = failure.thread or ""
        group = thread.partition("[")[0]
        key = (failure.kind, failure.span, group if group in self._alike else thread)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Found(failure, [place], ends)
            self.found.append(known)
        else:
            self._also(known, place)

    def permit(self, failure: Failure, place: Place) -> None:
        """Keeps the shortest deadlock and the shortest livelock that are allowed: evidence, no failure."""
        known = next((found for found in self.permitted if found.failure.kind == failure.kind), None)
        if known is None:
            self.permitted.append(Found(failure, [place], ends=True))
        else:
            self._also(known, place)

    def _also(self, found: Found, place: Place) -> None:
        """Another state that shows it. Deadlocked threads may be stuck long before the end, so all ends count."""
        depths = self.graph.depths
        same_depth = depths[place.number] == depths[found.places[0].number]
        if found.is_deadlock or (same_depth and not place.inside):
            found.places.append(place)
