"""Barrier: arrive (a step), the last one's action, leave (a step); as `threading.Barrier` counts.

An object's state is (mode, parties that have arrived and not left); modes: filling, action, draining,
resetting, broken.
"""

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
    raising,
    target,
    unusable,
)
from scenario.program.program import Barrier


def wait(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    kind = w.layout.kinds[number]
    assert isinstance(kind, Barrier)
    mode, arrived = w.objects[number]
    if w.phase is None:
        if mode in ("action", "draining", "resetting"):
            return ()
        if mode == "broken":
            return raising("BrokenBarrierError")
        if len(arrived) + 1 < kind.parties and (refused := _no_time(w, op, kind)) is not None:
            return raising(refused.raised.name, refused.raised.message)
        return (Alternative(lambda v: _arrive(v, number, kind), "arrives", queues=True),)
    if mode != "action" and w.phase[1] + 1 == kind.parties:  # who has opened it goes on, whatever others do to it since
        return (Alternative(lambda v: _leave(v, number), "leaves"),)
    timeout = argument(w, op, "timeout", kind.timeout)
    if mode != "action" and (refused := unusable(timeout)) is not None:
        return (Alternative(lambda v: _refuse(v, number, refused), f"raises {refused.raised.name}"),)
    match mode:
        case "draining":
            return (Alternative(lambda v: _leave(v, number), "leaves"),)
        case "broken" | "resetting":
            return (Alternative(lambda v: _leave_broken(v, number), "raises BrokenBarrierError"),)
        case "filling":
            return blocked(w, timeout, lambda v: _expire(v, number))
        case _:
            return ()


def _no_time(w: Context, op: Operate, kind: Barrier) -> ScenarioError | None:
    """What a timeout that is no number raises: CPython adds it to the clock before anyone sees who has come."""
    refused = unusable(argument(w, op, "timeout", kind.timeout))
    return refused if refused is not None and refused.raised.name == "TypeError" else None


def _arrive(w: Context, number: int, kind: Barrier) -> None:
    _, arrived = w.objects[number]
    index = len(arrived)
    last = index + 1 == kind.parties
    everyone = tuple(sorted((*arrived, w.thread.number)))
    if not last:
        w.objects[number] = ("filling", everyone)
    elif kind.action is None:
        w.objects[number] = ("draining", everyone)
    else:
        w.objects[number] = ("action", everyone)
        w.phase = ("barrier", index, number)
        w.push(f"routine {kind.action}", [])
        return
    w.phase = ("barrier", index, None)


def runs_action(w: Context) -> bool:
    """Whether the thread runs a barrier's action now."""
    return isinstance(w.phase, tuple) and w.phase[0] == "barrier" and w.phase[2] is not None


def opened(w: Context) -> None:
    """The action has returned: the barrier opens with its last step."""
    _, index, number = w.phase
    w.objects[number] = ("draining", w.objects[number][1])
    w.phase = ("barrier", index, None)


def action_failed(w: Context) -> None:
    """The action raised: that breaks the barrier, and the thread has no leave step."""
    number = w.phase[2]
    w.objects[number] = ("broken", _without(w, number))
    w.phase = None


def _without(w: Context, number: int) -> tuple[int, ...]:
    return tuple(n for n in w.objects[number][1] if n != w.thread.number)


def _exit(w: Context, number: int) -> None:
    """One party fewer; the last one out makes the barrier ready for the next round."""
    mode, _ = w.objects[number]
    left = _without(w, number)
    w.objects[number] = ("filling" if not left and mode in ("draining", "resetting") else mode, left)


def _leave(w: Context, number: int) -> None:
    index = w.phase[1]
    _exit(w, number)
    w.finish(index)


def _leave_broken(w: Context, number: int) -> None:
    _refuse(w, number, ScenarioError("BrokenBarrierError"))


def _refuse(w: Context, number: int, error: ScenarioError) -> None:
    _exit(w, number)
    raise error


def _expire(w: Context, number: int) -> None:
    w.objects[number] = ("broken", w.objects[number][1])
    _leave_broken(w, number)


def abort(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    mode, arrived = w.objects[number]
    return () if mode == "action" else (Alternative(put(number, ("broken", arrived))),)


def reset(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    mode, arrived = w.objects[number]
    if mode == "action":
        return ()
    if not arrived:
        return (Alternative(put(number, ("filling", ()))),)
    if mode in ("filling", "broken"):
        return (Alternative(put(number, ("resetting", arrived))),)
    return (Alternative(finishing()),)
