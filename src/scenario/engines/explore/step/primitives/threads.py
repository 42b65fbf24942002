"""Starting and joining threads, firing and cancelling timers."""

from __future__ import annotations

from functools import partial
from itertools import product
from math import prod

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ALIVE, CANCELLED, ENDED, ENDING, OVER, PENDING, UNSTARTED, ThreadPart
from scenario.engines.explore.model.raising import element, on_values
from scenario.engines.explore.model.source import in_time, time_of
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    due,
    finishing,
    picks,
    raising,
)
from scenario.engines.explore.step.primitives.model import Standing
from scenario.engines.explore.step.primitives.processes.ends import kill as killing
from scenario.engines.explore.step.standing import are_quiet
from scenario.program import ops
from scenario.results.waiting import Wait


def thread_of(w: Context, op: Operate) -> int | None:
    """The thread's number (a timer's own, where it fires); None for `main` where main is the default one."""
    if op.part == "fire":
        return w.thread.number
    if op.name not in w.layout.groups:
        return None
    return element(list(w.layout.groups[op.name]), 0 if op.index is None else w.frame.locals[op.index])


def _members(w: Context, op: Operate) -> tuple[int, ...]:
    """All whom `main` takes as one, where this is one of them: whoever has not begun is next, and all are waited for."""
    return w.layout.groups[op.name] if op.name in w.layout.as_one else ()


def _next(w: Context, op: Operate) -> int | None:
    """Whom a start starts: of those that are taken as one the first that has not begun."""
    return next((n for n in _members(w, op) if w.status[n] in (UNSTARTED, CANCELLED)), thread_of(w, op))


def is_other_child(w: Context) -> bool:
    """Whether it is no parent: on multiprocessing `main` alone starts, joins and tests the others."""
    return w.layout.processes is not None and w.thread.number != w.layout.main


def start(w: Context, op: Operate) -> Alternatives:
    """With the alternatives of the started thread's first local work (the stepper adds them)."""
    if op.part == "fire":
        return _firing(w, w.thread.timer or 0.0)
    if is_other_child(w):
        return raising("AssertionError", "can only start a process object created by current process")
    number = _next(w, op)
    if number is None or w.status[number] not in (UNSTARTED, CANCELLED):
        if op.part == "all":
            return (Alternative(finishing(), part="nothing"),)
        return raising("RuntimeError", "threads can only be started once")
    return (Alternative(lambda v: _start(v, number)),)


def _firing(w: Context, interval: float) -> Alternatives:
    """A timer waits for its time as at an event: an interval that Python can not count ends it with an exception."""
    if interval > 0:
        on_values(in_time, interval)
    return (Alternative(_fire),) if due(w, interval) else ()


def _start(w: Context, number: int) -> None:
    if w.status[number] == CANCELLED:
        _dismiss(w, number)
    else:
        w.start(number, ALIVE if w.layout.threads[number].timer is None else PENDING)
    w.finish()


def _fire(w: Context) -> None:
    w.status[w.thread.number] = ALIVE
    w.finish()


def skipped(w: Context, op: Operate) -> bool:
    """Whether `start: all`, `join: all` pass over this thread without a step: nothing can change that by its turn."""
    if op.part != "all" or is_other_child(w):
        return False
    number = _next(w, op) if op.verb is ops.Start else thread_of(w, op)
    assert number is not None
    is_new = w.status[number] in (UNSTARTED, CANCELLED)
    if op.verb is ops.Start:
        return not is_new
    nobody_else_starts = w.thread.number == w.layout.main and w.layout.main_starts_all
    return w.layout.threads[number].daemon or (is_new and nobody_else_starts)


def join(w: Context, op: Operate) -> Alternatives:
    if is_other_child(w):
        return raising("AssertionError", "can only join a child process")
    number = thread_of(w, op)
    if number == w.thread.number:
        return raising("RuntimeError", "cannot join current thread")
    if number is not None and w.status[number] in (UNSTARTED, CANCELLED):
        if op.part == "all":
            return (Alternative(finishing(), part="nothing"),)
        return raising("RuntimeError", "cannot join thread before it is started")
    timeout = argument(w, op, "timeout")
    if timeout is not None:
        on_values(time_of, on_values(max, timeout, 0))
    if number is not None and all(_is_gone(w, n) for n in _members(w, op) or (number,)):
        return (Alternative(finishing()),)
    return blocked(w, timeout, finishing())


def _is_gone(w: Context, number: int) -> bool:
    """Whether it has ended; of `main`, whose end lets the pools work off their calls, whether they have, too."""
    return w.status[number] in ENDED and (number != w.layout.main or are_quiet(w.layout, w.objects))


def wait(at: Standing) -> Wait:
    """For the end of whom it joins."""
    number = thread_of(at.w, at.op)
    ref = "main" if number is None else at.w.layout.threads[number].ref
    return Wait("thread", ref, by=(ref,))


def kill(w: Context, op: Operate) -> Alternatives:
    """It takes no further step but its end; what it holds it keeps. What it has put into queues, they say."""
    number = thread_of(w, op)
    assert number is not None
    status = w.status[number]
    if status == UNSTARTED:
        return raising("AttributeError", "'NoneType' object has no attribute 'kill'")
    if status != ALIVE:
        return (Alternative(finishing(), part="nothing"),)
    left = [model.after_kill(w.objects, number) for model in w.layout.models]
    return [
        Alternative(partial(_kill, number=number, objects=objects))
        for objects in picks(product(*left), prod(map(len, left)))
    ]


def _kill(w: Context, number: int, objects: tuple[object, ...]) -> None:
    killing(w, number, objects)
    if number != w.thread.number:
        w.finish()


def cancel(w: Context, op: Operate) -> Alternatives:
    number = thread_of(w, op)
    assert number is not None
    return (Alternative(lambda v: _cancel(v, number)),)


def _cancel(w: Context, number: int) -> None:
    """A pending timer fires no more; one that has fired is not called back."""
    if w.status[number] == UNSTARTED:
        w.status[number] = CANCELLED
    elif w.status[number] == PENDING:
        _dismiss(w, number)
    w.finish()


def _dismiss(w: Context, number: int) -> None:
    """A timer that will never fire ends: with this step, or where that can be seen with one of its own."""
    if w.layout.end_steps:
        w.status[number] = ALIVE
        w.others[number] = w.layout.fresh(w.layout.threads[number], ENDING)
    else:
        w.status[number] = OVER
        w.others[number] = ThreadPart(())
