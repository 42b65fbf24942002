"""What is known of a ThreadPoolExecutor in one execution: its calls and its workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from scenario.engines.code.actors import Actor
from scenario.record import record


class FilePool(ThreadPoolExecutor):
    """A pool of the scenario file, by whose name its workers go."""

    def __init__(self, label: str, *args: Any) -> None:
        super().__init__(*args)
        self.label = label


@record
class Call:
    """What a worker is to do."""

    future: Future[object]
    run: Callable[[], object]


class Calls:
    """A pool in this execution. `idle`: workers that no call was given to; `busy`: those that have one, or are about to begin.

    `waiting`: workers that wait at the queue. `closed`: the interpreter ends. `held`: somebody goes through the queue and throws calls
    away; no other submits or shuts down meanwhile. `deaf`: what tells the workers that the pool was shut has been thrown away, too.
    """

    def __init__(self) -> None:
        self.queued: deque[Call] = deque()
        self.workers: list[Actor] = []
        self.idle = self.busy = self.waiting = 0
        self.shut = self.closed = self.broken = self.held = self.deaf = False

    def over(self) -> bool:
        """Whether nothing is left to do, and no worker waits for ever."""
        return not (self.queued or self.busy or (self.deaf and self.waiting))

    def told(self) -> bool:
        """Whether workers are told to end."""
        return (self.shut or self.closed) and not self.deaf

    def wait(self) -> None:
        """A worker waits at the queue."""
        self.waiting += 1

    def leave(self) -> None:
        """It does not wait there any more."""
        self.waiting -= 1

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

    def end(self) -> None:
        """No more calls, since the interpreter ends."""
        self.closed = True

    def tell(self) -> None:
        """All workers are told."""
        self.deaf = False

    def break_off(self) -> None:
        """No worker could begin."""
        self.broken = True

    def lose(self) -> None:
        """What told them was in the queue, and is thrown away."""
        self.deaf = True

    def hold(self) -> None:
        """From now on calls are thrown away."""
        self.held = True

    def let_go(self) -> None:
        """No more of them."""
        self.held = False

    def free(self) -> bool:
        """Whether nobody throws calls away."""
        return not self.held
