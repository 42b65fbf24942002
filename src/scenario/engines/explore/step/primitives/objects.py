"""The state of each kind of object before the first step; what it means is said where its operations are."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore.model.parts import PoolState
from scenario.program.program import (
    Barrier,
    BoundedSemaphore,
    Condition,
    Event,
    Kind,
    LifoQueue,
    PriorityQueue,
    Queue,
    RLock,
    Semaphore,
    SimpleQueue,
    ThreadPool,
)


def first_state(kind: Kind) -> Any:
    match kind:
        case RLock():
            return None
        case Semaphore(value) | BoundedSemaphore(value):
            return value
        case Event():
            return (False, ())
        case Condition():
            return ()
        case Barrier():
            return ("filling", ())
        case Queue() | LifoQueue() | PriorityQueue() | SimpleQueue():
            return ((), 0, False)
        case ThreadPool():
            return PoolState()
        case _:
            return 0
