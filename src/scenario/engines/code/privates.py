"""What is read of CPython beyond its documented parts."""

from __future__ import annotations

import linecache
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from operator import methodcaller
from threading import Barrier, Condition, Semaphore, Thread, stack_size
from types import FrameType, GeneratorType
from typing import Protocol, cast


class LockLike(Protocol):
    """A lock of any kind."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...
    def release(self) -> None: ...


def lock_of(condition: Condition) -> LockLike:
    """The lock that a condition was made with."""
    return cast("LockLike", vars(condition)["_lock"])


def free_again(lock: object) -> None:
    """Gives an RLock free that a thread holds which has ended: no other may."""
    methodcaller("_at_fork_reinit")(lock)


def is_taken(lock: LockLike) -> bool:
    """Whether any thread has an RLock, this one too."""
    if methodcaller("_is_owned")(lock) or not lock.acquire(blocking=False):
        return True
    lock.release()
    return False


def value_of(semaphore: Semaphore) -> int:
    """How many may still enter."""
    return cast("int", vars(semaphore)["_value"])


def action_of(barrier: Barrier) -> Callable[[], object] | None:
    """What the last to arrive calls."""
    return cast("Callable[[], object] | None", vars(barrier)["_action"])


def timeout_of(barrier: Barrier) -> float | None:
    """That of a wait which has none of its own."""
    return cast("float | None", vars(barrier)["_timeout"])


def target_of(thread: Thread) -> tuple[Callable[..., object] | None, tuple[object, ...], dict[str, object]]:
    """What it calls, with which arguments."""
    of = vars(thread)
    return of["_target"], tuple(of["_args"]), of["_kwargs"]


def is_numbered(thread: Thread) -> bool:
    """Whether its name is Python's own: it was given none."""
    first = thread.name.partition(" ")[0]
    return first.startswith("Thread-") and first.removeprefix("Thread-").isdecimal()


def thread_numbers() -> Callable[[], int]:
    """Counts the threads that are given no name, over the whole process."""
    return cast("Callable[[], int]", vars(threading)["_counter"])


def number_threads(numbers: Callable[[], int]) -> None:
    """From now on by these."""
    vars(threading)["_counter"] = numbers


def pool_numbers() -> Callable[[], int]:
    """Counts the pools that are given no name, likewise."""
    return cast("Callable[[], int]", vars(ThreadPoolExecutor)["_counter"])


STACK = 64 << 20
"""Bytes of a search's own stack, which all its greenlets share; what is not used takes no memory."""
FRAMES = 4
"""Frames that a call of the user's own takes here, at most."""


@contextmanager
def deep_stacks() -> Iterator[None]:
    """Threads started meanwhile may nest calls as deeply as without the gates between."""
    was = stack_size(STACK)
    try:
        yield
    finally:
        stack_size(was)


@contextmanager
def deep_calls() -> Iterator[None]:
    """As many calls of the user's own as else: with the gates between each takes several."""
    was = sys.getrecursionlimit()
    sys.setrecursionlimit(FRAMES * was)
    try:
        yield
    finally:
        sys.setrecursionlimit(was)


def start_unwaited(thread: Thread) -> None:
    """Starts a thread that the end of the process does not wait for."""
    thread.daemon = True
    Thread.start(thread)


def call_daemon(thread: Thread, daemon: bool) -> None:
    """What a started thread says of itself: those that it makes are then the same."""
    vars(thread)["_daemonic"] = daemon


def seen_by_caller(name: str) -> object:
    """What a variable is where the function that calls was called from."""
    frame = sys._getframe(2)
    return frame.f_locals.get(name, frame.f_globals.get(name))


def text_of_call() -> str:
    """How the call is written by which the function was called that calls this; "" where its text is not to be had."""
    frame = sys._getframe(2)
    line, last, start, end = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
    if line is None or last is None or start is None or end is None:
        return ""
    lines = [text.encode() for text in linecache.getlines(frame.f_code.co_filename, frame.f_globals)[line - 1 : last]]
    if len(lines) != last - line + 1:
        return ""
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return b"".join(lines).decode()


def thread_of(ident: int) -> Thread | None:
    """The one with this number; read as it is, for whoever was ended may hold the lock of that table."""
    return cast("Thread | None", vars(threading)["_active"].get(ident))


def frame_of(ident: int) -> FrameType | None:
    """Where a thread is now."""
    return sys._current_frames().get(ident)


def this_frame() -> FrameType:
    """Where the thread is that calls."""
    return sys._getframe(1)


def frames() -> list[FrameType]:
    """Where all threads are now."""
    return [*sys._current_frames().values()]


# --- contextlib ---------------------------------------------------------------------------------------


def left_to_do(stack: ExitStack) -> list[object]:
    """What it calls when it is left."""
    return [call for _, call in cast("deque[tuple[bool, object]]", vars(stack)["_exit_callbacks"])]


def generator_of(manager: object) -> GeneratorType[object, object, object] | None:
    """That of what `contextmanager` makes; None: it is none."""
    return getattr(manager, "gen", None) if type(manager) is _GENERATED else None


_GENERATED = type(contextmanager(lambda: iter(()))())


# --- concurrent.futures ------------------------------------------------------------------------------


def is_counted(future: Future[object]) -> bool:
    """Whether `wait` and `as_completed` count it: it is finished, or cancelled and a worker has seen that."""
    return vars(future)["_state"] in ("FINISHED", "CANCELLED_AND_NOTIFIED")


def most_workers(pool: ThreadPoolExecutor) -> int:
    """How many threads it may have."""
    return cast("int", vars(pool)["_max_workers"])


def has_threads(pool: ThreadPoolExecutor) -> bool:
    """Whether it has real ones."""
    return bool(vars(pool)["_threads"])


def is_shut(pool: ThreadPoolExecutor) -> bool:
    """Whether it was shut down before."""
    return bool(vars(pool)["_shutdown"])


def prefix_of(pool: ThreadPoolExecutor) -> str:
    """That of its threads' names."""
    return cast("str", vars(pool)["_thread_name_prefix"])


def name_workers(pool: ThreadPoolExecutor, prefix: str) -> None:
    """Its threads' names begin with that."""
    vars(pool)["_thread_name_prefix"] = prefix


def is_numbered_pool(pool: ThreadPoolExecutor) -> bool:
    """Whether their names are Python's own: it was given none."""
    return prefix_of(pool).removeprefix("ThreadPoolExecutor-").isdecimal()


def initializer_of(pool: ThreadPoolExecutor) -> tuple[Callable[..., object] | None, tuple[object, ...]]:
    """What each worker calls first (in a context of the worker's from Python 3.14 on)."""
    make = vars(pool).get("_create_worker_context")
    of = vars(pool if make is None else make())
    name = "_initializer" if make is None else "initializer"
    return of[name], of["_initargs" if make is None else "initargs"]
