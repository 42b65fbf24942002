"""Pools and futures: real executors whose workers take a call when the schedule says so."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from scenario.engines.threads.actors import Abandoned
from scenario.engines.threads.controlled import waits, workers
from scenario.engines.threads.controlled.interpreter import Interpreter
from scenario.engines.threads.controlled.player import FOR_EVER
from scenario.engines.threads.live.pools import Call, number_of
from scenario.engines.threads.privates import calls_of, each_future, is_counted, threads_of
from scenario.interpreter.refusals import ask_wait, where_refused
from scenario.program import ops
from scenario.program.bounded.limits import Refused
from scenario.program.bounded.sets import Set
from scenario.real.values import fresh
from scenario.results.script import Cue
from scenario.syntax import Expr


def submit(w: Interpreter, op: ops.Submit) -> object:
    _, pool = w.place(op.to)
    given, routine = [fresh(w.given(arg)) for arg in op.args], op.routine
    w.gate()
    stage, span = w.stage, w.span

    def run() -> object:
        try:
            value = fresh(w.call(routine, given))
        except (Abandoned, Refused):
            raise
        except BaseException:
            stage.gate(span)
            raise
        stage.gate(span)
        return value

    future = pool.submit(Call(routine, run))
    number_of(future)
    future.add_done_callback(lambda done: None if done.cancelled() else stage.rank(done))
    workers.wait_for_new(stage, pool)
    return future


# --- futures -------------------------------------------------------------------------------------------


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
        raise TimeoutError
    if not any(is_counted(f) for f in pending):
        ask_wait(timeout)
    return min((f for f in pending if is_counted(f)), key=lambda f: w.stage.ranks.get(f, 0))


# --- the end -------------------------------------------------------------------------------------------


def shut(w: Interpreter, op: ops.ShutdownPool) -> None:
    """Refuses further calls."""
    _, pool = w.place(op.ref)
    cancel = bool(w.given(op.cancel_futures, default=False))
    w.gate()
    with calls_of(pool).emptied(wanted=cancel):
        pool.shutdown(wait=False, cancel_futures=cancel)


def wait_for_calls(w: Interpreter, op: ops.ShutdownPool) -> None:
    """Waits for those that there are."""
    name, pool = w.place(op.ref)
    if w.me.thread in threads_of(pool):
        w.gate()
        w.me.thread.join()  # raises, as joining oneself does
    else:
        w.gate(waits.plain("calls", name), lambda: workers.is_quiet(pool))
