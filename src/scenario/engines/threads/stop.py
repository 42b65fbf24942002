"""Ends the threads that a run leaves behind, as far as Python lets it."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from scenario.engines.threads import pools, privates
from scenario.engines.threads.actors import Abandoned, Actor
from scenario.engines.threads.build import lock_of
from scenario.engines.threads.runtime import Run

_PATIENCE, _LITTLE_PATIENCE = 1.0, 0.1
"""Seconds to wait for abandoned threads; the little is for the user's own code, whose process is thrown away."""

_AT_ONCE = 200
"""Times that each lock is released before it is asked who is still there."""

_left: list[threading.Thread] = []


def leftovers() -> bool:
    """Whether threads of an earlier run still live in this process: end it by `os._exit`."""
    _left[:] = [thread for thread in _left if thread.is_alive()]
    return bool(_left)


def leave(thread: threading.Thread) -> None:
    """Says that a thread may live on, blocked for ever."""
    _left.append(thread)


def stop(run: Run) -> None:
    """The run is over: none of its threads takes a further step."""
    run.clock.end()
    threads = [
        actor.thread for actor in (*run.members.actors, *run.workers.known.values(), *_main(run)) if actor.started
    ]
    alive = [thread for thread in threads if thread.is_alive()]
    if alive or run.process_pools():
        pools.kill_processes(run)
    end = time.monotonic() + (_LITTLE_PATIENCE if run.program.python else _PATIENCE)
    rounds = 0
    with _unraisable_unsaid():
        while alive and time.monotonic() < end:
            for thread in alive:
                _raise_in(thread)
            for _ in range(min(len(alive), _AT_ONCE)):  # a lock lets one go at a time
                _release_all(run, again=rounds > 2)
                time.sleep(0)
            alive[0].join(0.002)
            alive = [thread for thread in alive if thread.is_alive()]
            rounds += 1
    _left.extend(alive)
    pools.reopen()


def _main(run: Run) -> list[Actor]:
    return [run.members.main] if run.members.main is not None else []


def _raise_in(thread: threading.Thread) -> None:
    """An exception at the thread's next instruction; none while it is blocked."""
    import ctypes  # only abandoned runs pay for it

    threading.excepthook = _quiet
    if thread.ident is not None and thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(Abandoned))


@contextlib.contextmanager
def _unraisable_unsaid() -> Iterator[None]:
    """An Abandoned that comes while a finalizer or a callback of the collector runs is lost; the next round raises anew."""
    before = sys.unraisablehook

    def hook(args: sys.UnraisableHookArgs) -> None:
        if args.exc_type is not Abandoned:
            before(args)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


def _quiet(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not Abandoned:
        threading.__excepthook__(args)


def _release_all(run: Run, *, again: bool) -> None:
    """Lets every blocked thread go on, to its end."""
    for place in run.each_primitive():
        for condition in privates.conditions_in(place):
            for waiter in privates.waiters(condition):
                _release(waiter)
            if again:  # an exception may have come between an acquire and its release
                _release(privates.lock_under(condition))
        _release(lock_of(place))
        if type(place).__name__ == "SimpleQueue":
            place.put(None)
        for future in getattr(place, "calls", ()):
            for waiter in privates.waiters_of_future(future):
                _release(waiter)
            privates.wake_waiters_for_many(future)
        if hasattr(place, "scenario_name"):
            privates.wake_worker(place)


def _release(lock: Any) -> None:
    try:
        if type(lock).__name__ == "RLock":
            privates.release_by_force(lock)  # release by another thread is refused; this is not
        elif type(lock).__name__ == "lock":
            lock.release()
    except RuntimeError:
        pass  # it was free
