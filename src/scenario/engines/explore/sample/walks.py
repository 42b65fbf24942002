"""Walks from the first states to an end, by chance, and what `expect` says of each.

What is kept of a walk is how it ended, and its steps only if it shows a failure on the shortest way so far: a sample takes
no more memory for being large. Walk number n of a seed is the same whoever takes it and whatever was walked before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from random import Random

from scenario.chance import seeded
from scenario.engines.explore.evidence.fates import ending
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.sample.chances import Chance, Counted, First, Priorities, Uniform
from scenario.engines.explore.sample.counting import interleavings
from scenario.engines.explore.sample.tally import Plan, Tally, Walk
from scenario.engines.explore.search.search import Judge, Progress
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.numbering import layout
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import Choice, State
from scenario.program.program import Program
from scenario.results.failures import Failure
from scenario.results.outcome import Judged

LONGEST = 100_000
"""Steps of a walk, which may go round for ever."""

MANY = 200_000
"""Shared parts of states that are remembered; past it what was known of steps is forgotten."""

SELDOM = 64
"""Walks between two words on how far it is."""


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
        self._layout, self.judge, self._plan = layout(program, budget.look), judge, plan
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
