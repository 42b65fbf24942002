"""Which function gives an operation's alternatives: one row a verb that acts on an object."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.step.primitives import barriers, conditions, events, locks, pools, queues, threads
from scenario.engines.explore.step.primitives.alternatives import Semantics
from scenario.program import ops

SEMANTICS: dict[type[Any], Semantics] = {
    ops.Acquire: locks.acquire,
    ops.Release: locks.release,
    ops.WaitCondition: conditions.wait,
    ops.Notify: conditions.notify,
    ops.NotifyAll: conditions.notify_all,
    ops.WaitEvent: events.wait,
    ops.SetEvent: events.set_event,
    ops.ClearEvent: events.clear,
    ops.WaitBarrier: barriers.wait,
    ops.AbortBarrier: barriers.abort,
    ops.ResetBarrier: barriers.reset,
    ops.Put: queues.put,
    ops.Get: queues.get,
    ops.TaskDone: queues.task_done,
    ops.JoinQueue: queues.join,
    ops.ShutdownQueue: queues.shutdown,
    ops.Start: threads.start,
    ops.Join: threads.join,
    ops.CancelTimer: threads.cancel,
    ops.Submit: pools.submit,
    ops.Result: pools.result,
    ops.CancelFuture: pools.cancel,
    ops.WaitFutures: pools.wait_futures,
    ops.AsCompleted: pools.as_completed,
    ops.ShutdownPool: pools.shutdown,
}
