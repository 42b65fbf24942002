"""Thread pools and futures.

A pool's state is (calls as (future, routine, arguments), workers started, workers idle, is shut down,
is broken, workers in their initializer, who count as idle for `submit`); a future's (state, value, rank of its completion).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from scenario.engines.explore.code import Operate
from scenario.engines.explore.parts import ALIVE, CANCELLED, OVER, ScenarioError
from scenario.engines.explore.raising import on_values
from scenario.engines.explore.semantics.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    raising,
    target,
)
from scenario.engines.explore.values import FutureHandle, Raised, freeze, thaw
from scenario.engines.explore.world import World

DONE = ("finished", "failed", "cancelled")


def submit(w: World, op: Operate) -> Alternatives:
    """The scenario's submit, and the four steps of a worker."""
    number = target(w, op)
    match op.part:
        case "take":
            return (Alternative(lambda v: _take(v, number), "takes a call"),) if w.objects[number][0] else ()
        case "finish":
            return (Alternative(lambda v: _finish(v, op, number, "finished"), "finishes its call"),)
        case "fail":
            return (Alternative(lambda v: _finish(v, op, number, "failed"), "its call has raised"),)
        case "break":
            return (Alternative(lambda v: _break(v, number), "its initializer has raised"),)
        case _:
            pass
    _, _, _, is_shutdown, is_broken, _ = w.objects[number]
    if is_broken:
        return raising("BrokenThreadPool", "A thread initializer failed, the thread pool is not usable anymore")
    if is_shutdown or _main_has_ended(w):
        when = "shutdown" if is_shutdown else "interpreter shutdown"
        return raising("RuntimeError", f"cannot schedule new futures after {when}")
    return (Alternative(lambda v: _submit(v, op, number)),)


def _main_has_ended(w: World) -> bool:
    """A default main ends with the last thread that is no daemon."""
    if w.layout.main is not None:
        return w.closed
    return all(t.daemon or t.pool is not None or w.status[t.number] in (OVER, CANCELLED) for t in w.layout.threads)


def _submit(w: World, op: Operate, number: int) -> None:
    """As `ThreadPoolExecutor`: a queued call has the idle worker that it will wake, or starts one."""
    calls, started, idle, is_shutdown, is_broken, starting = w.objects[number]
    future = FutureHandle(len(w.futures))
    w.futures.append(("pending", None, 0))
    args = [argument(w, op, f"arg{i}") for i in range(sum(name.startswith("arg") for name in op.args))]
    calls = (*calls, (future.number, op.routine, freeze(args)))
    workers = [t.number for t in w.layout.threads if t.pool == number]
    if idle < len(calls) and started < len(workers):
        w.started = (*w.started, workers[started])
        w.status[workers[started]] = ALIVE
        started, idle = started + 1, idle + 1
        starting += getattr(w.layout.kinds[number], "initializer", None) is not None
    w.objects[number] = (calls, started, idle, is_shutdown, is_broken, starting)
    w.finish(future)


def _take(w: World, number: int) -> None:
    calls, started, idle, is_shutdown, is_broken, starting = w.objects[number]
    future, routine, args = calls[0]
    w.objects[number] = (calls[1:], started, idle - 1, is_shutdown, is_broken, starting)
    w.futures[future] = ("running", None, 0)
    w.phase = ("call", future)
    w.push(f"routine {routine}", thaw(args))


def returned(w: World, value: Any) -> None:
    """The call's routine has returned: on to the step that finishes it."""
    future = w.phase[1]
    w.finish(value)
    w.phase = ("call", future)


def _finish(w: World, op: Operate, number: int, state: str) -> None:
    future = w.phase[1]
    settle(w, future, state, freeze(_settled(argument(w, op, "value"))))
    calls, started, idle, is_shutdown, is_broken, starting = w.objects[number]
    w.objects[number] = (calls, started, idle + 1, is_shutdown, is_broken, starting)
    w.finish()


def _settled(value: Any) -> Any:
    """An exception that a future has is raised anew where it is asked for."""
    return replace(value, place=None) if isinstance(value, Raised) else value


def settle(w: World, future: int, state: str, value: Any) -> None:
    """The future is done; its rank tells `as_completed` the order."""
    rank = 1 + max((rank for _, _, rank in w.futures), default=0) if w.layout.ranks else 0
    w.futures[future] = (state, value, rank)


def _break(w: World, number: int) -> None:
    """An initializer that raised: the pool is broken, and its queued calls with it."""
    calls, started, idle, is_shutdown, _, starting = w.objects[number]
    failure = freeze(Raised("BrokenThreadPool", "A thread initializer failed, the thread pool is not usable anymore"))
    for future, _, _ in calls:
        settle(w, future, "failed", failure)
    w.objects[number] = ((), started, idle, is_shutdown, True, starting - 1)
    w.finish()


def shutdown(w: World, op: Operate) -> Alternatives:
    number = target(w, op)
    if op.part == "wait":
        return (Alternative(finishing(), "all calls are done"),) if is_quiet(w.objects[number]) else ()
    return (Alternative(lambda v: _shutdown(v, op, number)),)


def is_quiet(pool: tuple[Any, ...]) -> bool:
    """Whether no call is queued or running and every started worker is idle, or has broken the pool."""
    calls, started, idle, _, _, starting = pool
    return not calls and started == idle and not starting


def _shutdown(w: World, op: Operate, number: int) -> None:
    calls, started, idle, _, is_broken, starting = w.objects[number]
    if argument(w, op, "cancel_futures", False):
        for future, _, _ in calls:
            settle(w, future, "cancelled", None)
        calls = ()
    w.objects[number] = (calls, started, idle, True, is_broken, starting)
    w.finish()


# --- futures ---------------------------------------------------------------------------------------


def _handle(value: Any) -> FutureHandle:
    if not isinstance(value, FutureHandle):
        raise ScenarioError("AttributeError", f"'{type(value).__name__}' object is no future")
    return value


def result(w: World, op: Operate) -> Alternatives:
    future = _handle(argument(w, op, "future"))
    state, value, _ = w.futures[future.number]
    match state:
        case "finished":
            return (Alternative(finishing(thaw(value))),)
        case "failed":
            raised = thaw(value)
            return raising(raised.name, raised.message)
        case "cancelled":
            return raising("CancelledError")
        case _:
            timeout = argument(w, op, "timeout")
            return blocked(w, timeout, lambda _: _expired())


def _expired() -> None:
    raise ScenarioError("TimeoutError")


def cancel(w: World, op: Operate) -> Alternatives:
    future = _handle(argument(w, op, "future"))
    state, _, _ = w.futures[future.number]
    if state != "pending":
        return (Alternative(finishing(value=state == "cancelled")),)
    return (Alternative(lambda v: _cancel(v, future.number)),)


def _cancel(w: World, future: int) -> None:
    settle(w, future, "cancelled", None)
    for number, kind in enumerate(w.layout.kinds):
        if type(kind).__name__ == "ThreadPool":
            calls, *rest = w.objects[number]
            w.objects[number] = (tuple(call for call in calls if call[0] != future), *rest)
    w.finish(value=True)


def wait_futures(w: World, op: Operate) -> Alternatives:
    futures = {_handle(value) for value in on_values(list, argument(w, op, "futures"))}
    done = {f for f in futures if w.futures[f.number][0] in DONE}
    when = argument(w, op, "return_when", "ALL_COMPLETED")
    failed = any(w.futures[f.number][0] == "failed" for f in done)
    ready = len(done) == len(futures) or (when == "FIRST_COMPLETED" and done) or (when == "FIRST_EXCEPTION" and failed)
    go_on = finishing((done, futures - done))
    return (Alternative(go_on),) if ready else blocked(w, argument(w, op, "timeout"), go_on)


def as_completed(w: World, op: Operate) -> Alternatives:
    """`look`: what is done now, in any order, and what is not; `next`: the first of those to complete."""
    futures = sorted({_handle(value) for value in on_values(list, argument(w, op, "futures"))}, key=lambda f: f.number)
    done = [f for f in futures if w.futures[f.number][0] in DONE]
    if op.part == "look":
        pending = [f for f in futures if f not in done]
        return tuple(Alternative(finishing([list(order), pending])) for order in permutations(done))
    if done:
        return (Alternative(finishing(min(done, key=lambda f: w.futures[f.number][2]))),)
    return blocked(w, argument(w, op, "timeout"), lambda _: _expired())
