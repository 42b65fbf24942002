"""Every kind of object and its model, every operation and what it does: one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives import completing, futures, threads
from scenario.engines.explore.step.primitives.alternatives import Alternatives, target
from scenario.engines.explore.step.primitives.locks import LockModel, Mutex
from scenario.engines.explore.step.primitives.model import Model, Standing
from scenario.engines.explore.step.primitives.stateless import StatelessModel
from scenario.language import primitives as p
from scenario.program import ops
from scenario.results.waiting import Wait

# --- objects -----------------------------------------------------------------------------------------


def models(kinds: Sequence[p.Kind], locks: Mapping[int, int], *, counts_tasks: bool) -> tuple[Model, ...]:
    """The model of each object by its number. `locks`: of a condition's number that of its lock.

    `counts_tasks`: whether something asks a queue for its unfinished tasks.
    """
    found: dict[int, Model] = {}
    for number in sorted(range(len(kinds)), key=lambda n: isinstance(kinds[n], p.Condition)):
        found[number] = _model(number, kinds[number], found.get(locks.get(number, number)), counts_tasks=counts_tasks)
    return tuple(found[number] for number in range(len(kinds)))


def _model(number: int, kind: p.Kind, lock: Model | None, *, counts_tasks: bool) -> Model:
    """A model is imported for what has such an object: a file uses two or three kinds of all."""
    match kind:
        case p.Lock():
            return LockModel(number)
        case p.RLock():
            from scenario.engines.explore.step.primitives.rlocks import RLockModel

            return RLockModel(number)
        case p.Semaphore() | p.BoundedSemaphore():
            from scenario.engines.explore.step.primitives.semaphores import SemaphoreModel

            return SemaphoreModel(number, kind)
        case p.Event():
            from scenario.engines.explore.step.primitives.events import EventModel

            return EventModel(number)
        case p.Condition():
            from scenario.engines.explore.step.primitives.conditions import ConditionModel

            assert isinstance(lock, Mutex)
            return ConditionModel(number, lock)
        case p.Barrier():
            from scenario.engines.explore.step.primitives.barriers import BarrierModel

            return BarrierModel(number, kind)
        case p.Queue(maxsize):
            from scenario.engines.explore.step.primitives.queues import QueueModel

            return QueueModel(number, maxsize, counts_tasks=counts_tasks)
        case p.LifoQueue(maxsize):
            from scenario.engines.explore.step.primitives.queues import LifoQueueModel

            return LifoQueueModel(number, maxsize, counts_tasks=counts_tasks)
        case p.PriorityQueue(maxsize):
            from scenario.engines.explore.step.primitives.queues import PriorityQueueModel

            return PriorityQueueModel(number, maxsize, counts_tasks=counts_tasks)
        case p.SimpleQueue():
            from scenario.engines.explore.step.primitives.queues import SimpleQueueModel

            return SimpleQueueModel(number)
        case p.ThreadPool():
            from scenario.engines.explore.step.primitives.pools import PoolModel

            return PoolModel(number, kind)
        case p.ThreadLocal() | p.Future() | p.ProcessPool():
            return StatelessModel(number)
        case _:
            assert_never(kind)


# --- operations that are on no object ------------------------------------------------------------------

STEPS: Mapping[type[ops.Act], Callable[[Context, Operate], Alternatives]] = {
    ops.Start: threads.start,
    ops.Join: threads.join,
    ops.CancelTimer: threads.cancel,
    ops.Kill: threads.kill,
    ops.Result: futures.result,
    ops.CancelFuture: completing.cancel,
    ops.SetResult: completing.set_result,
    ops.SetException: completing.set_exception,
    ops.SetRunning: completing.set_running,
    ops.AddDoneCallback: completing.add_done_callback,
    ops.WaitFutures: futures.wait_futures,
    ops.AsCompleted: futures.as_completed,
}

WAITS: Mapping[type[ops.Act], Callable[[Standing], Wait]] = {
    ops.Join: threads.wait,
    ops.Result: futures.wait_one,
    ops.WaitFutures: futures.wait_many,
    ops.AsCompleted: futures.wait_many,
}


def alternatives(w: Context, op: Operate) -> Alternatives:
    """What the thread may do with the operation."""
    on_none = STEPS.get(op.verb)
    if on_none is not None:
        return on_none(w, op)
    model = w.layout.models[target(w, op)]
    return model.steps[op.verb](model, w, op)


def wait_at(at: Standing) -> Wait:
    """For what the thread waits at the operation."""
    on_none = WAITS.get(at.op.verb)
    return on_none(at) if on_none is not None else at.w.layout.models[target(at.w, at.op)].wait(at)
