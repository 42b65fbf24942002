"""Walks from the first states to an end, by chance, and what `expect` says of each.

What is kept of a walk is how it ended, and its steps only if it shows a failure on the shortest way so far: a sample takes
no more memory for being large. Walk number n of a seed is the same whoever takes it and whatever was walked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from random import Random
from typing import TypeAlias

from scenario.chance import seeded
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.sample.chances import Chance, Counted, First, Priorities, Uniform
from scenario.engines.explore.sample.counting import interleavings
from scenario.engines.explore.search.search import Judge, Progress, ending
from scenario.engines.explore.step.layout import layout
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import Choice, State
from scenario.kinds import FailureKind
from scenario.program.program import Program
from scenario.record import mutable, record
from scenario.results.exploration import Row
from scenario.results.failures import Failure
from scenario.results.outcome import Judged
from scenario.results.sample import Way
from scenario.results.undecided import Undecided
from scenario.source import Span

LONGEST = 100_000
"""Steps of a walk, which may go round for ever."""

MANY = 200_000
"""Shared parts of states that are remembered; past it what was known of steps is forgotten."""

Key: TypeAlias = tuple[FailureKind, Span, str]
SELDOM = 64
"""Walks between two words on how far it is."""


@record
class Plan:
    """How walks are drawn. Of PCT: its depth, and among how many steps priorities change."""

    way: Way
    seed: int
    depth: int = 1
    length: int = 1


@record
class Walk:
    """The number of its first state, and its steps."""

    first: int
    choices: tuple[Choice, ...]


@record
class Shown:
    """A failure, and a walk that has it."""

    failure: Failure
    walk: Walk


@mutable
class Tally:
    """What is known of walks, in the order of their numbers.

    `cut`: those that are not known to their ends and have shown nothing, among them those that were `broken_off` by the
    time or by what is not followed. `weights`: of each that came to its end its surprise, and whether it was bad.
    """

    walks: int = 0
    bad: int = 0
    cut: int = 0
    broken_off: int = 0
    steps: int = 0
    longest: int = 0
    weights: list[tuple[float, bool]] = field(default_factory=list)
    rows: dict[str, tuple[Row, int]] = field(default_factory=dict)
    shown: dict[Key, Shown] = field(default_factory=dict)
    """For each failure the first of the shortest walks that showed it."""
    spent: Undecided | None = None
    interrupted: bool = False

    def add(self, walk: Walk, judged: Judged, surprise: float, *, is_cut: bool) -> None:
        self.walks += 1
        self.bad += judged.bad
        self.cut += is_cut and not judged.bad
        self._measure(len(walk.choices))
        for failure in judged.failures:
            self._show((failure.kind, failure.span, failure.thread or ""), Shown(failure, walk))
        if not is_cut:
            self.weights.append((surprise, judged.bad))
            row = Row(judged.values, judged.label, judged.because, judged.end, varies=judged.varies)
            self._count(repr((judged.values, sorted(judged.varies), judged.label, judged.end)), row, 1)

    def break_off(self, walk: Walk, judged: Judged, surprise: float) -> None:
        """A walk that is not known to its end."""
        self.add(walk, judged, surprise, is_cut=True)
        self.broken_off += not judged.bad

    def end(self, spent: Undecided | None = None, *, interrupted: bool = False) -> None:
        """No more walks are taken: for the budget, or for Ctrl-C."""
        self.spent, self.interrupted = spent, interrupted

    def also(self, other: Tally) -> None:
        """What is known of the walks after these."""
        self.walks, self.bad, self.cut = self.walks + other.walks, self.bad + other.bad, self.cut + other.cut
        self.broken_off += other.broken_off
        self.steps, self.longest = self.steps + other.steps, max(self.longest, other.longest)
        self.weights += other.weights
        for key, (row, count) in other.rows.items():
            self._count(key, row, count)
        for place, shown in other.shown.items():
            self._show(place, shown)
        self.spent, self.interrupted = self.spent or other.spent, self.interrupted or other.interrupted

    def _measure(self, steps: int) -> None:
        self.steps += steps
        self.longest = max(self.longest, steps)

    def _count(self, key: str, row: Row, count: int) -> None:
        first, before = self.rows.get(key, (row, 0))
        self.rows[key] = first, before + count

    def _show(self, key: Key, shown: Shown) -> None:
        known = self.shown.get(key)
        if known is None or len(shown.walk.choices) < len(known.walk.choices):
            self.shown[key] = shown


def walked(walker: Walker, numbers: Iterable[int], progress: Progress | None = None) -> Tally:
    """The walks of these numbers, as many as the budget allows; with Ctrl-C those that were taken."""
    tally, budget = Tally(), walker.budget
    try:
        with budget.searching(), PATIENCE.until(budget.deadline):
            for number in numbers:
                walker.take(number, tally)
                if progress is not None and tally.walks % SELDOM == 0:
                    pace = budget.pace(0, tally.steps, tally.longest)
                    progress(replace(pace, walks=tally.walks))
    except TimeIsUp as reason:
        tally.end(spent=reason.why)
    except KeyboardInterrupt:
        tally.end(interrupted=True)
    return tally


class Walker:
    """What is known of the program, from one walk to the next. `plan` may be changed between two of them."""

    def __init__(self, program: Program, budget: Budget, judge: Judge, plan: Plan) -> None:
        """Raises Unexplored."""
        self.budget = budget
        self._layout, self.judge, self._plan = layout(program), judge, plan
        self._counts: Mapping[State, int] | None = None
        self._begin()

    @property
    def threads(self) -> int:
        """How many there are."""
        return len(self._layout.threads)

    def _begin(self) -> None:
        self.stepper: Stepper = Memo(self._layout, self.budget)
        self.firsts: Sequence[First] = self.stepper.initial()

    def turn_to(self, plan: Plan) -> None:
        """From the next walk on they are drawn so. Raises Unexplored."""
        self._plan = plan
        self._counts = self._counts or self._counted() if plan.way == "interleavings" else None

    def interleavings(self) -> int | None:
        """How many there are; None where there are too many states, or executions that go round. Raises Unexplored."""
        self._counts = self._counted()
        return None if self._counts is None else sum(self._counts[state] for _, state in self.firsts)

    def _counted(self) -> Mapping[State, int] | None:
        return interleavings(self.stepper, [state for _, state in self.firsts])

    def take(self, number: int, tally: Tally) -> None:
        """The walk of that number. Raises TimeIsUp; then what it has shown by then counts."""
        if len(self.stepper.shared) > MANY and self._counts is None:
            self._begin()
        chance = self._chance(seeded(f"{self._plan.seed}/{number}"))
        first = chance.first(self.firsts)
        choices: list[Choice] = []
        state = self.firsts[first][1]
        try:
            is_cut = True
            while len(choices) < LONGEST:
                self.budget.look()
                step = chance.next(state, self.stepper.successors(state))
                if step is None:
                    is_cut = False
                    break
                choices.append((step.thread, step.alternative))
                state = step.state
            judged = self._judged(state, is_cut=is_cut)
        except Unexplored as reason:
            tally.break_off(Walk(first, tuple(choices)), self._shown(state), chance.surprise)
            if isinstance(reason, TimeIsUp):
                raise
            return
        tally.add(Walk(first, tuple(choices)), judged, chance.surprise, is_cut=is_cut)

    def _chance(self, random: Random) -> Chance:
        if self._counts is not None:
            return Counted(random, self._counts)
        if self._plan.way == "priorities":
            return Priorities(random, len(self._layout.threads), self._plan.depth, self._plan.length)
        return Uniform(random)

    def _judged(self, state: State, *, is_cut: bool) -> Judged:
        """Of an execution that goes on for too long only what it has shown on its way."""
        stepper = self.stepper
        if is_cut:
            return self._shown(state)
        end, stuck = ending(stepper, state)
        return self.judge(outcome(stepper, state, end=end, stuck=stuck))

    def _shown(self, state: State) -> Judged:
        """What an execution that is not over has shown on its way here."""
        errors: list[Failure] = []
        if self.stepper.shared[state[0]].errors:
            with suppress(Unexplored):  # the time is up
                judged = self.judge(outcome(self.stepper, state, end="interrupted"))
                errors += [failure for failure in judged.failures if failure.kind == "error"]
        return Judged(failures=(*self.stepper.shared[state[0]].failed, *errors))
