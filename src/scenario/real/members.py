"""Who takes part in a real run, as reports name them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from scenario.chance import seeded
from scenario.real.effects import Effect


@dataclass(eq=False, slots=True)
class Member:
    """A thread of the file, whatever it runs on, `main`, or a pool's worker.

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
    _random: Random | None = field(default=None, init=False)

    @property
    def random(self) -> Random:
        """The thread's own choices, the same for the same seed."""
        if self._random is None:
            self._random = seeded(f"{self.seed}/{self.ref}")
        return self._random
