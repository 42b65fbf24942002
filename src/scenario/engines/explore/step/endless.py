"""Local loops that never reach a step: those that repeat themselves go round for ever, others are an error."""

from __future__ import annotations

from copy import copy

from scenario.engines.explore.step.context import Context
from scenario.machine import resident
from scenario.program.bounded.limits import MAX_MEMORY, MOST_ROUNDS, ON_AND_ON
from scenario.program.refusal import invalid

_SIZED = (list, dict, set, str, tuple)

OFTEN = 10_000
"""Rounds of a local loop that is named where the time is up in it."""

_LOOK_AFTER = 64
"""Backward jumps after which a local loop is watched for repeating itself."""


class Watch:
    """Notices a local loop that repeats itself (Brent's algorithm over snapshots)."""

    def __init__(self) -> None:
        self.jumps = 0
        self.power = _LOOK_AFTER
        self.snapshot: object = None
        self.shape: object = None
        self.memory = 0

    def fork(self, ways: int) -> Watch:
        """The watch for one of so many ways on."""
        return self if ways == 1 else copy(self)

    def repeats(self, w: Context) -> bool:
        """Whether the thread is where it was before, told at each backward jump. Raises InvalidScenario past the bounds."""
        self.jumps += 1
        if self.jumps < _LOOK_AFTER:
            return False
        if self.jumps > MOST_ROUNDS:
            raise invalid(ON_AND_ON, w.instruction.span)
        self._look_at_memory(w)
        shape = _shape(w)  # far cheaper than all values, and a loop that fills a list never has the same one again
        if self.jumps < self.power and shape != self.shape:
            return False
        now = w.thread_part(), w.shared_part() if w.inside else None
        if now == self.snapshot:
            return True
        if self.jumps >= self.power:
            self.power *= 2
            self.snapshot, self.shape = now, shape
        return False

    def _look_at_memory(self, w: Context) -> None:
        """Raises InvalidScenario where the loop eats memory: as in a run, that is a fault of the file."""
        if self.jumps % _LOOK_AFTER:
            return
        self.memory = self.memory or resident()
        if resident() - self.memory > MAX_MEMORY:
            raise invalid(f"the work of one step has taken {MAX_MEMORY >> 20} MiB of memory", w.instruction.span)


def _shape(w: Context) -> object:
    """Where each frame is, and how long what its locals hold is."""
    return [(frame.pc, [len(v) if isinstance(v, _SIZED) else 0 for v in frame.locals]) for frame in w.frames]
