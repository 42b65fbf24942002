"""The private parts of threading, queue and concurrent.futures that the engine reads: what only their source tells.

One place to look at when a new Python comes out. `controlled/hooks.py` is where some are replaced, for replay.
"""

from __future__ import annotations

import _thread
import sys
import threading
import time
from functools import cache
from operator import attrgetter
from types import CodeType, FrameType
from typing import Any

CONDITION: Any = threading.Condition
BARRIER: Any = threading.Barrier
RESTORE: CodeType = CONDITION._acquire_restore.__code__
RELEASE: CodeType = BARRIER._release.__code__
"""What opens a barrier; it runs the action, the barrier's lock held."""


def current_frames() -> dict[int, FrameType]:
    """What each thread does, by its ident."""
    return sys._current_frames()


# --- threading ---------------------------------------------------------------------------------------


def condition_in(place: Any) -> object:
    """The condition that an event or a barrier is built on."""
    return place._cond


def waiters(condition: Any) -> list[object]:
    """The locks at which its waiters stand, the longest waiting first."""
    return list(condition._waiters)


def is_waiting(waiter: object, condition: Any) -> bool:
    return waiter in condition._waiters


def conditions_in(place: object) -> list[object]:
    """The conditions inside an object of threading or queue; a condition is itself."""
    if isinstance(place, threading.Condition):
        return [place]
    return [value for value in getattr(place, "__dict__", {}).values() if isinstance(value, threading.Condition)]


def lets_in(barrier: Any) -> bool:
    """Whether a thread may arrive: it is filling, or broken, and nobody runs its action."""
    return barrier._state in (0, -2) and not barrier._cond._lock.locked()


def release_by_force(lock: Any) -> None:
    """Releases an RLock whoever owns it. Raises RuntimeError where nobody does, if Python says so."""
    if sys.version_info < (3, 14):
        lock._release_save()
    elif lock.locked():
        _empty(lock)


def _empty(lock: threading.RLock) -> None:
    """From CPython 3.14 on only its owner releases an RLock. Emptied it has forgotten who waits, until one more has waited in vain."""
    attrgetter("_at_fork_reinit")(lock)()
    if not lock.acquire(blocking=False):
        return
    over = _thread.allocate_lock()
    over.acquire()

    def wait_in_vain() -> None:
        lock.acquire(timeout=1e-6)
        over.release()

    try:
        _thread.start_new_thread(wait_in_vain, ())  # no Thread: what that takes to begin may be locked as well
        over.acquire()
    finally:
        lock.release()


def end_in_turn(thread: Any) -> None:
    """Lets several join the thread, or ask whether it is alive, in the moment of its end.

    Before 3.13 each of them takes the thread's own lock for a moment, and asserts that no other has it (`Thread._stop`).
    """
    stop = getattr(thread, "_stop", None)
    if stop is None or "_stop" in vars(thread):
        return

    def again() -> None:
        while True:
            try:
                stop()
            except AssertionError:
                time.sleep(0)
            else:
                return

    thread._stop = again


# --- concurrent.futures ------------------------------------------------------------------------------


def looks_after_workers(thread: object) -> bool:
    """Whether it is the thread of a process pool of a run, or of a pool that is gone."""
    pool = getattr(thread, "executor_reference", None)
    if pool is None:
        return False
    from scenario.real.children.process_pool import ProcessPoolExecutor

    return isinstance(pool(), ProcessPoolExecutor | None)


def threads_of(pool: Any) -> list[threading.Thread]:
    return list(pool._threads)


def routine_of(item: object) -> str:
    """What a queued call of a pool runs (from Python 3.14 on the first of its task)."""
    call = attrgetter("fn")(item) if hasattr(item, "fn") else attrgetter("task")(item)[0]
    return str(call.routine)


def calls_of(pool: Any) -> Any:
    """The queue of a pool's calls."""
    return pool._work_queue


def is_shut(pool: Any) -> bool:
    return bool(pool._shutdown)


def is_deaf(pool: object) -> bool:
    """Whether nothing lets a worker of this pool, which is shut, end: whose initializer raised has emptied the queue."""
    return bool(vars(pool)["_broken"]) and bool(calls_of(pool).empty())


def is_counted(future: Any) -> bool:
    """Whether `wait` and `as_completed` count it: it is finished, or cancelled and a worker has seen that."""
    return future._state in ("FINISHED", "CANCELLED_AND_NOTIFIED")


def wake_worker(pool: Any) -> None:
    """Lets an idle worker see that the pool, or the interpreter, is at its end."""
    pool._work_queue.put(None)


def is_idle(top: FrameType) -> bool:
    """Whether it is the frame of a pool's worker that waits for its next call."""
    module: Any = sys.modules.get("concurrent.futures.thread")
    return module is not None and top.f_code is module._worker.__code__ and top.f_lineno in lines_of(top.f_code, "get")


@cache
def lines_of(code: CodeType, name: str) -> frozenset[int]:
    """The lines where the code asks for an attribute of this name."""
    import dis  # slow to import, and only needed when something waits

    return frozenset(
        instruction.positions.lineno
        for instruction in dis.get_instructions(code)
        if instruction.argval == name and instruction.positions and instruction.positions.lineno
    )


def runs_call_of(top: FrameType, future: object) -> bool:
    """Whether the thread with this top frame runs the future's call."""
    module: Any = sys.modules.get("concurrent.futures.thread")
    frame: FrameType | None = top
    while module is not None and frame is not None:
        if frame.f_code is module._WorkItem.run.__code__:
            return getattr(frame.f_locals["self"], "future", None) is future
        frame = frame.f_back
    return False


def shut_down_in(join: FrameType) -> Any:
    """The pool that is being shut down by who joins a worker in this frame; None where it is another join."""
    module: Any = sys.modules.get("concurrent.futures.thread")
    caller = join.f_back
    if module is None or caller is None or caller.f_code is not module.ThreadPoolExecutor.shutdown.__code__:
        return None
    return caller.f_locals["self"]


def refuse_calls() -> None:
    """What the interpreter's end does to pools: from now on `submit` raises."""
    module: Any = sys.modules["concurrent.futures.thread"]
    with module._global_shutdown_lock:
        module._shutdown = True


def allow_calls() -> None:
    """Undoes `refuse_calls`; without the lock, which a thread that was left behind may hold."""
    module: Any = sys.modules.get("concurrent.futures.thread")
    if module is not None:
        module._shutdown = False


def waiters_of_future(future: Any) -> list[object]:
    """The locks at which its result is waited for."""
    return waiters(future._condition)


def each_future(given: Any) -> list[Any]:
    """Each once. Raises what `wait` and `as_completed` raise of what is none: they take each one's condition."""
    futures = list(dict.fromkeys(given))
    for _ in map(attrgetter("_condition"), sorted(futures, key=id)):
        pass
    return futures


def wake_waiters_for_many(future: Any) -> None:
    """Lets `wait` and `as_completed` look again."""
    for waiter in list(future._waiters):
        waiter.event.set()


def raises_of_a_call(frame: FrameType) -> bool:
    """Whether it is where a future raises what its call has raised, with the traceback of that."""
    base = sys.modules.get("concurrent.futures._base")
    return base is not None and frame.f_code is base.Future._Future__get_result.__code__
