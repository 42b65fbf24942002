"""A pool's workers, and its queue of calls, from which one is taken when the schedule says so."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scenario.engines.threads.controlled.player import Player, always
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.controlled.waits import ACall
from scenario.engines.threads.privates import calls_of, threads_of
from scenario.source import Span


class Calls:
    """What stands for a ThreadPoolExecutor's queue. `is_shut`: its workers have been told to end."""

    def __init__(self, stage: Stage, label: str, span: Span) -> None:
        self.stage = stage
        self.label = label
        self.span = span
        self.items: deque[Any] = deque()
        self.throws_away = self.is_shut = False
        self.a_call = ACall(label)

    @contextmanager
    def emptied(self, *, wanted: bool) -> Iterator[None]:
        """Meanwhile whoever asks for a call throws it away."""
        self.throws_away = wanted
        yield
        self.throws_away = False

    def put(self, item: object) -> None:
        if item is None:
            self.is_shut = True
            self.a_call.tell()
        else:
            self.items.append(item)

    def get_nowait(self) -> object:
        """A worker always goes on to `get`; `shutdown` takes what is left, and so does who broke the pool."""
        breaker = self.stage.current() if self.stage.has_entered() and self.stage.current().broken else None
        left = self.items.popleft() if self.items and (breaker is not None or self.throws_away) else None
        if breaker is not None and (left is None or left.future.cancelled()):
            if left is None and self.is_shut and breaker.cue.move.part != "kept":
                self.a_call.lose()
            self.stage.move_to(breaker, "over")  # it has nothing more to fail, or raises of a future that is cancelled
        if left is None:
            raise queue.Empty
        return left

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
    at_work = [worker for worker in calls.workers() if not worker.broken]
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
