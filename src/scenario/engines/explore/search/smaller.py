"""What is tried when the plain search has grown: a proof by few states, then the same search over steps that are taken at once.

What holds is decided by them. What fails has its shortest schedule from the plain search, which then goes on for a while; where
that is not enough, the schedule that was found here stands.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.search.failures import Found
from scenario.engines.explore.search.search import Ended, Exhausted, Judge, Progress, Search
from scenario.engines.explore.search.strategies.glimpse import Glimpse
from scenario.engines.explore.search.summary import at_least, summed, with_endless
from scenario.engines.explore.step.layout import Layout
from scenario.results.exploration import Exploration, Finding, Pace
from scenario.results.schedule import Move, Schedule
from scenario.results.undecided import OutOfTime
from scenario.results.ways import PartialOrder

A_WHILE = 2.0
"""Seconds in which the shortest schedule is looked for, at least."""

FOR_A_PROOF = 4.0
"""Seconds, at most, and a quarter of what is left: where it succeeds it mostly takes a tenth of one."""


class Smaller:
    """`decided`: what it says of all executions, where it has come to its end without a failure."""

    def __init__(
        self, layout: Layout, budget: Budget, judge: Judge, *, stop_at_first: bool, progress: Progress | None,
        glimpse: Glimpse | None, proved: Callable[[Budget], Exploration | None],
    ) -> None:  # fmt: skip
        self._layout = layout
        self._budget = budget
        self._judge = judge
        self._stop_at_first = stop_at_first
        self._progress = progress
        self._glimpse = glimpse
        self._proved = proved
        self.decided: Exploration | None = None
        self._found: Finding | None = None

    def overtakes(self) -> bool:
        """Whether all is decided by them. Where their share of the time is up before, the plain search goes on."""
        with self._budget.aside():
            with suppress(Unexplored):
                self.decided = self._proved(self._share(4, FOR_A_PROOF))
            if self.decided is None:
                with suppress(Unexplored):
                    self._searched()
        if self.decided is None:
            return False
        self.decided = replace(self.decided, seconds=time.monotonic() - self._budget.began)
        return True

    def _share(self, of: int, seconds: float = math.inf) -> Budget:
        """One part in so many of what is left, of memory too: Python keeps from the system what it has freed."""
        left = self._budget.deadline - time.monotonic()
        return Budget(self._budget.max_states, min(left / of, seconds), self._budget.room() // of >> 20)

    def _searched(self) -> None:
        """Raises Unexplored, also while a schedule is made of what was found."""
        from scenario.engines.explore.search.strategies.taken_at_once import is_possible, search_alone

        if not is_possible(self._layout):
            return
        search, ended = search_alone(
            self._layout, self._share(2), self._judge, stop_at_first=self._stop_at_first,
            progress=self._progress and self._tell, meanwhile=self._look,
        )  # fmt: skip
        if search.failures.found:
            self._found = self._finding(search, search.failures.found[0]) if self._stop_at_first else None
            if self._found is not None:
                self._budget.spare(max(A_WHILE, time.monotonic() - self._budget.began))
        elif isinstance(ended, Exhausted) and not search.failures.permitted and search.is_acyclic:
            self.decided = self._summed(search, ended)

    def _tell(self, pace: Pace) -> None:
        """What is left is left of the whole: a share that is used up ends nothing."""
        assert self._progress is not None
        whole = self._budget.pace(pace.states, pace.steps, pace.depth)
        self._progress(replace(whole, seconds=pace.seconds))

    def _look(self) -> None:
        """What is known to fail need not be decided. Raises TimeIsUp."""
        if self._glimpse is not None:
            self._glimpse.look()
            if self._glimpse.found is not None:
                raise TimeIsUp(OutOfTime())

    def _summed(self, search: Search, ended: Ended) -> Exploration:
        found = summed(search, *with_endless(search, ended), odds=False)
        return replace(found, reductions=(*found.reductions, PartialOrder()))

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
