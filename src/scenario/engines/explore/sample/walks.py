"""Walks from the first states to an end, by chance, and what `expect` says of each.

What is kept of a walk is how it ended, and its steps only if it shows a failure on the shortest way so far: a sample takes
no more memory for being large. Walk number n of a seed is the same whoever takes it and whatever was walked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


@mutable
class Tally:
    """What is known of walks, in the order of their numbers. `weights`: each one's surprise, and whether it was bad."""

    walks: int = 0
    bad: int = 0
    cut: int = 0
    steps: int = 0
    longest: int = 0
    weights: list[tuple[float, bool]] = field(default_factory=list)
    rows: dict[str, tuple[Row, int]] = field(default_factory=dict)
    shown: dict[Key, Walk] = field(default_factory=dict)
    """For each failure the first of the shortest walks that showed it."""
    spent: Undecided | None = None
    interrupted: bool = False

    def add(self, walk: Walk, judged: Judged, surprise: float, *, is_cut: bool) -> None:
        self.walks += 1
        self.bad += judged.bad
        self.cut += is_cut and not judged.bad
        self._measure(len(walk.choices))
        self.weights.append((surprise, judged.bad))
        for failure in judged.failures:
            self._show((failure.kind, failure.span, failure.thread or ""), walk)
        if not is_cut:
            row = Row(judged.values, judged.label, judged.because, judged.end, varies=judged.varies)
            self._count(repr((judged.values, sorted(judged.varies), judged.label, judged.end)), row, 1)

    def break_off(self, steps: int) -> None:
        """A walk that is not known to its end."""
        self.walks += 1
        self.cut += 1
        self.weights.append((0.0, False))
        self._measure(steps)

    def end(self, spent: Undecided | None = None, *, interrupted: bool = False) -> None:
        """No more walks are taken: for the budget, or for Ctrl-C."""
        self.spent, self.interrupted = spent, interrupted

    def also(self, other: Tally) -> None:
        """What is known of the walks after these."""
        self.walks, self.bad, self.cut = self.walks + other.walks, self.bad + other.bad, self.cut + other.cut
        self.steps, self.longest = self.steps + other.steps, max(self.longest, other.longest)
        self.weights += other.weights
        for key, (row, count) in other.rows.items():
            self._count(key, row, count)
        for shown, walk in other.shown.items():
            self._show(shown, walk)
        self.spent, self.interrupted = self.spent or other.spent, self.interrupted or other.interrupted

    def _measure(self, steps: int) -> None:
        self.steps += steps
        self.longest = max(self.longest, steps)

    def _count(self, key: str, row: Row, count: int) -> None:
        first, before = self.rows.get(key, (row, 0))
        self.rows[key] = first, before + count

    def _show(self, key: Key, walk: Walk) -> None:
        known = self.shown.get(key)
        if known is None or len(walk.choices) < len(known.choices):
            self.shown[key] = walk


def walked(
    program: Program, budget: Budget, judge: Judge, plan: Plan, numbers: Iterable[int], progress: Progress | None = None
) -> Tally:
    """The walks of these numbers, as many as the budget allows; with Ctrl-C those that were taken."""
    tally = Tally()
    try:
        with budget.searching(), PATIENCE.until(budget.deadline):
            walker = Walker(program, budget, judge, plan)
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
    """What is known of the program, from one walk to the next."""

    def __init__(self, program: Program, budget: Budget, judge: Judge, plan: Plan) -> None:
        self._layout, self._budget, self._judge, self._plan = layout(program), budget, judge, plan
        self._begin()
        self._counts: Mapping[State, int] | None = (
            interleavings(self._stepper, [state for _, state in self._firsts]) if plan.way == "interleavings" else None
        )

    def _begin(self) -> None:
        self._stepper: Stepper = Memo(self._layout, self._budget)
        self._firsts: Sequence[First] = self._stepper.initial()

    def take(self, number: int, tally: Tally) -> None:
        """The walk of that number. Raises TimeIsUp; then it is counted as one that is not known to its end."""
        if len(self._stepper.shared) > MANY and self._counts is None:
            self._begin()
        chance = self._chance(seeded(f"{self._plan.seed}/{number}"))
        first = chance.first(self._firsts)
        choices: list[Choice] = []
        state = self._firsts[first][1]
        try:
            is_cut = True
            while len(choices) < LONGEST:
                self._budget.look()
                step = chance.next(state, self._stepper.successors(state))
                if step is None:
                    is_cut = False
                    break
                choices.append((step.thread, step.alternative))
                state = step.state
            judged = self._judged(state, is_cut=is_cut)
        except Unexplored as reason:
            tally.break_off(len(choices))
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
        """Of an execution that was broken off only what it has shown on its way."""
        stepper = self._stepper
        if is_cut:
            judged = self._judge(outcome(stepper, state, end="interrupted"))
            errors = [failure for failure in judged.failures if failure.kind == "error"]
            return Judged(failures=(*stepper.shared[state[0]].failed, *errors))
        end, stuck = ending(stepper, state)
        return self._judge(outcome(stepper, state, end=end, stuck=stuck))
