"""The same search over steps that are taken at once, made when the plain one has grown: it decides, or finds that it fails.

What holds is decided by it. What fails has its shortest schedule from the plain search, which then goes on for a while; where
that is not enough, the schedule that was found here stands.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.search.failures import Found
from scenario.engines.explore.search.search import Ended, Exhausted, Judge, Progress, Search
from scenario.engines.explore.search.strategies.glimpse import Glimpse
from scenario.engines.explore.search.summary import at_least, summed, with_endless
from scenario.engines.explore.step.layout import Layout
from scenario.results.exploration import Exploration, Finding
from scenario.results.schedule import Move, Schedule
from scenario.results.undecided import OutOfTime
from scenario.results.ways import PartialOrder

A_WHILE = 2.0
"""Seconds in which the shortest schedule is looked for, at least."""


class Smaller:
    """`decided`: what it says of all executions, where it has come to its end without a failure."""

    def __init__(
        self, layout: Layout, budget: Budget, judge: Judge, *, stop_at_first: bool, progress: Progress | None,
        glimpse: Glimpse | None,
    ) -> None:  # fmt: skip
        self._layout = layout
        self._budget = budget
        self._judge = judge
        self._stop_at_first = stop_at_first
        self._progress = progress
        self._glimpse = glimpse
        self.decided: Exploration | None = None
        self._found: Finding | None = None

    def overtakes(self) -> bool:
        """Whether all is decided by it. Where its share of the time is up before, the plain search goes on."""
        with suppress(Unexplored):
            self._searched()
        return self.decided is not None

    def _searched(self) -> None:
        """Raises Unexplored, also while a schedule is made of what was found."""
        from scenario.engines.explore.search.strategies.taken_at_once import is_possible, search_alone

        if not is_possible(self._layout):
            return
        began = time.monotonic()
        half = (
            (self._budget.deadline - began) / 2,
            self._budget.room() >> 21,
        )  # Python keeps from the system what it has freed
        budget = Budget(self._budget.max_states, *half)
        search, ended = search_alone(
            self._layout, budget, self._judge, stop_at_first=self._stop_at_first, progress=self._progress,
            meanwhile=self._look,
        )  # fmt: skip
        if search.failures.found:
            self._found = self._finding(search, search.failures.found[0]) if self._stop_at_first else None
            if self._found is not None:
                self._budget.spare(max(A_WHILE, time.monotonic() - self._budget.began))
        elif isinstance(ended, Exhausted) and not search.failures.permitted and search.is_acyclic:
            self.decided = self._summed(search, ended)

    def _look(self) -> None:
        """What is known to fail need not be decided. Raises TimeIsUp."""
        if self._glimpse is not None:
            self._glimpse.look()
            if self._glimpse.found is not None:
                raise TimeIsUp(OutOfTime())

    def _summed(self, search: Search, ended: Ended) -> Exploration:
        found = summed(search, *with_endless(search, ended), odds=False)
        seconds = time.monotonic() - self._budget.began
        return replace(found, seconds=seconds, reductions=(*found.reductions, PartialOrder()))

    def _finding(self, search: Search, found: Found) -> Finding | None:
        """What it has found, by steps of the file."""
        from scenario.engines.explore.search.schedules.recheck import recheck
        from scenario.engines.explore.search.strategies.taken_at_once import unfolded

        program = self._layout.program
        first, choices = unfolded(search, found)
        threads = self._layout.threads
        moves = tuple(Move(threads[thread].ref, alternative) for thread, alternative in choices)
        schedule = Schedule(program.digest, moves, start=first)
        return recheck(program, schedule, found.failure.kind, judge=lambda _, outcome: self._judge(outcome))

    def completed(self, found: Exploration) -> Exploration:
        """The plain search's, with what was found meanwhile where it has not come to it."""
        glimpsed = None if self._glimpse is None else self._glimpse.found
        return at_least(found, self._found or glimpsed)
