"""Ends a thread from outside by an exception that reaches what it runs for us, and nothing that Python does around that.

From CPython 3.14 on an exception may come after `with` has taken its lock and before its body begins: then nobody releases it. A
thread that begins or ends takes one that all threads need, and so none may come there.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter


class Abandoned(BaseException):
    """Ends a thread whose run is over. No `except` of a scenario catches it."""


def raise_in(ident: int, error: type[BaseException] = Abandoned) -> None:
    """At the next instruction of the thread with this number; not while it is blocked."""
    import ctypes  # only abandoned runs pay for it

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error))


def look_no_more(ident: int) -> None:
    """Ends what an exception does that is pending in a thread that stays blocked: all threads look for it in each loop.

    On CPython 3.11 a function that is traced (by a debugger, by coverage) never begins meanwhile. Who has met an exception of
    its own has ended the looking: the caller, whose number this is.
    """
    with suppress(Abandoned):
        raise_in(ident)
        while True:
            pass


_OPEN, _AIMED = "scenario_open", "scenario_aimed"
"""Kept in the thread's own attributes: whether it may be ended now, and whether somebody is about to."""


def closed(thread: threading.Thread) -> None:
    """It is not ended before it has begun, if what it runs is `within`."""
    vars(thread)[_OPEN] = False


def within(run: Callable[[], object]) -> None:
    """Runs it, in this thread, which may be ended meanwhile."""
    state = vars(threading.current_thread())
    state[_OPEN] = True
    try:
        run()
    finally:
        state[_OPEN] = False  # not by a call: one may come only there
        try:
            _settle(state)
        except Abandoned:  # the one that was there already; another may be under way
            _settle(state)


def _settle(state: dict[str, object]) -> None:
    """None is under way any more, and none is left."""
    if _AIMED in state:
        while state[_AIMED]:
            time.sleep(0)
        look_no_more(threading.get_ident())


def end(thread: threading.Thread) -> None:
    """An exception at the thread's next instruction; none while it is blocked."""
    state = vars(thread)
    state[_AIMED] = True
    try:
        if thread.ident is not None and thread.is_alive() and state.get(_OPEN, True):
            raise_in(thread.ident)
    finally:
        state[_AIMED] = False


_HELD = 0.5
"""Seconds for which no thread that lives holds a lock of Python's library."""


def give_back_shared() -> None:
    """Releases what threads that were ended have left locked for all others."""
    for lock in shared_locks():
        lock.acquire(timeout=_HELD)
        free(lock)  # from whoever has it now


def shared_locks() -> list[threading.Lock]:
    """The locks of the library that all threads of a process take: to begin and to end, and to give a pool a call."""
    pools = sys.modules.get("concurrent.futures.thread")
    return [vars(threading)["_active_limbo_lock"], *([] if pools is None else [vars(pools)["_global_shutdown_lock"]])]


def free(lock: threading.Lock) -> None:
    """Nobody has it any more, whoever had it; who waits for what another had is not told."""
    try:
        lock.release()
    except RuntimeError:  # it is an RLock of another
        attrgetter("_at_fork_reinit")(lock)()
