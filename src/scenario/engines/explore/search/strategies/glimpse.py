"""A failure that a few executions by chance show: looked for once where a search takes long, and told if that comes to no end.

A claim that most executions break is deep down in a large graph, and a search of the nearest states first does not come there.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from scenario.engines.explore.model.budget import Budget
from scenario.results.exploration import Exploration, Finding

AFTER = 2.0
"""Seconds of a search."""

SHARE, SECONDS = 0.1, 0.5
"""Of what is left, for the executions; and at most so many."""

A_WHILE = 10.0
"""Seconds in which a shortest schedule is looked for then, at most."""


class Glimpse:
    """`sample`: what executions of so many seconds show. `found`: the failure, if there is one."""

    def __init__(self, budget: Budget, sample: Callable[[float], Exploration]) -> None:
        self._budget = budget
        self._sample = sample
        self._is_taken = False
        self.found: Finding | None = None

    def look(self) -> None:
        """To be called on the way, outside of a step. Raises KeyboardInterrupt."""
        now = time.monotonic()
        if self._is_taken or now - self._budget.began < AFTER:
            return
        self._is_taken = True
        shown = self._sample(min((self._budget.deadline - now) * SHARE, SECONDS))
        if shown.findings:
            self.found = shown.findings[0]
            self._budget.spare(A_WHILE)
        if shown.interrupted:
            raise KeyboardInterrupt
