"""Where executions stop and when a search ends, whatever the strategy is."""

from __future__ import annotations

from time import monotonic

LONGEST, LONGEST_FOLLOWED = 5_000, 50_000
"""Steps of one execution; of one that stops everywhere."""


class Budget:
    """When to stop: a point of `monotonic`, executions (None: any number), or once somebody says so."""

    def __init__(self, until: float, executions: int | None = None) -> None:
        self.until, self.executions = until, executions
        self.is_stopped = False

    def stop(self) -> None:
        """From now on nothing more is executed."""
        self.is_stopped = True

    def is_late(self) -> bool:
        """Whether an execution that goes on is to end where it is."""
        return self.is_stopped or monotonic() > self.until


class Everywhere:
    """All places."""

    def __contains__(self, place: object) -> bool:
        return True
