"""Condition: waiting is releasing and queueing (a step), then taking the lock back (a step)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import combinations
from math import ceil, inf
from typing import Any

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    due,
    finishing,
    raising,
    target,
    unusable,
)
from scenario.engines.explore.step.primitives.locks import owned
from scenario.program.program import RLock


def wait(w: Context, op: Operate) -> Alternatives:
    """Phases: none, `wait` (queued, or notified and without its lock), `late` (timed out, still queued)."""
    number = target(w, op)
    lock = w.layout.locks[number]
    timeout = argument(w, op, "timeout")
    if w.phase is None:
        if not owned(w, lock):
            return raising("RuntimeError", "cannot wait on un-acquired lock")
        return (Alternative(lambda v: _queue(v, number, lock, timeout), "releases and waits", queues=True),)
    kind, saved = w.phase
    if kind == "wait" and w.thread.number in w.objects[number]:
        return _queued(w, timeout, number, saved)
    if w.objects[lock]:
        return ()
    return (Alternative(lambda v: _resume(v, number, lock, timeout), "takes the lock back"),)


def _queue(w: Context, number: int, lock: int, timeout: Any) -> None:
    reentrant = isinstance(w.layout.kinds[lock], RLock)
    saved = w.objects[lock][1] if reentrant else 1  # levels only: a thread's part never names its own number
    w.objects[lock] = None if reentrant else 0
    w.objects[number] = (*w.objects[number], w.thread.number)
    w.phase = ("wait" if unusable(timeout) is None else "late", saved)


def _queued(w: Context, timeout: Any, number: int, saved: object) -> Alternatives:
    result = []
    if timeout is not None and due(w, timeout):
        result.append(Alternative(lambda v: setattr(v, "phase", ("late", saved)), "times out", "timeout"))
    if w.layout.spurious:
        result.append(Alternative(lambda v: _leave(v, number), "wakes spuriously", "spurious"))
    return result


def _leave(w: Context, number: int) -> None:
    w.objects[number] = tuple(n for n in w.objects[number] if n != w.thread.number)


def _resume(w: Context, number: int, lock: int, timeout: Any) -> None:
    """A timed-out wait leaves the queue only now: until then a notification could pick it, in vain.

    So does one whose timeout can not be waited for: it raises once it has the lock back.
    """
    kind, saved = w.phase
    _leave(w, number)
    w.objects[lock] = (w.thread.number, saved) if isinstance(w.layout.kinds[lock], RLock) else saved
    if (refused := unusable(timeout)) is not None:
        w.phase = None
        raise refused
    w.finish(kind == "wait")


def notify(w: Context, op: Operate) -> Alternatives:
    """Any set of `n` waiters; the longest waiting with wake fifo."""
    number = target(w, op)
    if not owned(w, w.layout.locks[number]):
        return raising("RuntimeError", "cannot notify on un-acquired lock")
    waiters = w.objects[number]
    if not waiters:
        return (Alternative(finishing(), "nobody waits"),)
    n = on_values(_count, argument(w, op, "n", 1))
    if n == 0:
        return (Alternative(finishing()),)
    if n >= len(waiters) or w.layout.fifo:
        return (_waking(w, number, waiters[:n]),)
    return tuple(_waking(w, number, chosen) for chosen in combinations(waiters, n))


def _count(n: Any) -> int:
    """As the loop of `Condition.notify` counts: down to 0."""
    if not n > 0:
        return 0
    return sys.maxsize if n == inf else ceil(n)


def notify_all(w: Context, op: Operate) -> Alternatives:
    number = target(w, op)
    if not owned(w, w.layout.locks[number]):
        return raising("RuntimeError", "cannot notify on un-acquired lock")
    waiters = w.objects[number]
    return (_waking(w, number, waiters) if waiters else Alternative(finishing(), "nobody waits"),)


def _waking(w: Context, number: int, chosen: tuple[int, ...]) -> Alternative:
    return Alternative(
        _wake(number, chosen), "wakes " + ", ".join(w.layout.threads[n].ref for n in chosen), woken=chosen
    )


def _wake(number: int, chosen: tuple[int, ...]) -> Callable[[Context], None]:
    def apply(w: Context) -> None:
        w.objects[number] = tuple(n for n in w.objects[number] if n not in chosen)
        w.finish()

    return apply
