"""Pools and futures: real executors whose workers take a call when the schedule says so."""

from __future__ import annotations

from scenario.engines.threads.controlled import waits, workers
from scenario.engines.threads.controlled.interpreter import Interpreter
from scenario.engines.threads.live.pools import Call
from scenario.engines.threads.privates import calls_of, threads_of
from scenario.interpreter.futures import number_of
from scenario.program import ops
from scenario.program.bounded.limits import Refused
from scenario.real.endable import Abandoned
from scenario.real.values import fresh


def submit(w: Interpreter, op: ops.Submit) -> object:
    _, pool = w.place(op.to)
    given, routine = [fresh(w.given(arg)) for arg in op.args], op.routine
    w.gate(ready=calls_of(pool).is_free)
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
    stage.rank_when_done(future)
    workers.wait_for_new(stage, pool)
    return future


# --- the end -------------------------------------------------------------------------------------------


def shut(w: Interpreter, op: ops.ShutdownPool) -> None:
    """Refuses further calls."""
    _, pool = w.place(op.ref)
    cancel = bool(w.given(op.cancel_futures, default=False))
    calls = calls_of(pool)
    w.gate(ready=calls.is_free)
    with calls.emptied(wanted=cancel):
        pool.shutdown(wait=False, cancel_futures=cancel)


def wait_for_calls(w: Interpreter, op: ops.ShutdownPool) -> None:
    """Waits for those that there are."""
    name, pool = w.place(op.ref)
    if w.me.thread in threads_of(pool):
        w.gate()
        w.me.thread.join()  # raises, as joining oneself does
    else:
        w.gate(waits.plain("calls", name), lambda: workers.is_quiet(pool))
