"""Semaphore and BoundedSemaphore: places that anyone takes and anyone gives back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from operator import lt
from typing import Any, ClassVar

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    put,
    raising,
    summed,
)
from scenario.engines.explore.step.primitives.model import Impersonal, Standing, Steps
from scenario.program import ops
from scenario.program.program import BoundedSemaphore, Semaphore
from scenario.results.waiting import Wait


class SemaphoreModel(Impersonal):
    """Its state: how many places are free."""

    def __init__(self, number: int, kind: Semaphore | BoundedSemaphore) -> None:
        super().__init__(number)
        self._value = kind.value
        self._is_bounded = isinstance(kind, BoundedSemaphore)

    def first(self) -> int:
        return self._value

    def asked(self, objects: Sequence[object]) -> dict[str, object]:
        return {"value": objects[self.number], "locked": objects[self.number] == 0}

    def taken(self, state: int) -> int:
        return self._value - state

    def touched(self) -> tuple[int, ...]:
        return (self.number,)

    def wait(self, at: Standing) -> Wait:
        return Wait("semaphore", at.w.layout.name_of(self.number), at.held.get(self.number, ()))

    def acquire(self, w: Context, op: Operate) -> Alternatives:
        """Takes a place where one is free; else waits, fails or times out."""
        blocking, timeout = argument(w, op, "blocking", True), argument(w, op, "timeout")
        if not blocking and timeout is not None:
            return raising("ValueError", "can't specify timeout for non-blocking acquire")
        free = w.objects[self.number]
        if free > 0:
            return (Alternative(put(self.number, free - 1, value=True)),)
        if not blocking:
            return (Alternative(finishing(value=False), gives_up=True),)
        summed(timeout)
        return blocked(w, timeout, finishing(value=False))

    def release(self, w: Context, op: Operate) -> Alternatives:
        free, n = w.objects[self.number], argument(w, op, "n", 1)
        if on_values(lt, n, 1):
            return raising("ValueError", "n must be one or more")
        if self._is_bounded and free + n > self._value:
            return raising("ValueError", "Semaphore released too many times")
        return (Alternative(lambda v: _give(v, self.number, free, n)),)

    steps: ClassVar[Steps] = {ops.Acquire: acquire, ops.Release: release}


def _give(w: Context, number: int, free: int, n: Any) -> None:
    """Counts first, then wakes as many: before 3.12 in a loop, which counts whole numbers only."""
    w.objects[number] = free + n
    if sys.version_info < (3, 12):
        on_values(range, n)
    w.finish()
