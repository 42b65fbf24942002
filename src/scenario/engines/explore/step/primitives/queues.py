"""Queue, LifoQueue, PriorityQueue, SimpleQueue: one step an operation.

An object's state is (items as keys, unfinished tasks, is shut down).
"""

from __future__ import annotations

import heapq
from operator import lt
from typing import Any

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.source import time_of
from scenario.engines.explore.model.values import freeze, thaw
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    raising,
    target,
)
from scenario.engines.explore.step.primitives.alternatives import (
    put as put_state,
)
from scenario.program.program import LifoQueue, PriorityQueue, SimpleQueue


def put(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    kind, (items, _, is_shutdown) = w.layout.kinds[number], w.objects[number]
    maxsize = getattr(kind, "maxsize", 0)
    if is_shutdown:
        return raising("ShutDown")
    patience = _patience(w, op) if maxsize > 0 else None
    if not 0 < maxsize <= len(items):
        return (Alternative(lambda v: _put(v, op, number)),)
    if patience == "never":
        return raising("Full")
    return blocked(w, patience, lambda _: _raise("Full"))


def _patience(w: Context, op: Operate) -> Any:
    """How long the operation may wait: None for ever, "never", or seconds."""
    block, timeout = argument(w, op, "block", True), argument(w, op, "timeout")
    if not block:
        return "never"
    if timeout is not None and on_values(lt, timeout, 0):
        raise ScenarioError("ValueError", "'timeout' must be a non-negative number")
    return timeout


def _raise(name: str) -> None:
    raise ScenarioError(name)


def _put(w: Context, op: Operate, number: int) -> None:
    items, unfinished, is_shutdown = w.objects[number]
    item = argument(w, op, "item")
    if isinstance(w.layout.kinds[number], PriorityQueue):
        heap = [thaw(key) for key in items]
        try:
            on_values(heapq.heappush, heap, item)
        except ScenarioError:
            # CPython has appended the item by then, and counts no task for it
            w.objects[number] = (tuple(map(freeze, heap)), unfinished, is_shutdown)
            raise
        items = tuple(map(freeze, heap))
    else:
        items = (*items, freeze(item))
    w.objects[number] = (items, unfinished + 1, is_shutdown)
    w.finish()


def get(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    kind, (items, _, is_shutdown) = w.layout.kinds[number], w.objects[number]
    if is_shutdown and not items:
        return raising("ShutDown")
    if isinstance(kind, SimpleQueue) and argument(w, op, "block", True) and argument(w, op, "timeout") is not None:
        on_values(time_of, argument(w, op, "timeout"))
    patience = _patience(w, op)
    if items:
        return (Alternative(lambda v: _get(v, number)),)
    if patience == "never":
        return raising("Empty")
    return blocked(w, patience, lambda _: _raise("Empty"))


def _get(w: Context, number: int) -> None:
    items, unfinished, is_shutdown = w.objects[number]
    match w.layout.kinds[number]:
        case LifoQueue():
            rest, item = items[:-1], thaw(items[-1])
        case PriorityQueue():
            heap = [thaw(key) for key in items]
            try:
                item = on_values(heapq.heappop, heap)
            except ScenarioError:
                w.objects[number] = (tuple(map(freeze, heap)), unfinished, is_shutdown)
                raise
            rest = tuple(map(freeze, heap))
        case _:
            rest, item = items[1:], thaw(items[0])
    w.objects[number] = (rest, unfinished, is_shutdown)
    w.finish(item)


def task_done(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    items, unfinished, is_shutdown = w.objects[number]
    if unfinished <= 0:
        return raising("ValueError", "task_done() called too many times")
    return (Alternative(put_state(number, (items, unfinished - 1, is_shutdown))),)


def join(w: Context, op: Operate) -> Alternatives:
    return () if w.objects[target(w, op)][1] else (Alternative(finishing()),)


def shutdown(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    items, unfinished, _ = w.objects[number]
    if argument(w, op, "immediate", False):
        unfinished = max(unfinished - len(items), 0)
        items = ()
    return (Alternative(put_state(number, (items, unfinished, True))),)
