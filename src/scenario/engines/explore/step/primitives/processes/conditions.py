"""Condition of `multiprocessing`: who sleeps is counted (`sleepers`), and the lock must be the caller's own.

Where nobody waits with a timeout and nobody is killed, nothing can tell the counting: then it is a queue of which any are
picked, as for threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, argument, raising, unusable
from scenario.engines.explore.step.primitives.conditions import ConditionModel, OverLock, count
from scenario.engines.explore.step.primitives.model import Impersonal, Standing, Steps
from scenario.engines.explore.step.primitives.processes import sleepers
from scenario.engines.explore.step.primitives.processes.ends import killed
from scenario.engines.explore.step.primitives.processes.sleepers import Asleep, Back, Counts, Notified
from scenario.program import ops
from scenario.results.schedule import Part
from scenario.results.waiting import Wait

NOT_MINE = "must acquire() condition before using wait()"
NOT_OWNED = "lock is not owned"
NOT_TAKEN = "notify: Should not have been able to acquire _wait_semaphore"


class ProcessConditionModel(ConditionModel):
    """One whose counts nothing can tell."""

    def wait_notified(self, w: Context, op: Operate) -> Alternatives:
        if w.phase is None and not self.is_owned(w):
            return raising("AssertionError", NOT_MINE)
        return super().wait_notified(w, op)

    def notify(self, w: Context, op: Operate) -> Alternatives:
        return super().notify(w, op) if self.is_owned(w) else raising("AssertionError", NOT_OWNED)

    def notify_all(self, w: Context, op: Operate) -> Alternatives:
        return super().notify_all(w, op) if self.is_owned(w) else raising("AssertionError", NOT_OWNED)

    steps: ClassVar[Steps] = {
        **ConditionModel.steps, ops.WaitCondition: wait_notified, ops.Notify: notify, ops.NotifyAll: notify_all,
    }  # fmt: skip


class CountingConditionModel(OverLock, Impersonal):
    """One of which the counts can be told."""

    def first(self) -> Counts:
        return Counts()

    def wait(self, at: Standing) -> Wait:
        name = at.w.layout.name_of(self.number)
        match at.w.phase:
            case Asleep():
                return Wait("condition", name)
            case Back():
                return Wait("relock", name, at.held.get(self._lock.number, ()))
            case Notified():
                return Wait("woken", name, by=killed(at.w))
            case _:
                return self._lock.wait(at)

    def acquire(self, w: Context, op: Operate) -> Alternatives:
        return self._lock.acquire(w, op)

    def release(self, w: Context, op: Operate) -> Alternatives:
        return self._lock.release(w, op)

    def _is_owned(self, w: Context) -> bool:
        return self._lock.owned(w.objects[self._lock.number], w.thread.number)

    def _store(self, w: Context, counts: Counts) -> None:
        w.objects[self.number] = counts

    def wait_notified(self, w: Context, op: Operate) -> Alternatives:
        timeout, counts = argument(w, op, "timeout"), w.objects[self.number]
        if w.phase is None:
            if not self._is_owned(w):
                return raising("AssertionError", NOT_MINE)
            return (Alternative(self._sleep, part="first"),)
        ways = sleepers.waking(w, counts, self._store, timeout)
        if ways is not None:
            return ways
        if not self._lock.free(w.objects[self._lock.number], w.thread.number):
            return ()
        return (Alternative(lambda v: self._resume(v, timeout), part="second"),)

    def _sleep(self, w: Context) -> None:
        levels = self._lock.levels(w.objects[self._lock.number])
        w.objects[self._lock.number] = self._lock.first()
        sleepers.begin(w, w.objects[self.number], self._store, levels)

    def _resume(self, w: Context, timeout: object) -> None:
        back: Back = w.phase
        w.objects[self._lock.number] = self._lock.restored(w.thread.number, back.levels)
        if (refused := unusable(timeout)) is not None:
            w.stay(None)
            raise refused
        w.finish(back.is_notified)

    def notify(self, w: Context, op: Operate) -> Alternatives:
        return self._notifying(w, lambda: on_values(count, argument(w, op, "n", 1)))

    def notify_all(self, w: Context, _: Operate) -> Alternatives:
        return self._notifying(w, lambda: None)

    def _notifying(self, w: Context, most: Callable[[], int | None]) -> Alternatives:
        counts: Counts = w.objects[self.number]
        if isinstance(w.phase, Notified):
            return sleepers.all_back(counts, self._store, w.phase.sleepers)
        if not self._is_owned(w):
            return raising("AssertionError", NOT_OWNED)
        if counts.tokens:
            return raising("AssertionError", NOT_TAKEN)
        part: Part = "whole" if counts.sleeping > counts.woken else "nothing"
        return (Alternative(lambda v: sleepers.notify(v, counts, self._store, most()), part=part),)

    steps: ClassVar[Steps] = {
        ops.Acquire: acquire, ops.Release: release, ops.WaitCondition: wait_notified, ops.Notify: notify,
        ops.NotifyAll: notify_all,
    }  # fmt: skip
