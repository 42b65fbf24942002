"""ThreadPoolExecutor: its calls, its idle workers, its end, with the steps of scenarios.

`submit` starts a worker where none is idle and there is room for one. A worker takes a call in one step, settles its future in another, and takes
the next call, or is idle, with a third. A worker that is idle is nothing that an execution waits for, but a `shutdown` whose wake-up it never gets.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from concurrent.futures.thread import BrokenThreadPool
from contextlib import suppress
from threading import Thread

from scenario.engines.code.actors import Caught
from scenario.engines.code.privates import has_threads, initializer_of, is_shut, most_workers, prefix_of
from scenario.engines.code.runtime.here import Here
from scenario.engines.code.runtime.kinds import CONTAINERS
from scenario.engines.code.runtime.primitives import futures
from scenario.engines.code.runtime.primitives.calls import Call, Calls, FilePool

BROKEN = "A thread initializer failed, the thread pool is not usable anymore"


def submit(
    here: Here, pool: ThreadPoolExecutor, fn: Callable[..., object], /, *args: object, **named: object
) -> object:
    """`ThreadPoolExecutor.submit`."""
    calls = _calls(here, pool)
    here.step("submits to", pool, at=here.world.begins(), ready=calls.free)
    if calls.broken:
        raise BrokenThreadPool(BROKEN)
    if calls.shut or is_shut(pool):
        raise RuntimeError("cannot schedule new futures after shutdown")
    if calls.closed:
        raise RuntimeError("cannot schedule new futures after interpreter shutdown")
    future: Future[object] = Future()
    waited = calls.add(Call(future, lambda: here.called(fn, *args, **named)))
    if not waited and len(calls.workers) < most_workers(pool):
        _start(here, pool, calls)
    return future


def _calls(here: Here, pool: ThreadPoolExecutor) -> Calls:
    if has_threads(pool):
        here.world.give_up(f"{here.place.name}: the pool has worked before the threads began: make it in setup")
    return here.shadow(pool, Calls)


def _start(here: Here, pool: ThreadPoolExecutor, calls: Calls) -> None:
    number = len(calls.workers)
    name = f"{prefix_of(pool)}_{number}"
    worker = Worker(here, pool, calls)
    thread = Thread(target=worker.run, name=name, daemon=False)
    ref = f"{pool.label}-worker[{number}]" if isinstance(pool, FilePool) else name
    here.world.spawn(ref, worker.run, thread, joinable=False, rests=worker.rests)


class Worker:
    """One thread of a pool."""

    def __init__(self, here: Here, pool: ThreadPoolExecutor, calls: Calls) -> None:
        self._here, self._pool, self._calls = here, pool, calls
        self._looks = False

    def rests(self) -> bool:
        """Whether it has nothing to do: an execution does not wait for it."""
        return self._looks and not self._calls.queued

    def run(self) -> None:
        """Its life."""
        here, calls, pool = self._here.again(), self._calls, self._pool
        calls.workers.append(here.actor)
        calls.begin()
        if not self._began(here):
            calls.finish()
            return
        idle = busy = True
        calls.wait()
        while True:
            ready = (lambda: bool(calls.queued) or calls.told()) if idle else None
            self._looks = True
            here.step("takes a call of", pool, ready=ready)
            self._looks = False
            if busy:  # until now, so that what it did is before what waits for it
                calls.finish()
            if idle:
                calls.leave()
            busy = bool(calls.queued)
            if calls.queued:
                self._work(here, calls.queued.popleft())
                idle = False
            elif calls.told():
                return
            else:
                calls.rest()
                calls.wait()
                idle = True

    def _began(self, here: Here) -> bool:
        initializer, args = initializer_of(self._pool)
        if initializer is None:
            return True
        with Caught() as caught:
            here.called(initializer, *args)
        has_failed = caught.of_the_code() is not None
        if has_failed:
            self._break(here)
        return not has_failed

    def _break(self, here: Here) -> None:
        """All that is queued fails, up to a call that is cancelled; what tells workers to end is lost where none has it in hand."""
        calls = self._calls
        here.step("breaks", self._pool, ready=calls.free)
        calls.break_off()
        error = BrokenThreadPool(BROKEN)
        with suppress(InvalidStateError):
            _empty(here, self._pool, calls, lambda future: futures.set_exception(here, future, error))
            if calls.told() and not here.step("looks at", self._pool, ways=lambda: 2 if calls.waiting else 1):
                calls.lose()

    def _work(self, here: Here, call: Call) -> None:
        self._calls.begin()
        if futures.begun(here, call.future):
            value = None
            with Caught() as caught:
                value = call.run()
            error = caught.of_the_code()
            if error is None:
                futures.set_result(here, call.future, value)
            else:
                futures.set_exception(here, call.future, error)


def map_(
    here: Here,
    pool: ThreadPoolExecutor,
    fn: Callable[..., object],
    *iterables: Iterable[object],
    timeout: float | None = None,
    buffersize: int | None = None,
    **_chunksize: int,
) -> Iterator[object]:
    """`Executor.map`: the submits, then one wait a result; whoever leaves early cancels the calls left."""
    if buffersize is not None:
        here.world.give_up(f"{here.place.name}: `buffersize` of `map` is not explored")
    until = None if timeout is None else here.world.now + timeout
    read = tuple(each for each in iterables if isinstance(each, CONTAINERS))
    left: deque[object] = deque()
    rows = zip(*iterables, strict=False)
    while True:
        if read:
            here.step("reads", reads=read)
        row = next(rows, None)
        if row is None:
            return _results(here, left, until)
        left.append(submit(here, pool, fn, *row))


def _results(here: Here, left: deque[object], until: float | None) -> Iterator[object]:
    try:
        while left:
            future = left.popleft()
            assert isinstance(future, Future)
            now = here.again()
            yield futures.result(now, future, None if until is None else until - now.world.now)
    finally:
        for future in left:
            assert isinstance(future, Future)
            if not here.world.closing:
                futures.cancel(here.again(), future)


def shutdown(here: Here, pool: ThreadPoolExecutor, wait: bool = True, *, cancel_futures: bool = False) -> None:
    """`ThreadPoolExecutor.shutdown`."""
    refuse_calls(here, pool, cancel_futures=cancel_futures)
    if wait:
        wait_for_calls(here, pool)


def refuse_calls(here: Here, pool: ThreadPoolExecutor, *, cancel_futures: bool) -> None:
    """Its first step; calls that are cancelled take theirs."""
    calls = _calls(here, pool)
    here.step("shuts down", pool, ready=calls.free)
    calls.shut_down()
    if cancel_futures:
        _empty(here, pool, calls, lambda future: futures.cancel(here, future))
    calls.tell()


def wait_for_calls(here: Here, pool: ThreadPoolExecutor) -> None:
    """Its last: all calls are done."""
    calls = _calls(here, pool)
    if here.actor in calls.workers:
        raise RuntimeError("cannot join current thread")
    here.step("waits for the calls of", pool, ready=calls.over)


def close(here: Here, pools: Sequence[ThreadPoolExecutor], joined: Sequence[Thread], ready: Callable[[], bool]) -> None:
    """The interpreter ends once these have been joined: no more calls."""
    here.step("closes", *pools, reads=(*joined,), ready=ready)
    for pool in pools:
        calls = _calls(here, pool)
        calls.end()
        calls.tell()


def _empty(here: Here, pool: ThreadPoolExecutor, calls: Calls, end: Callable[[Future[object]], object]) -> None:
    """Throws away what is queued, a call at a time: workers take the others meanwhile."""
    calls.hold()
    try:
        while calls.queued:
            end(calls.queued.popleft().future)
            here.step("takes a call of", pool)
    finally:
        calls.let_go()


class Using:
    """A pool in a `with`."""

    __slots__ = ("_here", "_pool")

    def __init__(self, here: Here, pool: ThreadPoolExecutor) -> None:
        self._here, self._pool = here, pool

    def __enter__(self) -> ThreadPoolExecutor:
        return self._pool

    def __exit__(self, *error: object) -> None:
        if not self._here.world.closing:
            shutdown(self._here, self._pool)
