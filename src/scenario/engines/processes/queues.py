"""multiprocessing's own queues, which tell where their process stands while they wait."""

from __future__ import annotations

import queue
from multiprocessing import queues, synchronize
from typing import TYPE_CHECKING

from scenario.engines.processes.objects import Placed, noted

if TYPE_CHECKING:
    Items = queues.JoinableQueue[object]
    Simple = queues.SimpleQueue[object]
else:  # they can not be subscripted before 3.12
    Items, Simple = queues.JoinableQueue, queues.SimpleQueue


class Queue(Placed, Items):
    """multiprocessing.JoinableQueue. `was_put`: whether this process has given it something, which a thread of it hands over."""

    was_put = False
    _unfinished_tasks: synchronize.Semaphore

    def put(self, item: object, block: bool = True, timeout: float | None = None) -> None:
        self.was_put = True
        try:
            super().put(item, False)
        except queue.Full:
            if not block:
                raise
            with noted("room", self.place, timeout):
                super().put(item, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> object:
        if not block:
            return super().get(False)
        with noted("item", self.place, timeout):
            return super().get(True, timeout)

    def join(self) -> None:
        with noted("tasks", self.place):
            super().join()

    def hand_over(self) -> None:
        """The end of a process waits until all that it has put is in the pipe."""
        if self.was_put:
            with noted("room", self.place):
                self.close()
                self.join_thread()

    @property
    def unfinished_tasks(self) -> int:
        return self._unfinished_tasks.get_value()


class SimpleQueue(Placed, Simple):
    """multiprocessing.SimpleQueue: a pipe, which may be full."""

    def put(self, item: object) -> None:
        with noted("room", self.place):
            super().put(item)

    def get(self) -> object:
        with noted("item", self.place):
            return super().get()
