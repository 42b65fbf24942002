"""The threads of a run's pools: which they are, and how they call a routine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from scenario.engines.threads import privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live.pools import Call
from scenario.program.bounded.limits import Refused
from scenario.program.program import declared_name
from scenario.real.effects import Effects


class Workers:
    """`known` are the workers seen so far; `each_primitive` gives the run's objects, `by_ident` its threads."""

    def __init__(
        self,
        may: Effects,
        seed: int,
        each_primitive: Callable[[], Iterator[object]],
        by_ident: dict[int, Actor],
        refuse: Callable[[Refused], None],
    ) -> None:
        self.known: dict[threading.Thread, Actor] = {}
        self._may = may
        self._seed = seed
        self._each_primitive = each_primitive
        self._by_ident = by_ident
        self._refuse = refuse

    def thread_pools(self) -> list[Any]:
        return [place for place in self._each_primitive() if hasattr(place, "scenario_name")]

    def process_pools(self) -> list[Any]:
        return [place for place in self._each_primitive() if type(place).__name__ == "ProcessPoolExecutor"]

    def in_pool(self, routine: Callable[..., object]) -> Call:
        """What a pool calls, with itself: the routine, with the worker's name and number."""

        def call(pool: Any, *args: object) -> object:
            me = self.worker(threading.current_thread(), pool)
            try:
                return routine(me, me.name, me.index, *args)
            except Refused as refused:  # else it would stay in the future
                self._refuse(refused)
                raise

        return Call(routine.__name__.removeprefix("r_"), call)

    def each(self) -> Iterator[Actor]:
        """All that are there now."""
        for pool in self.thread_pools():
            yield from (self.worker(thread, pool) for thread in privates.threads_of(pool) if thread.ident)

    def worker(self, thread: threading.Thread, pool: Any = None) -> Actor:
        """The actor of a pool's worker (of this pool, where that is known); they are named and numbered by Python."""
        known = self.known.get(thread)
        if known is None:
            name = self._pool_of(thread) if pool is None else pool.scenario_name
            last = thread.name.rpartition("_")[2]
            number = int(last) if last.isdigit() else 0
            effects = self._may.workers.get(declared_name(name), frozenset())
            known = Actor(f"{name}-worker[{number}]", thread.name, number, name, "worker", False, self._seed, effects)
            known = self.known.setdefault(thread, known.act_in(thread))
        self._by_ident[thread.ident or 0] = known
        return known

    def _pool_of(self, thread: threading.Thread) -> str:
        pools = (pool.scenario_name for pool in self.thread_pools() if thread in privates.threads_of(pool))
        return next(pools, "pool")
