"""The threads of a run as the reports name them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from random import Random

from scenario.chance import seeded
from scenario.real.footprint import Effect


@dataclass(eq=False, slots=True)
class Actor:
    """One thread: a scenario's own, `main`, or a pool's worker.

    `group` is the key in `threads` (the pool's name for a worker); `effects` all that it may ever do.
    """

    ref: str
    name: str
    index: int
    group: str
    kind: str  # "thread", "timer", "main", "worker"
    daemon: bool
    seed: int
    effects: frozenset[Effect] = frozenset()
    thread: threading.Thread = field(init=False)
    _random: Random | None = None

    def act_in(self, thread: threading.Thread) -> Actor:
        """A real thread, whose steps are its own."""
        self.thread = thread
        return self

    @property
    def random(self) -> Random:
        """The thread's own choices, the same for the same seed."""
        if self._random is None:
            self._random = seeded(f"{self.seed}/{self.ref}")
        return self._random

    @property
    def started(self) -> bool:
        return self.thread.ident is not None

    @property
    def alive(self) -> bool:
        """Started and not ended."""
        return self.thread.is_alive()
