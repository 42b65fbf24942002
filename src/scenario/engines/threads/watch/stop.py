"""Ends the threads that a run leaves behind, as far as Python lets it."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, TypeVar

from scenario.engines.threads import privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live import pools
from scenario.engines.threads.live.runtime import Run
from scenario.interpreter.objects import lock_of, lock_under
from scenario.real import endable
from scenario.real.endable import Abandoned, look_no_more

T = TypeVar("T")

_PATIENCE, _LITTLE_PATIENCE = 1.0, 0.1
"""Seconds to wait for abandoned threads; the little is for the user's own code, whose process is thrown away."""

_AT_ONCE = 200
"""Times that each lock is released before it is asked who is still there."""

_TOGETHER, _MOMENT = 50, 0.001
"""Threads that are woken together, and the seconds that these have then."""

_left: list[threading.Thread] = []


def leftovers() -> bool:
    """Whether threads of an earlier run still live in this process: end it by `os._exit`."""
    _left[:] = [thread for thread in _left if thread.is_alive()]
    return bool(_left)


def stop(run: Run) -> bool:
    """The run is over: none of its threads takes a further step. Whether Ctrl-C came meanwhile; it is ending already."""
    came = False
    while True:
        try:
            _stop(run)
        except KeyboardInterrupt:
            came = True
        else:
            return came


def _stop(run: Run) -> None:
    run.clock.end()
    threads = [
        actor.thread for actor in (*run.members.actors, *run.workers.known.values(), *_main(run)) if actor.started
    ]
    alive = [thread for thread in threads if thread.is_alive()]
    has_processes = bool(run.process_pools())
    if alive or has_processes:
        threading.excepthook = _quiet
    with pools.without_processes(run):  # who would make one comes no further
        for thread in alive if has_processes else ():
            _raise_in(thread)
    if run.start_line is not None:
        run.start_line.set()
    places = list(run.each_primitive())
    end_threads(alive, places, lambda: _calls(places), _LITTLE_PATIENCE if run.program.python else _PATIENCE)
    pools.reopen()


def end_threads(
    alive: list[threading.Thread],
    places: list[object],
    futures: Callable[[], Iterable[object]],
    seconds: float = _PATIENCE,
) -> None:
    """Ends threads that wait at these objects or for these futures; those that do not end are left."""
    end = time.monotonic() + seconds
    rounds = 0
    with _unraisable_unsaid():
        while alive and time.monotonic() < end:
            for thread in _until(end, alive):
                _raise_in(thread)
            _wake_all(places, list(futures()), end)
            for _ in _until(end, range(min(len(alive), _AT_ONCE))):  # a lock lets one go at a time
                _wake_one_each(_until(end, places), again=rounds > 2)
                time.sleep(0)
            alive[0].join(0.002)
            alive = [thread for thread in alive if thread.is_alive()]
            endable.give_back_shared()
            rounds += 1
        if alive:
            look_no_more(threading.get_ident())
    _left.extend(alive)


def _until(end: float, items: Iterable[T]) -> Iterator[T]:
    """As many of them as there is time for: of a hundred thousand threads each takes longer than of ten."""
    for item in items:
        if time.monotonic() >= end:
            return
        yield item


def _calls(places: list[object]) -> Iterator[object]:
    """The futures of the calls of pools."""
    for place in places:
        yield from list(getattr(place, "calls", ()))


def _main(run: Run) -> list[Actor]:
    return [run.members.main] if run.members.main is not None else []


def prepare() -> None:
    """What ending threads needs is imported."""
    import_module("ctypes")


def _raise_in(thread: threading.Thread) -> None:
    """An exception at the thread's next instruction; none while it is blocked."""
    threading.excepthook = _quiet
    endable.end(thread)


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
    """Nobody is told of who is abandoned, nor what those make of it whose worker processes are ended."""
    if args.exc_type is not Abandoned and not privates.looks_after_workers(args.thread):
        threading.__excepthook__(args)


def _wake_all(places: list[object], futures: list[object], end: float) -> None:
    """Lets every thread go on that waits at a condition, to its end; not all at once, for they would be in each other's way."""
    for number, waiter in enumerate(_until(end, _waiters(_until(end, places), futures)), 1):
        _release(waiter)
        if number % _TOGETHER == 0:
            time.sleep(_MOMENT)
    for future in _until(end, futures):
        privates.wake_waiters_for_many(future)


def _waiters(places: Iterable[object], futures: list[object]) -> Iterator[object]:
    """The locks at which those stand who wait for a condition or a future."""
    for place in places:
        for condition in privates.conditions_in(place):
            yield from privates.waiters(condition)
    for future in futures:
        yield from privates.waiters_of_future(future)


def _wake_one_each(places: Iterable[Any], *, again: bool) -> None:
    """The same for one of those that wait at each lock or simple queue, and for an idle worker."""
    for place in places:
        if again:  # an exception may have come between an acquire and its release
            for condition in privates.conditions_in(place):
                _release(lock_under(condition))
        _release(lock_of(place))
        if type(place).__name__ == "SimpleQueue":
            place.put(None)
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
