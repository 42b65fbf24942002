"""Pools and futures: real executors whose workers take a call when the schedule says so."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from scenario.engines.threads.actors import Abandoned
from scenario.engines.threads.controlled import waits, workers
from scenario.engines.threads.controlled.signals import BreakLoop, ContinueLoop
from scenario.engines.threads.controlled.stage import FOR_EVER
from scenario.engines.threads.controlled.targets import assign, assign_into
from scenario.engines.threads.controlled.walker import Walker
from scenario.engines.threads.live.pools import number_of
from scenario.engines.threads.privates import calls_of, is_counted, threads_of
from scenario.engines.threads.refusals import ask_wait, where_refused
from scenario.engines.threads.values import fresh
from scenario.program import ops
from scenario.program.bounded.limits import Refused
from scenario.program.bounded.sets import set as Set  # noqa: N812 (a class, whose name is Python's)
from scenario.results.script import Cue


def submit(w: Walker, op: ops.Submit) -> None:
    _, pool = w.place(op.to)
    assign_into(w, op.into, _submit(w, pool, op.routine, [w.value(arg) for arg in op.args]))


def _submit(w: Walker, pool: Any, routine: str, args: list[Any]) -> Any:
    w.gate()
    given = [fresh(arg) for arg in args]
    stage, span = w.stage, w.span

    def run() -> Any:
        try:
            value = fresh(w.call(routine, given))
        except (Abandoned, Refused):
            raise
        except BaseException:
            stage.gate(span)
            raise
        stage.gate(span)
        return value

    run.routine = routine  # type: ignore[attr-defined] # for who asks what is queued
    future = pool.submit(run)
    number_of(future)
    future.add_done_callback(lambda done: None if done.cancelled() else stage.rank(done))
    workers.wait_for_new(stage, pool)
    return future


def map_(w: Walker, op: ops.Map) -> None:
    """All submits, then a result after the other; whoever leaves early cancels the calls left."""
    _, pool = w.place(op.to)
    timeout = w.given(op.timeout)
    futures = [_submit(w, pool, op.routine, [item]) for item in w.each(op.over)]
    results: list[Any] = []
    try:
        while futures:
            value = _result(w, futures[0], timeout)
            futures.pop(0)
            if op.body is None or op.target is None:
                results.append(value)
                continue
            assign(w, op.target, value)
            try:
                w.block(op.body)
            except ContinueLoop:
                continue
    except BreakLoop:
        _cancel_all(w, futures)
    except (Abandoned, Refused):
        raise
    except BaseException:
        _cancel_all(w, futures)
        raise
    assign_into(w, op.into, results)


def _cancel_all(w: Walker, futures: list[Any]) -> None:
    for future in futures:
        _cancel(w, future)


# --- futures -------------------------------------------------------------------------------------------


def result(w: Walker, op: ops.Result) -> None:
    future = w.value(op.future)
    timeout = w.given(op.timeout)
    assign_into(w, op.into, _result(w, future, timeout))


def _result(w: Walker, future: Any, timeout: Any) -> Any:
    is_future = hasattr(future, "done")  # else the step raises what Python raises
    cue = w.gate(waits.future(w.stage, future), future.done) if is_future else w.gate()
    w.me.awaited = (future,) if cue is FOR_EVER else ()
    return fresh(future.result(_patience(cue, timeout)))


def cancel(w: Walker, op: ops.CancelFuture) -> None:
    assign_into(w, op.into, _cancel(w, w.value(op.future)))


def _cancel(w: Walker, future: Any) -> bool:
    w.gate()
    return bool(future.cancel())


def wait_futures(w: Walker, op: ops.WaitFutures) -> None:
    from concurrent.futures import wait

    futures = list(w.value(op.futures))
    when, timeout = w.given(op.return_when, "ALL_COMPLETED"), w.given(op.timeout)

    def ready() -> bool:
        finished = [f for f in futures if is_counted(f)]
        failed = any(not f.cancelled() and f.exception() is not None for f in finished)
        return (
            len(finished) == len(futures)
            or (when == "FIRST_COMPLETED" and bool(finished))
            or (when == "FIRST_EXCEPTION" and failed)
        )

    needs = 1 if when == "FIRST_COMPLETED" else len(set(futures))
    cue = w.gate(waits.futures(w.stage, list(dict.fromkeys(futures)), needs), ready)
    w.me.awaited = futures if cue is FOR_EVER else ()
    assign_into(w, op.into, tuple(map(Set, wait(futures, _patience(cue, timeout), when))))


def _patience(cue: Cue, timeout: Any) -> Any:
    """How long the real call waits: not at all, for it is let go when it need not, or for ever at the end of a deadlock."""
    return None if cue is FOR_EVER else where_refused(timeout, 0)


def as_completed(w: Walker, op: ops.AsCompleted) -> None:
    """One step looks at all futures, then one a future that was not done."""
    futures = list(dict.fromkeys(w.value(op.futures)))
    timeout = w.given(op.timeout)
    ready, pending = _look(w, futures)
    while ready or pending:
        if not ready:
            ready.append(_next(w, pending, timeout))
        assign(w, op.target, ready.pop(0))
        try:
            w.block(op.body)
        except BreakLoop:
            return
        except ContinueLoop:
            continue


def _look(w: Walker, futures: list[Any]) -> tuple[list[Any], list[Any]]:
    """Those that are done, in the order that the schedule chose, and the others."""
    cue = w.gate()
    finished = [f for f in futures if is_counted(f)]
    orders = list(permutations(finished))
    return list(orders[cue.move.alternative % len(orders)]), [f for f in futures if f not in finished]


def _next(w: Walker, pending: list[Any], timeout: Any) -> Any:
    """The first of the pending ones to complete, taken from them."""
    from concurrent.futures import FIRST_COMPLETED, wait

    cue = w.gate(waits.futures(w.stage, pending, 1), lambda: any(is_counted(f) for f in pending))
    if cue is FOR_EVER:
        w.me.awaited = pending
        wait(pending, return_when=FIRST_COMPLETED)
    if cue.way == "timeout":
        raise TimeoutError
    if not any(is_counted(f) for f in pending):
        ask_wait(timeout)
    arrived = min((f for f in pending if is_counted(f)), key=lambda f: w.stage.ranks.get(f, 0))
    pending.remove(arrived)
    return arrived


# --- the end -------------------------------------------------------------------------------------------


def shutdown(w: Walker, op: ops.ShutdownPool) -> None:
    name, pool = w.place(op.ref)
    shut(w, name, pool, op, cancel=bool(w.given(op.cancel_futures, default=False)))


def shut(w: Walker, name: str, pool: Any, op: ops.ShutdownPool | None = None, *, cancel: bool = False) -> None:
    """Shuts down, then waits unless the operation says not to."""
    w.gate()
    calls = calls_of(pool)
    calls.throws_away = cancel
    pool.shutdown(wait=False, cancel_futures=cancel)
    calls.throws_away = False
    if op is not None and not w.given(op.wait, default=True):
        return
    if w.me.thread in threads_of(pool):
        w.gate()
        w.me.thread.join()  # raises, as joining oneself does
    else:
        w.gate(waits.plain("calls", name), lambda: workers.is_quiet(pool))
