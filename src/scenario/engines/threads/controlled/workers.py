"""A pool's workers, and its queue of calls, from which one is taken when the schedule says so."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scenario.engines.threads.controlled.facts import ACall
from scenario.engines.threads.controlled.player import Player, always
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.privates import calls_of, threads_of
from scenario.source import Span


class Calls:
    """What stands for a ThreadPoolExecutor's queue. `is_shut`: its workers have been told to end."""

    def __init__(self, stage: Stage, label: str, span: Span) -> None:
        self.stage = stage
        self.label = label
        self.span = span
        self.items: deque[Any] = deque()
        self.emptying: Player | None = None
        self.thrower: Player | None = None
        self.is_shut = False
        self.a_call = ACall(label)

    @contextmanager
    def emptied(self, *, wanted: bool) -> Iterator[None]:
        """Meanwhile this thread throws away what it takes."""
        self.emptying = self.stage.current() if wanted else None
        yield
        self.emptying = None

    def put(self, item: object) -> None:
        if item is None:
            self.is_shut = True
            self.a_call.tell()
        else:
            self.items.append(item)

    def get_nowait(self) -> object:
        """A worker always goes on to `get`; `shutdown` takes what is left, and so does who broke the pool.

        Each call that is thrown away takes two steps, and the look after it is another: workers take calls meanwhile.
        """
        me = self.stage.current() if self.stage.has_entered() else None
        if me is None or not (me.broken or me is self.emptying):
            raise queue.Empty
        if self.thrower is me:
            self.stage.gate(me.span)
        if not self.items:
            self._end(me)
            raise queue.Empty
        left, self.thrower = self.items.popleft(), me
        self.stage.gate(me.span)
        if me.broken and left.future.cancelled():
            self._leave(me)  # it raises of it
        return left

    def _end(self, me: Player) -> None:
        """There is nothing more; who broke the pool may have taken away what tells others to end."""
        if me.broken and self.is_shut and me.cue.move.part != "kept":
            self.a_call.lose()
        self._leave(me)

    def _leave(self, me: Player) -> None:
        self.thrower = None
        if me.broken:
            self.stage.move_to(me, "over")

    def is_free(self) -> bool:
        """Whether nobody goes through the queue: who does has the pool's lock."""
        return self.thrower is None

    def get(self, block: bool = True) -> object:  # noqa: ARG002 (the queue's signature)
        """After a call a worker takes the next with a step, or is idle from then on."""
        me = enter(self.stage, self.label)
        while True:
            self.stage.gate(self.span, self.a_call, self._has_one if me.idle else always)
            if self.items:
                break
            me.rest(idle=True)
        me.rest(idle=False)
        if self.idle():
            self.stage.exempt["worker"] = None
        item = self.items.popleft()
        if item.future.cancelled():
            self.stage.rank(item.future)
        return item

    def _has_one(self) -> bool:
        return bool(self.items)

    def workers(self) -> list[Player]:
        return [player for player in list(self.stage.players.values()) if player.group == f"{self.label}-worker"]

    def idle(self) -> int:
        """How many workers wait for a call, or have been started for one."""
        return sum(worker.idle and not worker.broken for worker in self.workers())


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


def enter(stage: Stage, label: str) -> Player:
    """This thread as a worker of the pool."""
    if stage.has_entered():
        return stage.current()
    thread = threading.current_thread()
    number = int(thread.name.rpartition("_")[2])
    ref = f"{label}-worker[{number}]"
    player = Player(ref, thread.name, number, f"{label}-worker", worker=True, idle=True, thread=thread, state="running")
    stage.enter(player)
    stage.players[ref] = player
    return player


def is_quiet(pool: object) -> bool:
    """Whether no call is queued or running, and the workers may end."""
    calls = calls_of(pool)
    at_work = [worker for worker in calls.workers() if worker.state != "over"]
    return not at_work or (
        all(worker.between_calls for worker in at_work) and not (calls.items or calls.a_call.is_deaf)
    )


def wait_for_new(stage: Stage, pool: object) -> None:
    """Waits until each worker that a submit has started stands before its first step."""
    calls, me = calls_of(pool), stage.current()

    def arrived() -> bool:
        workers = calls.workers()
        return len(workers) == len(threads_of(pool)) and all(w.state != "running" for w in workers if w is not me)

    stage.wait_until(arrived)
