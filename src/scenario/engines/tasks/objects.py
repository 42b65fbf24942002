"""asyncio's own primitives, by the names of a program, and its exceptions by those of the language."""

from __future__ import annotations

import asyncio
import itertools
import queue
from collections.abc import Mapping
from typing import cast

from scenario.interpreter import objects as others
from scenario.language import primitives as p
from scenario.program.bounded.patience import Look, unhurried
from scenario.program.program import Primitive
from scenario.real.making import made


class _Asked:
    """What the language asks of a queue, which asyncio keeps to itself."""

    @property
    def unfinished_tasks(self) -> int:
        return int(vars(self)["_unfinished_tasks"])

    @property
    def is_shutdown(self) -> bool:
        return bool(vars(self).get("_is_shutdown", False))


class Queue(_Asked, asyncio.Queue[object]):
    """asyncio.Queue, asked."""


class LifoQueue(_Asked, asyncio.LifoQueue[object]):
    """asyncio.LifoQueue, asked."""


class PriorityQueue(_Asked, asyncio.PriorityQueue[float]):
    """asyncio.PriorityQueue, asked."""


class Barrier(asyncio.Barrier):
    """asyncio.Barrier; `timeout`: how long its waits last that say nothing else, as elsewhere."""

    def __init__(self, parties: int, timeout: float | None) -> None:
        super().__init__(parties)
        self.timeout = timeout


class Future(asyncio.Future[object]):
    """asyncio.Future; `in_order`: futures are told apart, and sorted, by when they were made. `by`: who completes it."""

    in_order = 0
    by: object = None

    def numbered(self, number: int) -> Future:
        """It is the one with this number."""
        self.in_order = number
        return self

    def completed_by(self, who: object) -> Future:
        """It is about to be."""
        if not self.done():
            self.by = who
        return self


def build(primitives: tuple[Primitive, ...], look: Look = unhurried) -> dict[str, object]:
    """An object, or a list of them for an array, by the primitive's name."""
    numbers = itertools.count()
    return made(primitives, lambda _label, kind, built: _one(kind, built, numbers), look)


def _one(kind: p.Kind, built: Mapping[str, list[object]], numbers: itertools.count[int]) -> object:
    match kind:
        case p.Lock():
            return asyncio.Lock()
        case p.Semaphore(value):
            return asyncio.Semaphore(value)
        case p.BoundedSemaphore(value):
            return asyncio.BoundedSemaphore(value)
        case p.Event():
            return asyncio.Event()
        case p.Condition(lock):
            return asyncio.Condition(None if lock is None else cast("asyncio.Lock", built[lock[0]][lock[1] or 0]))
        case p.Barrier(parties, timeout=timeout):
            return Barrier(parties, timeout)
        case p.Queue(maxsize):
            return Queue(maxsize)
        case p.LifoQueue(maxsize):
            return LifoQueue(maxsize)
        case p.PriorityQueue(maxsize):
            return PriorityQueue(maxsize)
        case p.Future():
            return Future().numbered(next(numbers))
        case _:
            raise AssertionError(f"compiling refuses {type(kind).__name__} on asyncio")


def lock_of(place: object) -> object:
    """The lock under a condition; anything else is itself."""
    return vars(place)["_lock"] if isinstance(place, asyncio.Condition) else place


def state(place: object, attribute: str) -> object:
    """What an expression asks of an object."""
    match attribute:
        case "value":
            return vars(place)["_value"]
        case "future":
            return place
        case _:
            value = getattr(place, attribute)
            return value() if callable(value) else value


def exception_class(name: str) -> type[BaseException]:
    """The class of an exception that a scenario names: asyncio's own where it has one, a queue's Empty and Full as elsewhere."""
    if name in ("CancelledError", "InvalidStateError", "BrokenBarrierError"):
        found: type[BaseException] = getattr(asyncio, name)
        return found
    return others.exception_class(name)


SHUT: type[Exception] = getattr(asyncio, "QueueShutDown", asyncio.QueueEmpty)
"""What a queue that is shut down raises, from 3.13 on; before, none is."""


def as_elsewhere(error: Exception) -> BaseException:
    """Asyncio's exceptions of queues by the names that they have elsewhere."""
    if isinstance(error, asyncio.QueueEmpty):
        return queue.Empty()
    if isinstance(error, asyncio.QueueFull):
        return queue.Full()
    return exception_class("ShutDown")()
