"""Timeouts that CPython refuses: real objects are asked for which nobody waits, so every version gives its own answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def ask_time(seconds: Any) -> None:
    """Raises what a call in C raises of that many seconds (TypeError, ValueError of a NaN, OverflowError)."""
    threading.Lock().acquire(True, seconds)


def ask_wait(timeout: Any) -> None:
    """Raises what waiting so long at a condition raises at once; so do events, barriers, queues, semaphores and futures."""
    if timeout is not None and timeout > 0:
        ask_time(timeout)


def ask_join(timeout: Any) -> None:
    """Raises what joining a thread for so long raises."""
    if timeout is not None:
        ask_time(max(timeout, 0))


def ask_acquire(lock: object, blocking: object, **timeout: object) -> None:
    """Raises what `lock.acquire(blocking, timeout=...)` raises even of a lock that is free."""
    free: Any = threading.Semaphore() if isinstance(lock, threading.Semaphore) else threading.Lock()
    free.acquire(blocking, **timeout)


def ask_queue(queue: Any, method: str, block: object, timeout: object) -> None:
    """Raises what `get` or `put` raises even where there is an item, or room."""
    if getattr(queue, "is_shutdown", False) and (method == "put" or not queue.qsize()):
        return  # ShutDown comes first
    free = type(queue)(*(() if (size := getattr(queue, "maxsize", None)) is None else (size,)))
    free.put(0, block, timeout)
    if method == "get":
        free.get(block, timeout)


def where_refused(timeout: object, otherwise: object, ask: Callable[[object], None] = ask_wait) -> Any:
    """The timeout itself, for the real call to raise of it, where it is refused; else what the schedule says."""
    try:
        ask(timeout)
    except (TypeError, ValueError, OverflowError):
        return timeout
    return otherwise
