"""Timers whose threads are entered before they wait: what Python says of their interval is the scenario's exception."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Timer(threading.Timer):
    """A real one. Its thread runs `within`, which is given what a Timer runs: wait, and call `body` unless cancelled."""

    def __init__(
        self, interval: float, body: Callable[[], object], within: Callable[[Callable[[], None]], None], name: str
    ) -> None:
        super().__init__(interval, body)
        self.name, self.daemon = name, True
        self._within = within

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not fire any more."""
        return self.finished.is_set()

    def run(self) -> None:
        """What its thread does."""
        self._within(super().run)
