"""Futures: the gate, then the real call. Callbacks run in the middle of it, and stop at gates of their own."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from scenario.engines.threads.controlled import waits
from scenario.engines.threads.controlled.interpreter import Interpreter
from scenario.engines.threads.controlled.player import FOR_EVER
from scenario.engines.threads.privates import each_future, is_counted
from scenario.interpreter import objects as build
from scenario.interpreter.refusals import ask_wait, where_refused
from scenario.program import ops
from scenario.program.bounded.sets import Set
from scenario.real.values import fresh
from scenario.results.script import Cue
from scenario.syntax import Expr


def set_result(w: Interpreter, op: ops.SetResult) -> None:
    future, value = w.given(op.future), fresh(w.given(op.value))
    w.gate()
    future.set_result(value)


def set_exception(w: Interpreter, op: ops.SetException) -> None:
    future, words = w.given(op.future), () if op.message is None else (w.plain(op.message),)
    w.gate()
    future.set_exception(build.exception_class(op.error)(*words))


def set_running(w: Interpreter, op: ops.SetRunning) -> bool:
    future = w.given(op.future)
    w.gate()
    goes_on = bool(future.set_running_or_notify_cancel())
    if not goes_on:
        w.stage.rank(future)
    return goes_on


def add_done_callback(w: Interpreter, op: ops.AddDoneCallback) -> None:
    future, given = w.given(op.future), [fresh(w.given(arg)) for arg in op.args]
    w.gate()
    future.add_done_callback(lambda _: w.call(op.routine, given))


def result(w: Interpreter, op: ops.Result) -> object:
    future, timeout = w.given(op.future), w.given(op.timeout)
    is_future = hasattr(future, "done")  # else the step raises what Python raises
    cue = w.gate(waits.future(w.stage, future), future.done, timed=timeout is not None) if is_future else w.gate()
    w.me.await_((future,) if cue is FOR_EVER else ())
    return fresh(future.result(_patience(cue, timeout)))


def cancel(w: Interpreter, op: ops.CancelFuture) -> bool:
    future = w.given(op.future)
    w.gate()
    return bool(future.cancel())


def _several(w: Interpreter, futures: Expr) -> list[Any]:
    """Each once. What is no list of futures is refused by the operation's own step."""
    given = w.given(futures)
    try:
        return each_future(given)
    except (TypeError, AttributeError):
        w.gate()
        raise


def wait_futures(w: Interpreter, op: ops.WaitFutures) -> object:
    from concurrent.futures import wait

    futures = _several(w, op.futures)
    when, timeout = w.given(op.return_when, "ALL_COMPLETED"), w.given(op.timeout)

    def ready() -> bool:
        finished = [f for f in futures if is_counted(f)]
        failed = any(not f.cancelled() and f.exception() is not None for f in finished)
        return (
            len(finished) == len(futures)
            or (when == "FIRST_COMPLETED" and bool(finished))
            or (when == "FIRST_EXCEPTION" and failed)
        )

    needs = 1 if when == "FIRST_COMPLETED" else len(futures)
    cue = w.gate(waits.futures(w.stage, futures, needs), ready, timed=timeout is not None)
    w.me.await_(futures if cue is FOR_EVER else ())
    return tuple(map(Set, wait(futures, _patience(cue, timeout), when)))


def _patience(cue: Cue, timeout: object) -> Any:
    """How long the real call waits: not at all, for it is let go when it need not, or for ever at the end of a deadlock."""
    return None if cue is FOR_EVER else where_refused(timeout, 0)


def look(w: Interpreter, op: ops.AsCompleted) -> list[object]:
    """Those that are done, in the order that the schedule chose, and the others."""
    futures = _several(w, op.futures)
    cue = w.gate()
    finished = [f for f in futures if is_counted(f)]
    orders = list(permutations(finished))
    return [list(orders[cue.move.alternative % len(orders)]), [f for f in futures if f not in finished]]


def next_done(w: Interpreter, op: ops.AsCompleted) -> object:
    """The first of the pending ones to complete."""
    from concurrent.futures import FIRST_COMPLETED, wait

    pending, timeout = list(w.given(op.futures)), w.given(op.timeout)
    cue = w.gate(
        waits.futures(w.stage, pending, 1), lambda: any(is_counted(f) for f in pending), timed=timeout is not None
    )
    if cue is FOR_EVER:
        w.me.await_(pending)
        wait(pending, return_when=FIRST_COMPLETED)
    if cue.way == "timeout":
        raise TimeoutError(f"{len(pending)} (of {w.given(op.total)}) futures unfinished")
    if not any(is_counted(f) for f in pending):
        ask_wait(timeout)
    return min((f for f in pending if is_counted(f)), key=lambda f: w.stage.ranks.get(f, 0))
