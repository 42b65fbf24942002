"""Lock, RLock, Semaphore, BoundedSemaphore; a condition's acquire and release go to its lock."""

from __future__ import annotations

import sys
from operator import index, lt
from typing import Any

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.source import time_of
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    put,
    raising,
    target,
)
from scenario.program.program import BoundedSemaphore, RLock, Semaphore

_NEGATIVE = f"timeout value must be {'positive' if sys.version_info < (3, 13) else 'a non-negative number'}"


def acquire(w: Context, op: Operate) -> Alternatives:
    """Takes it where it is free; else waits, fails or times out."""
    number = w.layout.locks[target(w, op)]
    blocking, timeout = argument(w, op, "blocking", True), argument(w, op, "timeout")
    is_semaphore = isinstance(w.layout.kinds[number], Semaphore | BoundedSemaphore)
    if "blocking" in op.args and not is_semaphore:
        on_values(_flag, blocking)
    if "timeout" in op.args and not is_semaphore:
        timeout = on_values(time_of, timeout)
        timeout = None if timeout == -1 else timeout
    if not blocking and timeout is not None:
        return raising("ValueError", "can't specify timeout for non-blocking acquire" if is_semaphore
                       else "can't specify a timeout for a non-blocking call")  # fmt: skip
    if not is_semaphore and timeout is not None and timeout < 0:
        return raising("ValueError", _NEGATIVE)
    state = taken(w, number)
    if state is not None:
        return (Alternative(put(number, state, value=True)),)
    if not blocking:
        return (Alternative(finishing(value=False), "fails", gives_up=True),)
    return blocked(w, timeout, finishing(value=False))


def _flag(value: Any) -> None:
    """What C takes for a flag: until 3.11 an `int` of C's, since then whatever is true or false."""
    if sys.version_info < (3, 12) and not -(2**31) <= index(value) < 2**31:
        raise OverflowError("Python int too large to convert to C int")


def taken(w: Context, number: int) -> Any:
    """The lock's state after this thread has taken it, None where it can not."""
    state = w.objects[number]
    match w.layout.kinds[number]:
        case RLock():
            if state is None:
                return (w.thread.number, 1)
            return (state[0], state[1] + 1) if state[0] == w.thread.number else None
        case Semaphore() | BoundedSemaphore():
            return state - 1 if state > 0 else None
        case _:
            return None if state else 1


def release(w: Context, op: Operate) -> Alternatives:
    """Any thread may release a Lock or semaphore; an RLock is its owner's."""
    number = w.layout.locks[target(w, op)]
    state = w.objects[number]
    match w.layout.kinds[number]:
        case RLock():
            if state is None or state[0] != w.thread.number:
                return raising("RuntimeError", "cannot release un-acquired lock")
            return (Alternative(put(number, (state[0], state[1] - 1) if state[1] > 1 else None)),)
        case Semaphore() | BoundedSemaphore() as kind:
            n = argument(w, op, "n", 1)
            if on_values(lt, n, 1):
                return raising("ValueError", "n must be one or more")
            if isinstance(kind, BoundedSemaphore) and state + n > kind.value:
                return raising("ValueError", "Semaphore released too many times")
            return (Alternative(lambda v: _give(v, number, state, n)),)
        case _:
            if not state:
                return raising("RuntimeError", "release unlocked lock")
            return (Alternative(put(number, 0)),)


def _give(w: Context, number: int, state: Any, n: Any) -> None:
    """Counts first, then wakes as many: before 3.13 in a loop, which counts whole numbers only."""
    w.objects[number] = state + n
    if sys.version_info < (3, 13):
        on_values(range, n)
    w.finish()


def owned(w: Context, number: int) -> bool:
    """Whether `Condition` takes the lock for the caller's: an RLock knows, a Lock is held by anyone."""
    state = w.objects[number]
    return (
        bool(state is not None and state[0] == w.thread.number)
        if isinstance(w.layout.kinds[number], RLock)
        else bool(state)
    )
