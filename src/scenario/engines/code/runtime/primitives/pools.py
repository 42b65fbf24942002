"""ThreadPoolExecutor: its calls, its idle workers, its end, with the steps of scenarios.

`submit` starts a worker where none is idle and there is room for one. A worker takes a call in one step, settles its future in another, and takes
the next call, or is idle, with a third. A worker that is idle is nothing that an execution waits for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.thread import BrokenThreadPool
from threading import Thread

from scenario.engines.code.actors import Actor, Caught
from scenario.engines.code.privates import has_threads, initializer_of, is_shut, most_workers, prefix_of
from scenario.engines.code.runtime.here import Here
from scenario.engines.code.runtime.kinds import CONTAINERS
from scenario.engines.code.runtime.primitives import futures
from scenario.record import record

BROKEN = "A thread initializer failed, the thread pool is not usable anymore"


@record
class Call:
    """What a worker is to do."""

    future: Future[object]
    run: Callable[[], object]


class Calls:
    """A pool in this execution. `idle`: workers that no call was given to; `busy`: those that have one.

    `held`: somebody goes through the queue and throws calls away; no other submits or shuts down meanwhile.
    """

    def __init__(self) -> None:
        self.queued: deque[Call] = deque()
        self.workers: list[Actor] = []
        self.idle = self.busy = 0
        self.shut = self.broken = self.held = False

    def over(self) -> bool:
        """Whether nothing is left to do."""
        return not self.queued and not self.busy

    def add(self, call: Call) -> bool:
        """One more to do; returns whether a worker was idle, which it is for."""
        self.queued.append(call)
        waited = self.idle > 0
        self.idle -= waited
        return waited

    def rest(self) -> None:
        """A worker finds nothing to do."""
        self.idle += 1

    def begin(self) -> None:
        """A worker has a call."""
        self.busy += 1

    def finish(self) -> None:
        """It is done."""
        self.busy -= 1

    def shut_down(self) -> None:
        """No more calls."""
        self.shut = True

    def break_off(self) -> None:
        """No worker could begin."""
        self.broken = True

    def hold(self) -> None:
        """From now on calls are thrown away."""
        self.held = True

    def let_go(self) -> None:
        """No more of them."""
        self.held = False

    def free(self) -> bool:
        """Whether nobody throws calls away."""
        return not self.held


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
    name = f"{prefix_of(pool)}_{len(calls.workers)}"
    worker = Worker(here, pool, calls)
    thread = Thread(target=worker.run, name=name, daemon=False)
    actor = here.world.spawn(name, worker.run, thread, joinable=False, rests=worker.rests)
    calls.workers.append(actor)


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
        if not self._began(here):
            return
        idle = True
        while True:
            ready = (lambda: bool(calls.queued) or calls.shut or calls.broken) if idle else None
            self._looks = True
            here.step("takes a call of", pool, ready=ready)
            self._looks = False
            if calls.queued:
                self._work(here, calls.queued.popleft())
                idle = False
            elif calls.shut or calls.broken:
                return
            elif not idle:
                calls.rest()
                idle = True

    def _began(self, here: Here) -> bool:
        initializer, args = initializer_of(self._pool)
        if initializer is None:
            return True
        with Caught() as caught:
            here.called(initializer, *args)
        if caught.of_the_code() is None:
            return True
        here.step("breaks", self._pool, ready=self._calls.free)
        self._calls.break_off()
        error = BrokenThreadPool(BROKEN)
        _empty(here, self._pool, self._calls, lambda future: futures.set_exception(here, future, error))
        return False

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
        self._calls.finish()


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
    """`ThreadPoolExecutor.shutdown`: one step, and one that waits for the calls; those that are cancelled take theirs in between."""
    calls = _calls(here, pool)
    here.step("shuts down", pool, ready=calls.free)
    calls.shut_down()
    if cancel_futures:
        _empty(here, pool, calls, lambda future: futures.cancel(here, future))
    if wait:
        if here.actor in calls.workers:
            raise RuntimeError("cannot join current thread")
        here.step("waits for the calls of", pool, ready=calls.over)


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
