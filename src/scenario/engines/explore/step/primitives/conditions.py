"""Condition: waiting is releasing and queueing (a step), then taking the lock back (a step)."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import combinations
from math import ceil, comb, inf
from typing import Any, ClassVar, TypeAlias

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    due,
    finishing,
    picks,
    raising,
    unusable,
)
from scenario.engines.explore.step.primitives.locks import Mutex
from scenario.engines.explore.step.primitives.model import Model, Phase, Queueing, Standing, Steps
from scenario.program import ops
from scenario.record import record
from scenario.results.waiting import Wait

State: TypeAlias = tuple[int, ...]
"""Who waits and has not been notified, the longest waiting first."""


@record
class Waiting(Phase):
    """Queued, or notified and without its lock; `is_late`: timed out, and queued still.

    `levels`: how often it had taken the lock (a thread's part never names its own number).
    """

    condition: int
    levels: int
    is_late: bool = False

    def is_queued(self, w: Context) -> bool:
        return not self.is_late and w.thread.number in w.objects[self.condition]


class OverLock(Model):
    """What lies over a lock, which it may share with others: nobody has it, and what is asked of it is asked of the lock."""

    def __init__(self, number: int, lock: Mutex) -> None:
        super().__init__(number)
        self._lock = lock

    @property
    def lock(self) -> int:
        return self._lock.number

    def asked(self, objects: Sequence[object]) -> Mapping[str, object]:
        return self._lock.asked(objects)

    def taken(self, _: object) -> int:
        return 0

    def touched(self) -> tuple[int, ...]:
        return (self.number, self._lock.number)


class ConditionModel(OverLock, Queueing):
    """A condition whose waiters stand in a queue."""

    def first(self) -> State:
        return ()

    def role(self, state: State, thread: int) -> int:
        return state.index(thread) if thread in state else -1

    def renamed(self, state: State, new: Mapping[int, int]) -> State:
        return tuple(new[n] for n in state)

    def apart(self, state: State, thread: int) -> tuple[bool, State]:
        return thread in state, tuple(n for n in state if n != thread)

    def back(self, state: State, thread: int) -> State:
        return (*state, thread)

    def wait(self, at: Standing) -> Wait:
        if at.op.verb is not ops.WaitCondition:
            return self._lock.wait(at)
        name = at.w.layout.name_of(self.number)
        if at.w.thread.number in at.w.objects[self.number]:
            return Wait("condition", name)
        return Wait("relock", name, at.held.get(self._lock.number, ()))

    def acquire(self, w: Context, op: Operate) -> Alternatives:
        return self._lock.acquire(w, op)

    def release(self, w: Context, op: Operate) -> Alternatives:
        return self._lock.release(w, op)

    # --- waiting -------------------------------------------------------------------------------

    def wait_notified(self, w: Context, op: Operate) -> Alternatives:
        timeout, phase = argument(w, op, "timeout"), w.phase
        if phase is None:
            if not self.is_owned(w):
                return raising("RuntimeError", "cannot wait on un-acquired lock")
            return (Alternative(lambda v: self._queue(v, timeout), part="first"),)
        if phase.is_queued(w):
            return self._queued(w, timeout, phase)
        if not self._lock.free(w.objects[self._lock.number], w.thread.number):
            return ()
        return (Alternative(lambda v: self._resume(v, timeout), part="second"),)

    def is_owned(self, w: Context) -> bool:
        """Whether the thread has its lock."""
        return self._lock.owned(w.objects[self._lock.number], w.thread.number)

    def _queue(self, w: Context, timeout: object) -> None:
        levels = self._lock.levels(w.objects[self._lock.number])
        w.objects[self._lock.number] = self._lock.first()
        w.objects[self.number] = (*w.objects[self.number], w.thread.number)
        w.stay(Waiting(self.number, levels, unusable(timeout) is not None))

    def _queued(self, w: Context, timeout: Any, phase: Waiting) -> Alternatives:
        result = []
        if timeout is not None and due(w, timeout):
            late = Waiting(phase.condition, phase.levels, is_late=True)
            result.append(Alternative(lambda v: v.stay(late), "timeout"))
        if w.layout.spurious:
            result.append(Alternative(self._leave, "spurious"))
        return result

    def _leave(self, w: Context) -> None:
        w.objects[self.number] = tuple(n for n in w.objects[self.number] if n != w.thread.number)

    def _resume(self, w: Context, timeout: object) -> None:
        """A timed-out wait leaves the queue only now: until then a notification could pick it, in vain.

        So does one whose timeout can not be waited for: it raises once it has the lock back.
        """
        phase: Waiting = w.phase
        self._leave(w)
        w.objects[self._lock.number] = self._lock.restored(w.thread.number, phase.levels)
        if (refused := unusable(timeout)) is not None:
            w.stay(None)
            raise refused
        w.finish(not phase.is_late)

    # --- notifying -------------------------------------------------------------------------------

    def notify(self, w: Context, op: Operate) -> Alternatives:
        """Any set of `n` waiters; the longest waiting with wake fifo."""
        if not self.is_owned(w):
            return raising("RuntimeError", "cannot notify on un-acquired lock")
        waiters: State = w.objects[self.number]
        if not waiters:
            return (Alternative(finishing(), part="nothing"),)
        n = on_values(count, argument(w, op, "n", 1))
        if n == 0:
            return (Alternative(finishing()),)
        if n >= len(waiters) or w.layout.fifo:
            return (self._waking(waiters[:n]),)
        return tuple(self._waking(chosen) for chosen in picks(combinations(waiters, n), comb(len(waiters), n)))

    def notify_all(self, w: Context, _: Operate) -> Alternatives:
        if not self.is_owned(w):
            return raising("RuntimeError", "cannot notify on un-acquired lock")
        waiters: State = w.objects[self.number]
        return (self._waking(waiters) if waiters else Alternative(finishing(), part="nothing"),)

    def _waking(self, chosen: State) -> Alternative:
        return Alternative(lambda v: self._wake(v, chosen), woken=chosen)

    def _wake(self, w: Context, chosen: State) -> None:
        w.objects[self.number] = tuple(n for n in w.objects[self.number] if n not in chosen)
        w.finish()

    steps: ClassVar[Steps] = {
        ops.Acquire: acquire, ops.Release: release, ops.WaitCondition: wait_notified, ops.Notify: notify,
        ops.NotifyAll: notify_all,
    }  # fmt: skip


def count(n: Any) -> int:
    """As the loop of `Condition.notify` counts: down to 0."""
    if not n > 0:
        return 0
    return sys.maxsize if n == inf else ceil(n)
