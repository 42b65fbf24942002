"""The threads of a run: each as reports name it, and timers, which are entered before they wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from scenario.real.members import Member


@dataclass(eq=False, slots=True)
class Actor(Member):
    """One thread: a scenario's own, `main`, or a pool's worker."""

    thread: threading.Thread = field(init=False)

    def act_in(self, thread: threading.Thread) -> Actor:
        """A real thread, whose steps are its own."""
        self.thread = thread
        return self

    @property
    def started(self) -> bool:
        return self.thread.ident is not None

    @property
    def alive(self) -> bool:
        """Started and not ended."""
        return self.thread.is_alive()


class Timer(threading.Timer):
    """A real one, so that what Python says of its interval is the scenario's exception.

    Its thread runs `within`, which is given what a Timer runs: wait, and call `body` unless cancelled.
    """

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
