"""Queue, LifoQueue, PriorityQueue, SimpleQueue: one step an operation."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from operator import lt
from typing import ClassVar, NamedTuple

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.source import time_of
from scenario.engines.explore.model.values import Key, freeze, thaw
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    raising,
    summed,
)
from scenario.engines.explore.step.primitives.alternatives import (
    put as put_state,
)
from scenario.engines.explore.step.primitives.model import Impersonal, Standing, Steps
from scenario.program import ops
from scenario.results.waiting import Wait, WaitKind


class QueueState(NamedTuple):
    """`items` in the order of CPython's own list; `unfinished`: put, and no task_done yet (0 where nobody can tell)."""

    items: tuple[Key, ...] = ()
    unfinished: int = 0
    is_shutdown: bool = False


_WAITS: dict[type[ops.Act], WaitKind] = {ops.Put: "room", ops.Get: "item", ops.JoinQueue: "tasks"}


class QueueModel(Impersonal):
    """First in, first out; `maxsize` 0 and less: any number of items."""

    def __init__(self, number: int, maxsize: int = 0, *, counts_tasks: bool = False) -> None:
        super().__init__(number)
        self.maxsize = maxsize
        self.counts_tasks = counts_tasks

    def first(self) -> QueueState:
        return QueueState()

    def asked(self, objects: Sequence[object]) -> dict[str, object]:
        state = objects[self.number]
        assert isinstance(state, QueueState)
        return {
            "qsize": len(state.items),
            "empty": not state.items,
            "full": 0 < self.maxsize <= len(state.items),
            "unfinished_tasks": state.unfinished,
            "is_shutdown": state.is_shutdown,
        }

    def taken(self, _: QueueState) -> int:
        return 0

    def touched(self) -> tuple[int, ...]:
        return (self.number,)

    def wait(self, at: Standing) -> Wait:
        return Wait(_WAITS[at.op.verb], at.w.layout.name_of(self.number))

    # --- put -----------------------------------------------------------------------------------

    def put(self, w: Context, op: Operate) -> Alternatives:
        state: QueueState = w.objects[self.number]
        if state.is_shutdown:
            return raising("ShutDown")
        patience = _patience(w, op) if self.maxsize > 0 else None
        if not 0 < self.maxsize <= len(state.items):
            return (Alternative(lambda v: self._put(v, argument(v, op, "item"))),)
        if patience == "never":
            return raising("Full")
        return blocked(w, patience, lambda _: _raise("Full"))

    def _put(self, w: Context, item: object) -> None:
        self._with(w, self.inserted(w, item), counted=1)
        w.finish()

    def inserted(self, w: Context, item: object) -> tuple[Key, ...]:
        """The items with one more."""
        return (*w.objects[self.number].items, freeze(item))

    def _with(self, w: Context, items: tuple[Key, ...], counted: int = 0) -> None:
        state: QueueState = w.objects[self.number]
        unfinished = state.unfinished + counted if self.counts_tasks else 0
        w.objects[self.number] = QueueState(items, unfinished, state.is_shutdown)

    # --- get -----------------------------------------------------------------------------------

    def get(self, w: Context, op: Operate) -> Alternatives:
        state: QueueState = w.objects[self.number]
        if state.is_shutdown and not state.items:
            return raising("ShutDown")
        patience = self._patience_to_get(w, op)
        if state.items:
            return (Alternative(self._get),)
        if patience == "never":
            return raising("Empty")
        return blocked(w, patience, lambda _: _raise("Empty"))

    def _patience_to_get(self, w: Context, op: Operate) -> object:
        return _patience(w, op)

    def _get(self, w: Context) -> None:
        items, item = self.removed(w)
        self._with(w, items)
        w.finish(item)

    def removed(self, w: Context) -> tuple[tuple[Key, ...], object]:
        """The items with one fewer, and that one."""
        items = w.objects[self.number].items
        return items[1:], thaw(items[0])

    # --- tasks ---------------------------------------------------------------------------------

    def task_done(self, w: Context, _: Operate) -> Alternatives:
        state: QueueState = w.objects[self.number]
        if state.unfinished <= 0:
            return raising("ValueError", "task_done() called too many times")
        return (Alternative(put_state(self.number, state._replace(unfinished=state.unfinished - 1))),)

    def join(self, w: Context, _: Operate) -> Alternatives:
        return () if w.objects[self.number].unfinished else (Alternative(finishing()),)

    def shutdown(self, w: Context, op: Operate) -> Alternatives:
        state: QueueState = w.objects[self.number]
        if argument(w, op, "immediate", False):
            state = QueueState((), max(state.unfinished - len(state.items), 0))
        return (Alternative(put_state(self.number, state._replace(is_shutdown=True))),)

    steps: ClassVar[Steps] = {
        ops.Put: put, ops.Get: get, ops.TaskDone: task_done, ops.JoinQueue: join, ops.ShutdownQueue: shutdown,
    }  # fmt: skip


class LifoQueueModel(QueueModel):
    """Last in, first out."""

    def removed(self, w: Context) -> tuple[tuple[Key, ...], object]:
        items = w.objects[self.number].items
        return items[:-1], thaw(items[-1])


class PriorityQueueModel(QueueModel):
    """Least first; items that can not be compared leave the heap as far as CPython had come."""

    def inserted(self, w: Context, item: object) -> tuple[Key, ...]:
        heap = [thaw(key) for key in w.objects[self.number].items]
        try:
            on_values(heapq.heappush, heap, item)
        except ScenarioError:
            self._with(w, tuple(map(freeze, heap)))  # CPython has appended the item by then, and counts no task for it
            raise
        return tuple(map(freeze, heap))

    def removed(self, w: Context) -> tuple[tuple[Key, ...], object]:
        heap = [thaw(key) for key in w.objects[self.number].items]
        try:
            item = on_values(heapq.heappop, heap)
        except ScenarioError:
            self._with(w, tuple(map(freeze, heap)))
            raise
        return tuple(map(freeze, heap)), item


class SimpleQueueModel(QueueModel):
    """In C, which reads a timeout before all else; it counts no tasks."""

    def _patience_to_get(self, w: Context, op: Operate) -> object:
        if argument(w, op, "block", True) and argument(w, op, "timeout") is not None:
            on_values(time_of, argument(w, op, "timeout"))
        return _patience(w, op)

    steps: ClassVar[Steps] = {ops.Put: QueueModel.put, ops.Get: QueueModel.get}


def _patience(w: Context, op: Operate) -> object:
    """How long the operation may wait: None for ever, "never", or seconds."""
    block, timeout = argument(w, op, "block", True), argument(w, op, "timeout")
    if not block:
        return "never"
    if timeout is not None and on_values(lt, timeout, 0):
        raise ScenarioError("ValueError", "'timeout' must be a non-negative number")
    return summed(timeout)


def _raise(name: str) -> None:
    raise ScenarioError(name)
