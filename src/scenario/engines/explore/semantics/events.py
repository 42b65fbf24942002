"""Event: a set releases all that are queued, and a later clear does not call them back."""

from __future__ import annotations

from scenario.engines.explore.code import Operate
from scenario.engines.explore.semantics.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    put,
    target,
)
from scenario.engines.explore.world import World


def wait(w: World, op: Operate) -> Alternatives:
    number = target(w, op)
    is_set, queue = w.objects[number]
    me = w.thread.number
    if w.phase is None:
        if is_set:
            return (Alternative(finishing(value=True)),)
        return (Alternative(lambda v: _queue(v, number), "queues up"),)
    if me not in queue:
        return (Alternative(finishing(value=True), "goes on"),)
    timeout = argument(w, op, "timeout")
    return blocked(w, timeout, put(number, (is_set, tuple(n for n in queue if n != me)), value=False))


def _queue(w: World, number: int) -> None:
    is_set, queue = w.objects[number]
    w.objects[number] = (is_set, tuple(sorted((*queue, w.thread.number))))
    w.phase = ("event",)


def set_event(w: World, op: Operate) -> Alternatives:
    return (Alternative(put(target(w, op), (True, ()))),)


def clear(w: World, op: Operate) -> Alternatives:
    number = target(w, op)
    return (Alternative(put(number, (False, w.objects[number][1]))),)
