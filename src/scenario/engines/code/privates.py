"""What is read of CPython beyond its documented parts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Barrier, Condition, Semaphore, Thread
from types import FrameType
from typing import Protocol, cast


class LockLike(Protocol):
    """A lock of any kind."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...
    def release(self) -> None: ...


def lock_of(condition: Condition) -> LockLike:
    """The lock that a condition was made with."""
    return cast("LockLike", vars(condition)["_lock"])


def value_of(semaphore: Semaphore) -> int:
    """How many may still enter."""
    return cast("int", vars(semaphore)["_value"])


def action_of(barrier: Barrier) -> Callable[[], object] | None:
    """What the last to arrive calls."""
    return cast("Callable[[], object] | None", vars(barrier)["_action"])


def timeout_of(barrier: Barrier) -> float | None:
    """That of a wait which has none of its own."""
    return cast("float | None", vars(barrier)["_timeout"])


def start_unwaited(thread: Thread) -> None:
    """Starts a thread that the end of the process does not wait for."""
    thread.daemon = True
    Thread.start(thread)


def call_daemon(thread: Thread, daemon: bool) -> None:
    """What a started thread says of itself: those that it makes are then the same."""
    vars(thread)["_daemonic"] = daemon


def frame_of(ident: int) -> FrameType | None:
    """Where a thread is now."""
    return sys._current_frames().get(ident)
