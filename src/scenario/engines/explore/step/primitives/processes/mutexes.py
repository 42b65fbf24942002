"""Lock, RLock and semaphores of `multiprocessing`: all of them are C's `SemLock` (Modules/_multiprocessing/semaphore.c).

It reads a timeout as a number, takes a negative one for 0, and does not mind one beside `block=False`. Another process may give
back a Lock or a semaphore, and too much is a ValueError; an RLock its owner alone, else it is an AssertionError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    put,
    raising,
)
from scenario.engines.explore.step.primitives.locks import LockModel, Mutex, flag
from scenario.engines.explore.step.primitives.model import Steps
from scenario.engines.explore.step.primitives.rlocks import Owned, RLockModel, State
from scenario.engines.explore.step.primitives.semaphores import SemaphoreModel
from scenario.language.runtimes import MOST_OF_A_SEMAPHORE
from scenario.program import ops
from scenario.program.program import BoundedSemaphore, Semaphore
from scenario.results.undecided import NotFollowed

TOO_OFTEN = "semaphore or lock released too many times"


def patience(w: Context, op: Operate) -> tuple[bool, float | None]:
    """Whether it waits, and for how long: None for ever."""
    blocking, timeout = argument(w, op, "blocking", True), argument(w, op, "timeout")
    if "blocking" in op.args:
        on_values(flag, blocking)
    return bool(blocking), None if timeout is None else max(on_values(as_double, timeout), 0.0)


def as_double(value: object) -> float:
    """What C's `PyFloat_AsDouble` makes of it."""
    if not isinstance(value, int | float):
        raise TypeError(f"must be real number, not {type(value).__name__}")
    return float(value)


def taking(w: Context, op: Operate, taken: Callable[[Context], None] | None) -> Alternatives:
    """Takes it where it can be (else `taken` is None); else waits, fails or times out."""
    blocking, timeout = patience(w, op)
    if taken is not None:
        return (Alternative(taken),)
    if not blocking:
        return (Alternative(finishing(value=False), gives_up=True),)
    return blocked(w, timeout, finishing(value=False))


def acquire(model: Mutex, w: Context, op: Operate) -> Alternatives:
    """Of a Lock or an RLock."""
    state, me = w.objects[model.number], w.thread.number
    free = model.free(state, me)
    return taking(w, op, put(model.number, model.after(state, me), value=True) if free else None)


class ProcessLockModel(LockModel):
    """Its state: whether it is held."""

    def acquire(self, w: Context, op: Operate) -> Alternatives:
        return acquire(self, w, op)

    def release(self, w: Context, _: Operate) -> Alternatives:
        if not w.objects[self.number]:
            return raising("ValueError", TOO_OFTEN)
        return (Alternative(put(self.number, False)),)

    steps: ClassVar[Steps] = {ops.Acquire: acquire, ops.Release: release}


class LentLockModel(RLockModel):
    """A Lock over which there is a condition, which asks whose it is: its state says who has taken it."""

    def free(self, state: State, _: int) -> bool:
        return state is None

    def acquire(self, w: Context, op: Operate) -> Alternatives:
        return acquire(self, w, op)

    def release(self, w: Context, _: Operate) -> Alternatives:
        state: State = w.objects[self.number]
        if state is None:
            return raising("ValueError", TOO_OFTEN)
        if state.thread != w.thread.number:  # who had it counts it as its own still
            raise Unexplored(NotFollowed("condition's lock of another", w.layout.name_of(self.number)))
        return (Alternative(put(self.number, None)),)

    steps: ClassVar[Steps] = {ops.Acquire: acquire, ops.Release: release}


class ProcessRLockModel(RLockModel):
    """Its owner alone may give it back."""

    def acquire(self, w: Context, op: Operate) -> Alternatives:
        return acquire(self, w, op)

    def release(self, w: Context, _: Operate) -> Alternatives:
        state: State = w.objects[self.number]
        if state is None or state.thread != w.thread.number:
            return raising("AssertionError", "attempt to release recursive lock not owned by thread")
        return (Alternative(put(self.number, Owned(state.thread, state.levels - 1) if state.levels > 1 else None)),)

    steps: ClassVar[Steps] = {ops.Acquire: acquire, ops.Release: release}


class ProcessSemaphoreModel(SemaphoreModel):
    """Its state: how many places are free; a bounded one has no more than at first."""

    def __init__(self, number: int, kind: Semaphore | BoundedSemaphore) -> None:
        super().__init__(number, kind)
        self._most = kind.value if isinstance(kind, BoundedSemaphore) else MOST_OF_A_SEMAPHORE

    def acquire(self, w: Context, op: Operate) -> Alternatives:
        free = w.objects[self.number]
        return taking(w, op, put(self.number, free - 1, value=True) if free > 0 else None)

    def release(self, w: Context, _: Operate) -> Alternatives:
        free = w.objects[self.number]
        if free >= self._most:
            return raising("ValueError", TOO_OFTEN)
        return (Alternative(put(self.number, free + 1)),)

    steps: ClassVar[Steps] = {ops.Acquire: acquire, ops.Release: release}
