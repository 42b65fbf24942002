"""The process pools of a run: they are main's alone, since an executor can not be given to a process.

A callback runs in the parent, in the thread that looks after the pool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from dataclasses import replace
from functools import partial
from typing import NoReturn, TypeVar

from scenario.engines.processes.denied import Denied
from scenario.engines.processes.objects import noted
from scenario.engines.processes.parts import Parts
from scenario.engines.processes.pool_worker import call, setup
from scenario.interpreter.futures import number_of, quiet
from scenario.program.bounded.sets import Set
from scenario.program.program import ProcessPool, declared_name
from scenario.real.children import cpu
from scenario.real.children.process_pool import ProcessPoolExecutor, of_workers
from scenario.real.children.spawned import Context
from scenario.real.effects import Effect, Effects
from scenario.real.making import made
from scenario.results.waiting import Wait

T = TypeVar("T")


class Call(futures.Future[T]):
    """A future of a pool's, which tells that main waits for it. `place` is the pool's."""

    place: int

    def result(self, timeout: float | None = None) -> T:
        with noted("future", self.place, timeout):
            return super().result(timeout)


class Pool(ProcessPoolExecutor):
    """`place` is its number, after those of the objects that all processes have."""

    def __init__(
        self, place: int, given: tuple[object, ...], most: int | None, denied: Callable[[OSError], NoReturn]
    ) -> None:
        super().__init__(most, setup, given, denied)
        self.place = place

    def submit(self, fn: Callable[..., T], /, *args: object, **kwargs: object) -> futures.Future[T]:
        future = super().submit(fn, *args, **kwargs)
        future.__class__ = Call
        vars(future)["place"] = self.place
        number_of(future)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        if wait and self.manager is not None:
            with noted("calls", self.place):
                self.manager.join()


class Pools:
    """All of them. `names` are those of the objects that all processes have, to which theirs are added."""

    def __init__(self, parts: Parts, names: list[tuple[str, str]], denied: Denied) -> None:
        program = parts.program
        self._denied = denied
        self._given = replace(parts, program=of_workers(program), objects={}, containers={}, recording=None)
        self._names = names
        self._pools: list[Pool] = []
        own = [p for p in program.primitives if any(isinstance(kind, ProcessPool) for kind in p.elements)]
        self.objects = made(tuple(own), lambda label, kind, _: self._made(label, kind))
        self._effects = Effects(program).callbacks
        self._before: tuple[bool, list[int]] = (False, [])
        self._waited: tuple[str, list[futures.Future[object]]] = ("", [])
        self.effects: frozenset[Effect] = frozenset()
        self.are_busy = False

    def _made(self, label: str, kind: object) -> Pool:
        assert isinstance(kind, ProcessPool)
        quiet()
        given = (self._given, label, Context().Value("i", 0), kind.initializer)
        pool = Pool(len(self._names), given, kind.max_workers, self._denied.note)
        self._names.append((declared_name(label), label))
        self._pools.append(pool)
        return pool

    # --- what emitted code calls ----------------------------------------------------------------------------

    def functions(self) -> dict[str, Callable[..., object]]:
        return {
            "in_process": lambda routine: partial(call, routine),
            "wait_futures": self._wait, "as_completed": self._as_completed,
        }  # fmt: skip

    def _wait(
        self,
        given: Iterable[futures.Future[object]],
        timeout: float | None = None,
        return_when: str = futures.ALL_COMPLETED,
    ) -> object:
        """`concurrent.futures.wait`: a tuple of the set of done ones and the set of the others."""
        self._waited = (return_when, list(given))
        with noted("futures", len(self._names), timeout):
            return tuple(map(Set, futures.wait(self._waited[1], timeout, return_when)))

    def _as_completed(
        self, given: Iterable[futures.Future[object]], timeout: float | None = None
    ) -> Iterator[futures.Future[object]]:
        left = list(dict.fromkeys(given))
        following = futures.as_completed(left, timeout)
        while True:
            self._waited = (futures.FIRST_COMPLETED, left)
            with noted("futures", len(self._names), timeout):
                future = next(following, None)
            if future is None:
                return
            left.remove(future)
            yield future

    # --- what the watcher asks ------------------------------------------------------------------------------

    def look(self) -> None:
        """Whether a call may still end: none is left at two looks between which nobody has looked after a pool."""
        managers = [pool.manager for pool in self._pools if pool.manager is not None and pool.manager.is_alive()]
        clocks = [cpu.clock(manager.native_id) for manager in managers]
        now = any(pool.is_at_work() for pool in self._pools)
        self.are_busy = now or self._before != (False, clocks)
        self._before = (now, clocks)
        self.effects = self._effects if self.are_busy else frozenset()

    def awaited(self) -> Wait:
        """What main waits for in `wait_futures` or `as_completed`."""
        when, given = self._waited
        done = sum(vars(future)["_state"] in ("FINISHED", "CANCELLED_AND_NOTIFIED") for future in given)
        return Wait("futures", needs=1 if when == futures.FIRST_COMPLETED else len(given), has=done)

    # --- the end --------------------------------------------------------------------------------------------

    def close(self) -> None:
        """As the end of main does: no more `submit`, and what is queued is worked off."""
        for pool in self._pools:
            pool.shutdown(wait=False)

    def are_alive(self) -> bool:
        return any(pool.manager is not None and pool.manager.is_alive() for pool in self._pools)

    def kill(self) -> None:
        """Their processes end, whatever they do; none of them is in the middle of a message."""
        with self._given.still():
            for pool in self._pools:
                pool.end_processes()
