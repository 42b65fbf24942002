"""Thread pools and futures, as concurrent/futures/thread.py and _base.py have them.

A worker takes a call off the queue, settles its future, and only then lets `submit` know that it is idle: a `submit` in
between starts another worker. A call that is cancelled stays in the queue: `result` and `done()` know at once, `wait` and
`as_completed` hear of it when a worker takes it off, and never when `shutdown` with `cancel_futures` has emptied the queue.
A future's state is (state, value, rank of its completion).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ALIVE, COUNTED, WITHDRAWN, PoolState, ScenarioError
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.values import Future, Raised, freeze, thaw
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
)
from scenario.program.bounded.sets import set as Set  # noqa: N812 (a class, whose name is Python's)


def submit(w: Context, op: Operate) -> Alternatives:
    """The scenario's submit, and the steps of a worker."""
    number = target(w, op)
    pool: PoolState = w.objects[number]
    match op.part:
        case "take":
            return _worker(w, op, number, pool)
        case "finish":
            return (Alternative(lambda v: _settled(v, op, "finished"), "finishes its call"),)
        case "fail":
            return (Alternative(lambda v: _settled(v, op, "failed"), "its call has raised"),)
        case "break":
            return (Alternative(lambda v: _break(v, number, pool), "its initializer has raised"),)
        case _:
            pass
    if pool.is_broken:
        return raising("BrokenThreadPool", _BROKEN)
    if pool.is_shut or w.closed:
        when = "shutdown" if pool.is_shut else "interpreter shutdown"
        return raising("RuntimeError", f"cannot schedule new futures after {when}")
    return (Alternative(lambda v: _submit(v, op, number, pool)),)


_BROKEN = "A thread initializer failed, the thread pool is not usable anymore"


def _submit(w: Context, op: Operate, number: int, pool: PoolState) -> None:
    """As `ThreadPoolExecutor`: a queued call has the idle worker that it will wake, or starts one."""
    future = Future(len(w.futures))
    w.futures.append(("pending", None, 0))
    args = [argument(w, op, f"arg{i}") for i in range(sum(name.startswith("arg") for name in op.args))]
    pool = pool._replace(calls=(*pool.calls, (future.number, op.routine, freeze(args))))
    workers = [t.number for t in w.layout.threads if t.pool == number]
    if pool.idle < len(pool.calls) and pool.started < len(workers):
        w.started = (*w.started, workers[pool.started])
        w.status[workers[pool.started]] = ALIVE
        begins = getattr(w.layout.kinds[number], "initializer", None) is not None
        pool = pool._replace(started=pool.started + 1, idle=pool.idle + 1, starting=pool.starting + begins)
    w.objects[number] = pool
    w.finish(future)


# --- workers ---------------------------------------------------------------------------------------


def _worker(w: Context, op: Operate, number: int, pool: PoolState) -> Alternatives:
    """The next call; without one, who has just finished his is idle from now on."""
    idle = argument(w, op, "idle")
    if pool.calls:
        free = pool._replace(calls=pool.calls[1:], idle=pool.idle - idle)
        return (Alternative(lambda v: _take(v, op, number, free, pool.calls[0]), "takes a call"),)
    if idle:
        return ()
    return (Alternative(lambda v: _no_call(v, op, number, pool._replace(idle=pool.idle + 1), idle=True), "is idle"),)


def _take(w: Context, op: Operate, number: int, pool: PoolState, call: tuple[int, str, Any]) -> None:
    """The call becomes running; one that has been cancelled is over, and whoever waits for many hears of it."""
    future, routine, args = call
    if w.futures[future][0] == "cancelled":
        settle(w, future, "notified", None)
        _no_call(w, op, number, pool, idle=False)
        return
    w.objects[number] = pool
    w.futures[future] = ("running", None, 0)
    w.frame.locals[op.args["idle"]] = False
    w.phase = ("call", future)
    w.push(f"routine {routine}", thaw(args))


def _no_call(w: Context, op: Operate, number: int, pool: PoolState, *, idle: bool) -> None:
    """Nothing to run: on to the worker's next look at the queue."""
    _, ran, _ = op.defines
    w.objects[number] = pool
    w.frame.locals[ran], w.frame.locals[op.args["idle"]] = False, idle
    w.finish()


def returned(w: Context, value: Any) -> None:
    """The call's routine has returned: on to the step that finishes it."""
    phase = w.phase
    w.frame.locals[w.instruction.defines[1]] = True
    w.finish(value)
    w.phase = phase


def _settled(w: Context, op: Operate, state: str) -> None:
    """An exception that a future has is raised anew where it is asked for."""
    value = argument(w, op, "value")
    settle(w, w.phase[1], state, freeze(replace(value, place=None) if isinstance(value, Raised) else value))
    w.finish()


def settle(w: Context, future: int, state: str, value: Any) -> None:
    """The future is done; its rank tells `as_completed` the order."""
    rank = 1 + max((rank for _, _, rank in w.futures), default=0) if w.layout.ranks and state in COUNTED else 0
    w.futures[future] = (state, value, rank)


def _break(w: Context, number: int, pool: PoolState) -> None:
    """An initializer that raised: the pool is broken, and its queued calls with it.

    Up to the first that is cancelled: CPython can not fail that one, and the worker ends of it (InvalidStateError).
    """
    failed = next((i for i, (future, *_) in enumerate(pool.calls) if w.futures[future][0] == "cancelled"), None)
    left = () if failed is None else pool.calls[failed + 1 :]
    for future, *_ in pool.calls[:failed]:
        settle(w, future, "failed", freeze(Raised("BrokenThreadPool", _BROKEN)))
    w.objects[number] = pool._replace(
        calls=left, idle=pool.idle - 1, starting=pool.starting - 1, gone=pool.gone + 1, is_broken=True
    )
    w.finish()


# --- shutting down ---------------------------------------------------------------------------------


def shutdown(w: Context, op: Operate) -> Alternatives:
    """Refuses further calls (a step), and waits for those that there are (another): its workers are joined."""
    number = target(w, op)
    pool: PoolState = w.objects[number]
    if op.part != "wait":
        return (Alternative(lambda v: _shutdown(v, op, number, pool)),)
    if w.thread.pool == number:
        return raising("RuntimeError", "cannot join current thread")
    return (Alternative(finishing(), "all calls are done"),) if pool.is_quiet else ()


def _shutdown(w: Context, op: Operate, number: int, pool: PoolState) -> None:
    if argument(w, op, "cancel_futures", False):
        for future, *_ in pool.calls:
            settle(w, future, "cancelled", None)
        pool = pool._replace(calls=())
    put(number, pool._replace(is_shut=True))(w)


# --- futures ---------------------------------------------------------------------------------------


def _handle(value: Any, attribute: str) -> Future:
    """The future; of what is none, Python misses what it asks of one first."""
    if not isinstance(value, Future):
        raise ScenarioError("AttributeError", f"{type(value).__name__!r} object has no attribute {attribute!r}")
    return value


def _handles(w: Context, op: Operate) -> list[Future]:
    """Each future once, in the order of their making."""
    given = on_values(set, argument(w, op, "futures"))
    return sorted((_handle(value, "_condition") for value in given), key=lambda future: future.number)


def result(w: Context, op: Operate) -> Alternatives:
    future = _handle(argument(w, op, "future"), "result")
    state, value, _ = w.futures[future.number]
    match state:
        case "finished":
            return (Alternative(finishing(thaw(value))),)
        case "failed":
            raised = thaw(value)
            return raising(raised.name, raised.message)
        case "cancelled" | "notified":
            return raising("CancelledError")
        case _:
            timeout = argument(w, op, "timeout")
            return blocked(w, timeout, lambda _: _expired())


def _expired() -> None:
    raise ScenarioError("TimeoutError")


def cancel(w: Context, op: Operate) -> Alternatives:
    future = _handle(argument(w, op, "future"), "cancel")
    state, _, _ = w.futures[future.number]
    if state != "pending":
        return (Alternative(finishing(value=state in WITHDRAWN)),)
    return (Alternative(lambda v: _cancel(v, future.number)),)


def _cancel(w: Context, future: int) -> None:
    settle(w, future, "cancelled", None)
    w.finish(value=True)


def wait_futures(w: Context, op: Operate) -> Alternatives:
    futures = Set(_handles(w, op))
    done = Set(f for f in futures if w.futures[f.number][0] in COUNTED)
    when = argument(w, op, "return_when", "ALL_COMPLETED")
    failed = any(w.futures[f.number][0] == "failed" for f in done)
    ready = len(done) == len(futures) or (when == "FIRST_COMPLETED" and done) or (when == "FIRST_EXCEPTION" and failed)
    go_on = finishing((done, futures - done))
    if not ready and when not in ("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"):
        return raising("ValueError", f"Invalid return condition: {when!r}")
    return (Alternative(go_on),) if ready else blocked(w, argument(w, op, "timeout"), go_on)


def as_completed(w: Context, op: Operate) -> Alternatives:
    """`look`: what is done now, in any order, and what is not; `next`: the first of those to complete."""
    futures = _handles(w, op)
    done = [f for f in futures if w.futures[f.number][0] in COUNTED]
    if op.part == "look":
        pending = [f for f in futures if f not in done]
        return tuple(Alternative(finishing([list(order), pending])) for order in permutations(done))
    if done:
        return (Alternative(finishing(min(done, key=lambda f: w.futures[f.number][2]))),)
    return blocked(w, argument(w, op, "timeout"), lambda _: _expired())
