"""The real primitives, with gates where their own code goes from one step to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from scenario.engines.threads.controlled import workers
from scenario.engines.threads.controlled.hooks import hang_on, leave_last, take_calls_from
from scenario.engines.threads.controlled.player import Player
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.privates import condition_in
from scenario.engines.threads.watch.library import BY_KIND
from scenario.interpreter import objects as build
from scenario.interpreter.futures import quiet
from scenario.interpreter.refusals import where_refused
from scenario.program import program as p
from scenario.program.bounded.limits import Refused
from scenario.program.program import declared_name
from scenario.real.endable import Abandoned

SHORT = 0.02
"""Seconds of a barrier's timeout where the schedule says that it times out: it then waits that long for nothing."""


class Objects(build.Builder):
    """Builds what `run` builds, and hangs gates on it."""

    def __init__(self, stage: Stage, call: Callable[[str, list[object]], object]) -> None:
        self.stage = stage
        self.call = call
        super().__init__(lambda name: lambda: call(name, []), self._thread_pool, _no_processes)

    def _one(self, label: str, kind: p.Kind, built: Any) -> object:
        if isinstance(kind, p.Barrier):
            # the schedule says when a wait times out, and Python what it refuses
            kind = p.Barrier(kind.parties, kind.action, where_refused(kind.timeout, None))
        place = super()._one(label, kind, built)
        match place:
            case threading.Condition():
                hang_on(self.stage, label, place, late=True)
            case threading.Event():
                hang_on(self.stage, label, condition_in(place), late=False)
            case threading.Barrier():
                hang_on(self.stage, label, condition_in(place), late=False)
                leave_last(self.stage, place)
            case _ if isinstance(kind, p.Future):
                self.stage.rank_when_done(place)
            case _:
                pass
        return place

    def _thread_pool(self, label: str, kind: p.ThreadPool, prefix: str) -> object:
        from concurrent.futures import ThreadPoolExecutor

        name = declared_name(label)
        primitive = next(one for one in self.stage.program.primitives if one.name == name)
        stage, call = self.stage, self.call
        calls = workers.Calls(stage, label, primitive.span)

        def initialize() -> None:
            workers.enter(stage, label)
            try:
                call(kind.initializer or "", [])
            except (Abandoned, Refused):
                raise
            except BaseException:
                stage.gate(primitive.span, ready=calls.is_free)
                stage.current().fail_to_begin()
                raise

        pool = ThreadPoolExecutor(kind.max_workers, prefix, initialize if kind.initializer else None)
        take_calls_from(pool, calls, workers.Idle(calls))
        quiet()
        return pool


def _no_processes(_: p.ProcessPool) -> object:
    raise TypeError("process pools are not explored, so there is no schedule of one")


def is_free(place: object, me: Player) -> bool:
    """Whether an acquire would not block."""
    lock = build.lock_of(place)
    if isinstance(lock, threading.Semaphore):
        return not BY_KIND["semaphore"].refuses(lock)
    if build.is_rlock(lock):
        owner, locked = build.rlock_state(lock)
        return not locked or owner == me.thread.ident
    return not lock.locked()
