"""A pool's workers, and its queue of calls, from which one is taken when the schedule says so."""

from __future__ import annotations

import queue
import threading
from collections import deque
from typing import Any

from scenario.engines.threads.controlled.stage import BETWEEN_CALLS, Player, Stage
from scenario.engines.threads.privates import calls_of, threads_of
from scenario.source import Span


class Calls:
    """What stands for a ThreadPoolExecutor's queue."""

    def __init__(self, stage: Stage, label: str, span: Span) -> None:
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
        """A worker always goes on to `get`; `shutdown` takes what is left, and so does who broke the pool."""
        me = self.stage.current() if self.stage.has_entered() else None
        if me is not None and (not me.worker or me.broken) and self.items:
            return self.items.popleft()
        if me is not None and me.broken:  # this was its last step
            self.stage.move_to(me, "over")
        raise queue.Empty

    def get(self, block: bool = True) -> Any:  # noqa: ARG002 (the queue's signature)
        enter(self.stage, self.label)
        self.stage.gate(self.span, BETWEEN_CALLS, lambda: bool(self.items))
        if self.idle():
            self.stage.exempt["which idle worker of a pool takes a call is the schedule's choice"] = None
        return self.items.popleft()

    def workers(self) -> list[Player]:
        return [player for player in list(self.stage.players.values()) if player.group == f"{self.label}-worker"]

    def idle(self) -> int:
        """How many workers wait for a call."""
        return sum(worker.state == "gate" and worker.between_calls for worker in self.workers())


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
    player = Player(ref, thread.name, number, f"{label}-worker", worker=True, thread=thread, state="running")
    stage.enter(player)
    stage.players[ref] = player
    return player


def is_quiet(pool: Any) -> bool:
    """Whether no call is queued or running."""
    calls = calls_of(pool)
    return not calls.items and all(worker.between_calls or worker.broken for worker in calls.workers())


def wait_for_new(stage: Stage, pool: Any) -> None:
    """Waits until each worker that a submit has started stands before its first step."""
    calls, me = calls_of(pool), stage.current()

    def arrived() -> bool:
        workers = calls.workers()
        return len(workers) == len(threads_of(pool)) and all(w.state != "running" for w in workers if w is not me)

    stage.wait_until(arrived)


def drop_cancelled(place: Any) -> None:
    """A pool forgets its calls that were cancelled; what is no pool has none."""
    calls = getattr(place, "_work_queue", None)
    if isinstance(calls, Calls):
        calls.drop_cancelled()
