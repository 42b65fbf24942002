"""Lock: held or not, whoever took it. What Lock and RLock have in common: C reads their arguments, conditions use them."""

from __future__ import annotations

import sys
from abc import abstractmethod
from operator import index
from struct import calcsize
from typing import Any, ClassVar

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
)
from scenario.engines.explore.step.primitives.model import Impersonal, Model, Standing, Steps
from scenario.program import ops
from scenario.results.waiting import Wait

LONG = 8 * calcsize("l") - 1
"""Bits of a number in C's `long`."""

_NEGATIVE = f"timeout value must be {'positive' if sys.version_info < (3, 13) else 'a non-negative number'}"


class Mutex(Model):
    """A Lock or an RLock; `thread` is a thread's number."""

    @abstractmethod
    def free(self, state: Any, thread: int) -> bool:
        """Whether the thread could take it."""

    @abstractmethod
    def after(self, state: Any, thread: int) -> object:
        """Its state when the thread has taken it."""

    @abstractmethod
    def owned(self, state: Any, thread: int) -> bool:
        """Whether a condition takes it for the thread's."""

    @abstractmethod
    def levels(self, state: Any) -> int:
        """How often its owner has taken it, for a condition to save."""

    @abstractmethod
    def restored(self, thread: int, levels: int) -> object:
        """Its state when a condition's wait has it back."""

    @abstractmethod
    def release(self, w: Context, op: Operate) -> Alternatives:
        """Gives it back, or raises what the real one raises."""

    def taken(self, state: object) -> int:
        return 1 if state else 0

    def touched(self) -> tuple[int, ...]:
        return (self.number,)

    def wait(self, at: Standing) -> Wait:
        return Wait("lock", at.w.layout.name_of(self.number), at.held.get(self.number, ()))

    def acquire(self, w: Context, op: Operate) -> Alternatives:
        """Takes it where it is free; else waits, fails or times out."""
        blocking, timeout = argument(w, op, "blocking", True), argument(w, op, "timeout")
        if "blocking" in op.args:
            on_values(flag, blocking)
        if "timeout" in op.args:
            timeout = on_values(time_of, timeout)
            timeout = None if timeout == -1 else timeout
        if not blocking and timeout is not None:
            return raising("ValueError", "can't specify a timeout for a non-blocking call")
        if timeout is not None and timeout < 0:
            return raising("ValueError", _NEGATIVE)
        state, me = w.objects[self.number], w.thread.number
        if self.free(state, me):
            return (Alternative(put(self.number, self.after(state, me), value=True)),)
        if not blocking:
            return (Alternative(finishing(value=False), gives_up=True),)
        return blocked(w, timeout, finishing(value=False))


def flag(value: Any) -> None:
    """What C takes for a flag: until 3.11 an `int` of C's, which it makes of a `long`; since then whatever is true or false."""
    if sys.version_info >= (3, 12) or -(2**31) <= (number := index(value)) < 2**31:
        return
    if not -(2**LONG) <= number < 2**LONG:
        raise OverflowError("Python int too large to convert to C long")
    raise OverflowError(f"signed integer is {'greater than maximum' if number > 0 else 'less than minimum'}")


class LockModel(Impersonal, Mutex):
    """Its state: whether it is held. Any thread may release it."""

    def first(self) -> bool:
        return False

    def asked(self, objects: Any) -> dict[str, object]:
        return {"locked": objects[self.number]}

    def free(self, state: bool, _: int) -> bool:
        return not state

    def after(self, _state: bool, _thread: int) -> bool:
        return True

    def owned(self, state: bool, _: int) -> bool:
        return state

    def levels(self, _: bool) -> int:
        return 1

    def restored(self, _thread: int, _levels: int) -> bool:
        return True

    def release(self, w: Context, _: Operate) -> Alternatives:
        if not w.objects[self.number]:
            return raising("RuntimeError", "release unlocked lock")
        return (Alternative(put(self.number, False)),)

    steps: ClassVar[Steps] = {ops.Acquire: Mutex.acquire, ops.Release: release}
