"""Queues: whether one is full or empty is asked of the real object, and what then can not block is done by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue, SimpleQueue
from typing import TypeVar

from scenario.engines.code.runtime.here import Here, within

T = TypeVar("T")


def is_shut(queue: Queue[T]) -> bool:
    """Whether it was shut down (from Python 3.13 on)."""
    return bool(getattr(queue, "is_shutdown", False))


def put(here: Here, queue: Queue[T], item: T, block: bool = True, timeout: float | None = None) -> None:
    """`Queue.put`; what a subclass does in `_put` is part of the step."""
    with _at(here, "puts into", queue, lambda: not 0 < queue.maxsize <= len(queue.queue), block, timeout):
        Queue.put(queue, item, block=False)  # a subclass may call this in its own


def get(here: Here, queue: Queue[T], block: bool = True, timeout: float | None = None) -> T:
    """`Queue.get`."""
    with _at(here, "gets from", queue, lambda: bool(queue.queue), block, timeout):
        return Queue.get(queue, block=False)


@contextmanager
def _at(
    here: Here, verb: str, queue: Queue[T], can: Callable[[], bool], block: bool, timeout: float | None
) -> Iterator[None]:
    """The step comes once it can be done, the queue is shut, or, if it does not block, at once."""
    if block and timeout is not None and timeout < 0:
        raise ValueError("'timeout' must be a non-negative number")

    def ready() -> bool:
        return not queue.mutex.locked() and (not block or can() or is_shut(queue))

    here.step(verb, queue, queue.queue, reads=(queue.mutex,), ready=ready, timed=within(timeout) if block else None)
    here.timed_out(timeout)
    with here.actor.at_once():
        yield


def put_nowait(here: Here, queue: Queue[T], item: T) -> None:
    """`Queue.put_nowait`."""
    put(here, queue, item, block=False)


def get_nowait(here: Here, queue: Queue[T]) -> T:
    """`Queue.get_nowait`."""
    return get(here, queue, block=False)


def join(here: Here, queue: Queue[T]) -> None:
    """`Queue.join`."""
    here.step(
        "waits for", queue, reads=(queue.mutex,), ready=lambda: not queue.mutex.locked() and queue.unfinished_tasks == 0
    )


def task_done(here: Here, queue: Queue[T]) -> None:
    """`Queue.task_done`."""
    here.step("has done a task of", queue, reads=(queue.mutex, queue.queue), ready=lambda: not queue.mutex.locked())
    queue.task_done()


def qsize(here: Here, queue: Queue[T]) -> int:
    """`Queue.qsize`."""
    _ask(here, queue)
    return queue.qsize()


def empty(here: Here, queue: Queue[T]) -> bool:
    """`Queue.empty`."""
    _ask(here, queue)
    return queue.empty()


def full(here: Here, queue: Queue[T]) -> bool:
    """`Queue.full`."""
    _ask(here, queue)
    return queue.full()


def _ask(here: Here, queue: Queue[T]) -> None:
    """A step that only waits for whoever has taken the queue's own lock."""
    here.step("asks", reads=(queue, queue.mutex, queue.queue), ready=lambda: not queue.mutex.locked())


def simple_put(here: Here, queue: SimpleQueue[T], item: T, block: bool = True, timeout: float | None = None) -> None:
    """`SimpleQueue.put`, which never blocks."""
    here.step("puts into", queue)
    queue.put(item, block, timeout)


def simple_get(here: Here, queue: SimpleQueue[T], block: bool = True, timeout: float | None = None) -> T:
    """`SimpleQueue.get`."""
    ready = (lambda: not queue.empty()) if block else None
    here.step("gets from", queue, ready=ready, timed=within(timeout))
    here.timed_out(timeout)
    return queue.get(block=False)


def simple_get_nowait(here: Here, queue: SimpleQueue[T]) -> T:
    """`SimpleQueue.get_nowait`."""
    return simple_get(here, queue, block=False)
