"""Starting and joining threads, firing and cancelling timers."""

from __future__ import annotations

from operator import getitem

from scenario.engines.explore.code import Operate
from scenario.engines.explore.lower.source import time_of
from scenario.engines.explore.parts import ALIVE, CANCELLED, OVER, PENDING, UNSTARTED, ThreadPart
from scenario.engines.explore.raising import on_values
from scenario.engines.explore.semantics.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    due,
    finishing,
    raising,
)
from scenario.engines.explore.world import World


def thread_of(w: World, op: Operate) -> int | None:
    """The thread's number; None for `main` where main is the default one."""
    if op.name not in w.layout.groups:
        return None
    members = w.layout.groups[op.name]
    index = 0 if op.index is None else w.frame.locals[op.index]
    number: int = on_values(getitem, members, index)
    return number


def start(w: World, op: Operate) -> Alternatives:
    """With the alternatives of the started thread's first local work (the stepper adds them)."""
    if op.part == "fire":
        interval = w.thread.timer or 0.0
        return (Alternative(_fire, "fires"),) if due(w, interval) else ()
    number = thread_of(w, op)
    if number is None or w.status[number] not in (UNSTARTED, CANCELLED):
        return raising("RuntimeError", "threads can only be started once")
    return (Alternative(lambda v: _start(v, number), f"starts {w.layout.threads[number].ref}"),)


def _start(w: World, number: int) -> None:
    if w.status[number] == CANCELLED:
        w.status[number] = OVER
        w.others[number] = ThreadPart(())
    else:
        w.status[number] = ALIVE if w.layout.threads[number].timer is None else PENDING
        w.started = (*w.started, number)
    w.finish()


def _fire(w: World) -> None:
    w.status[w.thread.number] = ALIVE
    w.finish()


def skipped(w: World, op: Operate) -> bool:
    """Whether `start: all`, `join: all` pass over this thread without a step."""
    if op.part != "all":
        return False
    number = thread_of(w, op)
    assert number is not None
    status = w.status[number]
    if op.verb.__name__ == "Start":
        return status not in (UNSTARTED, CANCELLED)
    return status in (UNSTARTED, CANCELLED) or w.layout.threads[number].daemon or number == w.thread.number


def join(w: World, op: Operate) -> Alternatives:
    number = thread_of(w, op)
    if number == w.thread.number:
        return raising("RuntimeError", "cannot join current thread")
    if number is not None and w.status[number] in (UNSTARTED, CANCELLED):
        return raising("RuntimeError", "cannot join thread before it is started")
    timeout = argument(w, op, "timeout")
    if timeout is not None:
        on_values(time_of, on_values(max, timeout, 0))
    if number is not None and w.status[number] == OVER:
        return (Alternative(finishing()),)
    return blocked(w, timeout, finishing())


def cancel(w: World, op: Operate) -> Alternatives:
    number = thread_of(w, op)
    assert number is not None
    return (Alternative(lambda v: _cancel(v, number)),)


def _cancel(w: World, number: int) -> None:
    """A pending timer ends with this step; one that has fired is not called back."""
    if w.status[number] == UNSTARTED:
        w.status[number] = CANCELLED
    elif w.status[number] == PENDING:
        w.status[number] = OVER
        w.others[number] = ThreadPart(())
    w.finish()
