"""Which functions of the standard library are done under control, and by what.

They are known by what they are, not by their names: `from time import sleep`, a module of aliases and a lock that was made at
import all lead here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent import futures as pythons
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from queue import Queue, SimpleQueue
from types import BuiltinFunctionType, MethodType
from typing import TypeAlias

from scenario.engines.code.operation import Location
from scenario.engines.code.runtime.primitives import barriers, conditions, futures, locks, pools, queues, threads

Handler: TypeAlias = Callable[..., object]
"""Here, the object if it is a method, then the arguments of the call."""

CLOCK: Location = "clock"

FUNCTIONS: Mapping[object, Handler] = {
    threading.Condition.wait: conditions.condition_wait,
    threading.Condition.wait_for: conditions.wait_for,
    threading.Condition.__enter__: conditions.condition_enter,
    threading.Condition.__exit__: conditions.condition_exit,
    threading.Semaphore.__exit__: conditions.semaphore_exit,
    threading.Condition.notify: conditions.notify,
    threading.Condition.notify_all: conditions.notify_all,
    threading.Barrier.wait: barriers.wait,
    threading.Barrier.abort: barriers.abort,
    threading.Barrier.reset: barriers.reset,
    threading.Event.wait: conditions.event_wait,
    threading.Event.set: conditions.event_set,
    threading.Event.clear: conditions.event_clear,
    threading.Event.is_set: conditions.is_set,
    threading.Semaphore.acquire: conditions.semaphore_acquire,
    threading.Semaphore.release: conditions.semaphore_release,
    threading.BoundedSemaphore.release: conditions.semaphore_release,
    threading.Thread.start: threads.start,
    threading.Thread.run: threads.run,
    threading.Timer.run: threads.fire,
    threading.Thread.join: threads.join,
    threading.Thread.is_alive: threads.is_alive,
    threading.Timer.cancel: threads.cancel,
    threading.current_thread: threads.current_thread,
    threading.get_ident: threads.get_ident,
    threading.active_count: threads.active_count,
    threading.enumerate: threads.enumerate_threads,
    Queue.put: queues.put,
    Queue.get: queues.get,
    Queue.put_nowait: queues.put_nowait,
    Queue.get_nowait: queues.get_nowait,
    Queue.join: queues.join,
    Queue.task_done: queues.task_done,
    Queue.qsize: queues.qsize,
    Queue.empty: queues.empty,
    Queue.full: queues.full,
    Future.result: futures.result,
    Future.exception: futures.exception,
    Future.done: futures.done,
    Future.running: futures.running,
    Future.cancelled: futures.cancelled,
    Future.cancel: futures.cancel,
    Future.set_result: futures.set_result,
    Future.set_exception: futures.set_exception,
    Future.set_running_or_notify_cancel: futures.set_running_or_notify_cancel,
    Future.add_done_callback: futures.add_done_callback,
    pythons.wait: futures.wait,
    pythons.as_completed: futures.as_completed,
    ThreadPoolExecutor.submit: pools.submit,
    ThreadPoolExecutor.shutdown: pools.shutdown,
    Executor.map: pools.map_,
}
"""Functions, and methods in Python."""

METHODS: Mapping[tuple[type, str], Handler] = {
    **{(kind, "acquire"): locks.acquire for kind in (locks.LOCK, locks.RLOCK)},
    **{(kind, "__enter__"): locks.acquire for kind in (locks.LOCK, locks.RLOCK)},
    **{(kind, "__exit__"): locks.leave for kind in (locks.LOCK, locks.RLOCK)},
    **{(kind, "release"): locks.release for kind in (locks.LOCK, locks.RLOCK)},
    **{(kind, "locked"): locks.locked for kind in (locks.LOCK, locks.RLOCK)},
    (SimpleQueue, "put"): queues.simple_put,
    (SimpleQueue, "get"): queues.simple_get,
    (SimpleQueue, "get_nowait"): queues.simple_get_nowait,
}
"""Methods in C, by the type of the object."""

CLOCKS: Mapping[object, float] = {
    time.monotonic: 1,
    time.time: 1,
    time.perf_counter: 1,
    time.monotonic_ns: 1e9,
    time.time_ns: 1e9,
    time.perf_counter_ns: 1e9,
}
"""What reads the clock: units a second."""
PRIMITIVES = (
    locks.LOCK, locks.RLOCK, threading.Condition, threading.Event, threading.Semaphore, threading.Barrier,
    threading.Thread, Queue, SimpleQueue, Future, ThreadPoolExecutor,
)  # fmt: skip


def is_primitive(value: object) -> bool:
    """Whether a value is what threads wait for."""
    return isinstance(value, PRIMITIVES)


def now(passed: float, units: float) -> float | int:
    """The scenario's clock, so many seconds after its beginning: time moves where a sleep or a timeout moves it."""
    seconds = 1_000_000.0 + passed
    return seconds if units == 1 else int(seconds * units)


class HandedOn(partial[object]):
    """A primitive's method with the gate of calls before it: C and Python's own modules call it as they would call the method."""


def handed_on(gate: Callable[..., object], number: int, value: object) -> object:
    """The value, or what stands for it in code without gates."""
    if type(value) is MethodType and value.__func__ in FUNCTIONS:
        return HandedOn(gate, number, value)
    if isinstance(value, BuiltinFunctionType) and (type(value.__self__), value.__name__) in METHODS:
        return HandedOn(gate, number, value)
    return value
