"""The real primitives, with gates where their own code goes from one step to the next."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from scenario.engines.threads import build, pools
from scenario.engines.threads.actors import Abandoned
from scenario.engines.threads.controlled.stage import Player, Stage, never
from scenario.program import program as p

SHORT = 0.02
"""Seconds of a barrier's timeout where the schedule says that it times out: it then waits that long for nothing."""


class Objects(build.Builder):
    """Builds what `run` builds, and hangs gates on it."""

    def __init__(self, stage: Stage, call: Callable[[str, list[Any]], Any]) -> None:
        self.stage = stage
        self.call = call
        super().__init__(lambda name: lambda: call(name, []), self._thread_pool, _no_processes)
        self._elements: dict[str, int] = {}

    def _one(self, name: str, kind: p.Kind, built: Any) -> Any:
        if isinstance(kind, p.Barrier):
            kind = p.Barrier(kind.parties, kind.action, None)
        place = super()._one(name, kind, built)
        match place:
            case threading.Condition():
                _hang_on(self.stage, place, late=True)
            case threading.Event():
                _hang_on(self.stage, place._cond, late=False)  # type: ignore[attr-defined]  # noqa: SLF001
            case threading.Barrier():
                _hang_on(self.stage, place._cond, late=False)  # type: ignore[attr-defined]  # noqa: SLF001
                _leave_last(self.stage, place)
            case _:
                pass
        return place

    def _thread_pool(self, name: str, kind: p.ThreadPool, prefix: str) -> Any:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        primitive = next(one for one in self.stage.program.primitives if one.name == name)
        number = self._elements.get(name, 0)
        self._elements[name] = number + 1
        label = f"{name}[{number}]" if primitive.is_array else name
        stage, call = self.stage, self.call

        def initialize() -> None:
            _worker(stage, label)
            try:
                call(kind.initializer or "", [])
            except Abandoned:
                raise
            except BaseException:
                stage.gate(primitive.span)
                raise

        pool = ThreadPoolExecutor(kind.max_workers, prefix, initialize if kind.initializer else None)
        calls = Calls(stage, label, primitive.span)
        pool._work_queue, pool._idle_semaphore = calls, Idle(calls)  # type: ignore[assignment]  # noqa: SLF001
        pools._quiet()  # noqa: SLF001
        return pool


def _no_processes(_: p.ProcessPool) -> Any:
    raise TypeError("process pools are not explored, so there is no schedule of one")


# --- conditions, also those inside events and barriers ------------------------------------------------


def _hang_on(stage: Stage, condition: Any, *, late: bool) -> None:
    """Queueing is the end of a step; what follows (time out, go on, take the lock back) stands at gates."""
    save, restore = condition._release_save, condition._acquire_restore  # noqa: SLF001

    def release_save() -> Any:
        me = stage.current()
        me.waiter, me.queue = condition._waiters[-1], condition  # noqa: SLF001
        state = save()
        me.inside = False
        way = stage.next_way(me)
        if way in ("timeout", "spurious"):
            stage.gate(me.span, me.waits_for, never)
            me.inside = False
            if way == "timeout":
                me.expired = True
            else:
                condition._waiters.remove(me.waiter)  # noqa: SLF001
                me.waiter.release()
                stage.exempt["spurious wake-ups are imitated: CPython's own locks never wake without a reason"] = None
        else:
            stage.move_to(me, "queued")
        return state

    def acquire_restore(state: Any) -> None:
        me = stage.current()
        expired, me.expired = me.expired, False
        if late or not expired:
            lock = condition._lock  # noqa: SLF001
            if stage.over:
                restore(state)
                raise Abandoned
            ready = (lambda: not build.locked(lock)) if late else (lambda: True)
            stage.gate(me.span, me.waits_for, ready, counts=False)
        restore(state)

    condition._release_save, condition._acquire_restore = release_save, acquire_restore  # noqa: SLF001


def _leave_last(stage: Stage, barrier: Any) -> None:
    """The party that opens a barrier leaves by a step of its own, like the others."""
    real, condition = barrier._release, barrier._cond  # noqa: SLF001

    def release() -> None:
        real()
        condition.release()
        try:
            me = stage.current()
            stage.gate(me.span, me.waits_for)
        finally:
            condition.acquire()

    barrier._release = release  # noqa: SLF001


def order_waiters(stage: Stage, condition: Any, wakes: tuple[str, ...]) -> None:
    """Those that the schedule wakes stand first in the queue."""
    chosen = [stage.players[ref].waiter for ref in wakes if ref in stage.players]
    waiters = list(condition._waiters)  # noqa: SLF001
    if waiters[: len(chosen)] != chosen and all(waiter in waiters for waiter in chosen):
        if set(map(id, waiters[: len(chosen)])) != set(map(id, chosen)):
            stage.exempt["a notification wakes another waiter than the one that today's CPython would choose"] = None
        condition._waiters = deque([*chosen, *(w for w in waiters if w not in chosen)])  # noqa: SLF001


# --- pools ------------------------------------------------------------------------------------------


class Calls:
    """A pool's queue of calls, from which a worker takes one when the schedule says so."""

    def __init__(self, stage: Stage, label: str, span: Any) -> None:
        self.stage = stage
        self.label = label
        self.span = span
        self.items: deque[Any] = deque()

    def put(self, item: Any) -> None:
        if item is not None:
            self.items.append(item)

    def drop_cancelled(self) -> None:
        for item in [item for item in self.items if item.future.cancelled()]:
            item.future.set_running_or_notify_cancel()
            self.items.remove(item)

    def get_nowait(self) -> Any:
        """A worker always goes on to `get`; `shutdown` takes what is left."""
        if not self.stage.has_entered() or self.stage.current().worker or not self.items:
            raise queue.Empty
        return self.items.popleft()

    def get(self, block: bool = True) -> Any:  # noqa: ARG002 (the queue's signature)
        _worker(self.stage, self.label)
        self.stage.gate(self.span, "a call", lambda: bool(self.items))
        if self.idle():
            self.stage.exempt["which idle worker of a pool takes a call is the schedule's choice"] = None
        return self.items.popleft()

    def idle(self) -> int:
        """How many workers wait for a call."""
        workers = [p for p in list(self.stage.players.values()) if p.group == f"{self.label}-worker"]
        return sum(player.state == "gate" and player.waits_for == "a call" for player in workers)


class Idle:
    """A pool's count of idle workers, which tells `submit` whether to start one: each queued call has one or not.

    CPython's own counts wake-ups that are on their way; here nothing is on its way between two steps.
    """

    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    def acquire(self, timeout: float | None = None) -> bool:  # noqa: ARG002 (the semaphore's signature)
        return self.calls.idle() >= len(self.calls.items)

    def release(self) -> None:
        """A worker has become idle: it stands at its gate."""


def _worker(stage: Stage, label: str) -> Player:
    """This thread as a worker of the pool."""
    if stage.has_entered():
        return stage.current()
    thread = threading.current_thread()
    number = int(thread.name.rpartition("_")[2])
    ref = f"{label}-worker[{number}]"
    player = Player(ref, thread.name, number, f"{label}-worker", worker=True, thread=thread, state="running")
    stage.enter(player)
    stage.players[ref] = player
    return player


def is_quiet(stage: Stage, pool: Any) -> bool:
    """Whether no call is queued or running."""
    label = pool._work_queue.label  # noqa: SLF001
    workers = [player for player in stage.players.values() if player.group == f"{label}-worker"]
    return not pool._work_queue.items and all(w.waits_for == "a call" for w in workers)  # noqa: SLF001


def new_workers(stage: Stage, pool: Any) -> None:
    """Waits until each worker that a submit has started stands before its first step."""
    label, me = pool._work_queue.label, stage.current()  # noqa: SLF001

    def arrived() -> bool:
        workers = [w for w in list(stage.players.values()) if w.group == f"{label}-worker"]
        return len(workers) == len(pool._threads) and all(w.state != "running" for w in workers if w is not me)  # noqa: SLF001

    stage.wait_until(arrived)


def is_free(place: Any, me: Player) -> bool:
    """Whether an acquire would not block."""
    lock = build.lock_of(place)
    if isinstance(lock, threading.Semaphore):
        return lock._value > 0  # noqa: SLF001
    if build.is_rlock(lock):
        owner, locked = build.rlock_state(lock)
        return not locked or owner == me.thread.ident
    return not lock.locked()
