"""Pools: the real executors of concurrent.futures, watched."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, NamedTuple, NoReturn, Protocol, TypeVar

from scenario.engines.threads import privates
from scenario.interpreter.futures import number_of, quiet
from scenario.program.bounded.limits import Refused
from scenario.program.program import ProcessPool, Program, ThreadPool

T = TypeVar("T")


class Remote(NamedTuple):
    """What a worker process does first, and for a call."""

    setup: Callable[..., object]
    call: Callable[..., object]


class Host(Protocol):
    """What a pool asks of the run that it belongs to."""

    program: Program
    seed: int
    remote: Remote

    def in_pool(self, routine: Callable[..., object]) -> Call: ...
    def callable(self, name: str) -> Callable[..., object]: ...
    def denied(self, error: OSError) -> NoReturn: ...
    def refuse(self, refused: Refused) -> None: ...
    def thread_pools(self) -> list[Any]: ...
    def process_pools(self) -> list[Any]: ...


class Call:
    """What a pool calls: a routine, by its name for who asks what is queued."""

    __slots__ = ("_run", "routine")

    def __init__(self, routine: str, run: Callable[..., object]) -> None:
        self.routine, self._run = routine, run

    def __call__(self, *args: object) -> object:
        return self._run(*args)


@cache
def _executor() -> Callable[..., object]:
    """The class of thread pools: made once, and only where one is needed (it is slow to import)."""
    from concurrent import futures

    class ThreadPoolExecutor(futures.ThreadPoolExecutor):
        """`emptied`: whether calls have been thrown away; no worker will ever come upon those.

        Calls are told whose they are: a worker runs before CPython has put it among the pool's threads.
        """

        def __init__(
            self, label: str, max_workers: int, prefix: str, initializer: Callable[..., object] | None
        ) -> None:
            super().__init__(max_workers, prefix, self._told(initializer))
            self.scenario_name = label
            self.calls: dict[futures.Future[object], str] = {}
            self.ending = self.emptied = False

        def _told(self, fn: T) -> T | partial[object]:
            return partial(fn, self) if isinstance(fn, Call) else fn

        def end(self) -> None:
            """The interpreter ends."""
            self.ending = True
            privates.wake_worker(self)

        def submit(self, fn: Callable[..., object], /, *args: object, **kwargs: object) -> futures.Future[Any]:
            future = super().submit(self._told(fn), *args, **kwargs)
            self.calls[future] = fn.routine if isinstance(fn, Call) else ""
            number_of(future)
            return future

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            """A call that waits for its own pool is refused at once: CPython joins the workers in no order that is known."""
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            self.emptied = self.emptied or bool(cancel_futures)
            if wait and threading.current_thread() in privates.threads_of(self):
                threading.current_thread().join()
            elif wait:
                super().shutdown()

        def forget_done(self) -> None:
            """A cancelled future is not done with as long as a worker may come upon it."""
            for future in list(self.calls):  # others add to it meanwhile
                if privates.is_counted(future):
                    self.calls.pop(future, None)

    return ThreadPoolExecutor


def thread_pool(
    run: Host, label: str, kind: ThreadPool, prefix: str, routines: dict[str, Callable[..., object]]
) -> object:
    """A ThreadPoolExecutor that keeps its unfinished calls and their routines in `calls`, for the watcher."""
    own = None if kind.initializer is None else routines.get(kind.initializer)
    initializer: Callable[..., object] | None = None if own is None else run.in_pool(own)
    if kind.initializer is not None and initializer is None:
        initializer = run.callable(kind.initializer)
    quiet()
    return _executor()(label, kind.max_workers, prefix, initializer)


def process_pool(run: Host, kind: ProcessPool) -> object:
    """A ProcessPoolExecutor whose workers are given the program and compile it themselves."""
    from scenario.real.children.process_pool import ProcessPoolExecutor  # slow to import

    given = (run.program, run.seed, kind.initializer)
    return ProcessPoolExecutor(kind.max_workers, run.remote.setup, given, run.denied, run.refuse)


def end(run: Host) -> None:
    """What the interpreter does when the main thread has ended: no more `submit`, and idle workers may go."""
    pools = run.thread_pools()
    if not pools and not run.process_pools():
        return
    if pools:
        privates.refuse_calls()
        for pool in pools:
            pool.end()
    for pool in run.process_pools():
        pool.shutdown(wait=False)


def workers(run: Host) -> Iterator[threading.Thread]:
    """Whom the interpreter waits for at its end before it waits for other threads, and before `main` counts as ended."""
    for pool in run.thread_pools():
        yield from privates.threads_of(pool)
    for pool in run.process_pools():
        if pool.manager is not None:
            yield pool.manager


def reopen() -> None:
    """Undoes `end` for the next run in this process."""
    privates.allow_calls()


@contextmanager
def without_processes(run: Host) -> Iterator[None]:
    """Ends the worker processes of pools, whatever they do, and lets none be made meanwhile."""
    if not run.process_pools():
        yield
        return
    from scenario.real.children.spawned import none_is_made

    with none_is_made():
        for pool in run.process_pools():
            pool.end_processes()
        yield
