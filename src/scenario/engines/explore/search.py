"""Breadth-first search of all states: the shortest way to each failure, the outcome table, the graph."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from scenario.engines.explore.graphs import Edge
from scenario.engines.explore.outcomes import failed, outcome
from scenario.engines.explore.reduce import Reduction
from scenario.engines.explore.stepper import State, Stepper, Successor
from scenario.kinds import FailureKind
from scenario.program.exceptions import catches
from scenario.run.outcome import Failure, Judged, Outcome
from scenario.source import Span

Judge: TypeAlias = Callable[[Outcome], Judged]
Progress: TypeAlias = Callable[[int, int, int], None]
"""Called now and then with states, steps and depth."""


@dataclass(slots=True)
class Found:
    """A failure and where: at a state (`state`), or over a cycle from there."""

    failure: Failure
    state: int
    judged: Judged | None = None
    stuck: tuple[int, ...] = ()
    cycle: tuple[int, ...] = ()


@dataclass(slots=True)
class Graph:
    """All states that were seen: by number, with how each was reached first and its outgoing steps."""

    states: list[State] = field(default_factory=list)
    numbers: dict[State, int] = field(default_factory=dict)
    parents: list[tuple[int, int, int]] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    edges: list[tuple[Edge, ...] | None] = field(default_factory=list)
    ends: dict[int, Judged] = field(default_factory=dict)
    stuck: dict[int, tuple[int, ...]] = field(default_factory=dict)
    steps: int = 0

    def add(self, state: State, parent: tuple[int, int, int], depth: int) -> tuple[int, bool]:
        """The state's number, and whether it is new."""
        known = self.numbers.get(state)
        if known is not None:
            return known, False
        number = self.numbers[state] = len(self.states)
        self.states.append(state)
        self.parents.append(parent)
        self.depths.append(depth)
        self.edges.append(None)
        return number, True

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
        self, stepper: Stepper, judge: Judge, *, reduction: Reduction, max_states: int, max_seconds: float,
        stop_at_first: bool, progress: Progress | None,
    ) -> None:  # fmt: skip
        self.stepper = stepper
        self.judge = judge
        self.reduction = reduction
        self.max_states = max_states
        self.deadline = time.monotonic() + max_seconds
        self.stop_at_first = stop_at_first
        self.progress = progress
        self.graph = Graph()
        self.found: list[Found] = []
        self.permitted: list[Found] = []
        self.seen: set[tuple[FailureKind, Span, str | None]] = set()
        self.exhausted = False
        self._reverse: dict[int, list[int]] | None = None
        self._reversed_at = -1
        self.reason: str | None = None
        self.interrupted = False
        self._expanded = 0

    def run(self) -> None:
        """Fills graph and found; `exhausted` says whether all was covered."""
        queue: deque[int] = deque()
        for _, state in self.stepper.initial():
            number, new = self.graph.add(self.reduction.canonical(state), (-1, 0, 0), 0)
            if new:
                self._new(number, None)
                queue.append(number)
        while queue:
            if self.stop_at_first and self.found:
                return
            if self._is_spent():
                return
            number = queue.popleft()
            self._expand(number, queue)
        self.exhausted = True

    def _is_spent(self) -> bool:
        """Whether a budget is used up; the clock is looked at now and then."""
        self._expanded += 1
        graph = self.graph
        if len(graph.states) > self.max_states:
            self.reason = f"more than {self.max_states:,} states"
        elif self._expanded % 64 == 0:
            if time.monotonic() > self.deadline:
                self.reason = "the time was up"
            if self.progress is not None:
                self.progress(len(graph.states), graph.steps, graph.depths[-1])
        return self.reason is not None

    def _expand(self, number: int, queue: deque[int]) -> None:
        graph, state = self.graph, self.graph.states[number]
        successors = self.reduction.chosen(state, self.stepper.successors(state), graph.numbers)
        edges = []
        depth = graph.depths[number] + 1
        for successor in successors:
            graph.steps += 1
            target, new = graph.add(
                self.reduction.canonical(successor.state), (number, successor.thread, successor.alternative), depth
            )
            edges.append((successor.thread, target, successor.weight, successor.kind != "ok"))
            if new:
                self._new(target, state)
                queue.append(target)
        graph.edges[number] = tuple(edges)
        if not self._moves(successors):
            self._end(number, state)

    def _moves(self, successors: list[Successor]) -> bool:
        return any(s.kind != "spurious" for s in successors)

    # --- what is checked ----------------------------------------------------------------------------

    def _new(self, number: int, before: State | None) -> None:
        """Failures that the step to a new state has shown."""
        stepper = self.stepper
        shared = stepper.shared[self.graph.states[number][0]]
        old = stepper.shared[before[0]] if before is not None else None
        if shared.failed and (old is None or shared.failed != old.failed):
            for entry in shared.failed:
                if old is None or entry not in old.failed:
                    self.add(Found(failed(entry, stepper), number))
        if shared.errors and (old is None or shared.errors != old.errors):
            for n, name, message, span in shared.errors:
                thread = stepper.layout.threads[n]
                if thread.pool is None and not self._is_expected(thread.group, thread.index, name):
                    text = f"{name}: {message}" if message else name
                    self.add(Found(Failure("error", f"uncaught {text}", span, thread.ref), number))

    def _is_expected(self, group: str, index: int, name: str) -> bool:
        for claim in self.stepper.layout.program.claims.errors:
            if claim.thread.name != group:
                continue
            at = claim.thread.index
            if at is not None and getattr(at, "value", None) != index:
                continue
            if any(catches(handler, name) for handler in claim.exceptions):
                return True
        return False

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
        for failure in judged.failures:
            self.add(Found(failure, number, judged, stuck))
        for failure in judged.permitted:
            self.permit(Found(failure, number, judged, stuck))

    def predecessors(self, number: int) -> list[int]:
        """The states that have a step to this one, among those that were expanded."""
        if self._reverse is None or self._reversed_at != self.graph.steps:
            self._reversed_at = self.graph.steps
            self._reverse = {}
            for source, steps in enumerate(self.graph.edges):
                for _, target, _, _ in steps or ():
                    self._reverse.setdefault(target, []).append(source)
        return self._reverse.get(number, [])

    def add(self, found: Found) -> None:
        """Keeps the first, that is the shortest, of each kind and place."""
        failure = found.failure
        key = (failure.kind, failure.span, failure.thread)
        if key not in self.seen:
            self.seen.add(key)
            self.found.append(found)

    def permit(self, found: Found) -> None:
        """Keeps the shortest deadlock and the shortest livelock that are allowed: evidence, no failure."""
        if all(kept.failure.kind != found.failure.kind for kept in self.permitted):
            self.permitted.append(found)
