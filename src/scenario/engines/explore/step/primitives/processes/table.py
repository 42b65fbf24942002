"""Every kind of object that there is on multiprocessing, and its model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from scenario.engines.explore.step.primitives.barriers import BarrierModel
from scenario.engines.explore.step.primitives.locks import Mutex
from scenario.engines.explore.step.primitives.model import Model
from scenario.engines.explore.step.primitives.processes.conditions import CountingConditionModel, ProcessConditionModel
from scenario.engines.explore.step.primitives.processes.events import CountingEventModel, ProcessEventModel
from scenario.engines.explore.step.primitives.processes.kinds import Told
from scenario.engines.explore.step.primitives.processes.mutexes import (
    LentLockModel,
    ProcessLockModel,
    ProcessRLockModel,
    ProcessSemaphoreModel,
)
from scenario.engines.explore.step.primitives.processes.queues import ProcessQueueModel
from scenario.engines.explore.step.primitives.processes.simple_queues import ProcessSimpleQueueModel
from scenario.engines.explore.step.primitives.stateless import StatelessModel
from scenario.language import primitives as p


def models_of_processes(
    kinds: Sequence[p.Kind], locks: Mapping[int, int], told: Sequence[Told], *, counts_tasks: bool
) -> tuple[Model, ...]:
    """The model of each object by its number; `told` of each too, `locks`: of a condition's number that of its lock."""
    found: dict[int, Model] = {}
    for number in sorted(range(len(kinds)), key=lambda n: isinstance(kinds[n], p.Condition)):
        lock = found.get(locks.get(number, number))
        found[number] = _model(number, kinds[number], told[number], lock, counts_tasks=counts_tasks)
    return tuple(found[number] for number in range(len(kinds)))


def _model(number: int, kind: p.Kind, told: Told, lock: Model | None, *, counts_tasks: bool) -> Model:
    match kind:
        case p.Lock():
            return LentLockModel(number) if told.lends else ProcessLockModel(number)
        case p.RLock():
            return ProcessRLockModel(number)
        case p.Semaphore() | p.BoundedSemaphore():
            return ProcessSemaphoreModel(number, kind)
        case p.Event():
            return CountingEventModel(number) if told.kills else ProcessEventModel(number)
        case p.Condition():
            assert isinstance(lock, Mutex)
            counts = told.kills or told.timed
            return CountingConditionModel(number, lock) if counts else ProcessConditionModel(number, lock)
        case p.Barrier():
            return BarrierModel(number, kind)
        case p.Queue(maxsize):
            return ProcessQueueModel(number, maxsize, told, counts_tasks=counts_tasks)
        case p.SimpleQueue():
            return ProcessSimpleQueueModel(number, told)
        case p.ProcessPool():
            return StatelessModel(number)
        case p.LifoQueue() | p.PriorityQueue() | p.ThreadLocal() | p.Future() | p.ThreadPool():
            raise TypeError(f"compiling refuses {type(kind).__name__} on multiprocessing")
        case _:
            assert_never(kind)
