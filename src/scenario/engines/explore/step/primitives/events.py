"""Event: a set releases all that are queued, and a later clear does not call them back."""

from __future__ import annotations

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    put,
    target,
    unusable,
)


def wait(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    is_set, queue = w.objects[number]
    me = w.thread.number
    if w.phase is None:
        if is_set:
            return (Alternative(finishing(value=True)),)
        return (Alternative(lambda v: _queue(v, number), "queues up", queues=True),)
    timeout, left = argument(w, op, "timeout"), (is_set, tuple(n for n in queue if n != me))
    if (refused := unusable(timeout)) is not None:
        return (Alternative(lambda v: _refuse(v, number, left, refused), f"raises {refused.raised.name}"),)
    if me not in queue:
        return (Alternative(finishing(value=True), "goes on"),)
    return blocked(w, timeout, put(number, left, value=False))


def _queue(w: Context, number: int) -> None:
    is_set, queue = w.objects[number]
    w.objects[number] = (is_set, tuple(sorted((*queue, w.thread.number))))
    w.phase = ("event",)


def _refuse(w: Context, number: int, state: object, refused: ScenarioError) -> None:
    w.objects[number] = state
    raise refused


def set_event(w: Context, op: Operate) -> Alternatives:
    return (Alternative(put(target(w, op), (True, ()))),)


def clear(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    return (Alternative(put(number, (False, w.objects[number][1]))),)
