"""Futures as Python lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, assert_never

from scenario.program import ops
from scenario.real import footprint as footprints
from scenario.real.emit.context import Body, Context
from scenario.real.emit.control import loop
from scenario.real.emit.guarded import arguments_of
from scenario.real.functions import name_of
from scenario.syntax import Const, Expr, Template

FutureOp: TypeAlias = (
    ops.Result | ops.CancelFuture | ops.SetResult | ops.SetException | ops.SetRunning | ops.AddDoneCallback
    | ops.WaitFutures | ops.AsCompleted
)  # fmt: skip


def emit(c: Context, op: FutureOp, body: Body) -> None:
    """One operation."""
    match op:
        case ops.Result():
            _result(c, op)
        case ops.CancelFuture(future, into):
            _at_once(c, op, into, lambda: f"{receiver(c, future)}.cancel()")
        case ops.SetResult(future, value):
            _at_once(c, op, None, lambda: f"{receiver(c, future)}.set_result({c.given(value)})")
        case ops.SetException():
            _at_once(c, op, None, lambda: f"{receiver(c, op.future)}.set_exception({exception_of(c, op)})")
        case ops.SetRunning(future, into):
            _at_once(c, op, into, lambda: f"{receiver(c, future)}.set_running_or_notify_cancel()")
        case ops.AddDoneCallback(future):
            c.out.line(f"{receiver(c, future)}.add_done_callback({_callback(c, op)})")
        case ops.WaitFutures():
            rest = arguments_of(c, timeout=op.timeout, return_when=op.return_when)
            c.store(op.into, f"rt_wait_futures({c.read(op.futures)}{rest})")
        case ops.AsCompleted():
            source = f"rt_as_completed({c.read(op.futures)}{arguments_of(c, timeout=op.timeout)})"
            loop(c, op.target, source, op.body, body)
        case _:
            assert_never(op)


def receiver(c: Context, future: Expr) -> str:
    """What should be a future; a number written there is none, and Python says so."""
    source = c.read(future)
    return f"({source})" if isinstance(future, Const) else source


def _result(c: Context, op: ops.Result) -> None:
    timeout = c.read(op.timeout) if op.timeout is not None else ""
    source = f"{receiver(c, op.future)}.result({timeout})"
    c.store(op.into, f"_fresh({source})" if op.into is not None else source)


def _at_once(c: Context, op: FutureOp, into: Expr | None, call: Callable[[], str]) -> None:
    """One step; where futures are guarded it is under the hidden lock, and the callbacks are run when that is free."""
    own = c.facts.footprint.futures
    if not c.guards(own):
        c.store(into, call())
        return
    kept = c.fresh()
    with c.step(own | footprints.names(op), own):
        c.out.line(f"{kept} = {call()}")
    c.out.line("rt_call_back()")
    if into is not None:
        c.store(into, kept)


def exception_of(c: Context, op: ops.SetException) -> str:
    words = op.message
    return f"{name_of(op.error)}({c.text(words) if isinstance(words, Template) else ''})"


def _callback(c: Context, op: ops.AddDoneCallback) -> str:
    makes, function = ("callback", "r") if op.routine in c.facts.program.routines else ("own_callback", "y")
    return f"rt_{makes}({', '.join([f'{function}_{op.routine}', *c.given_to(op)])})"
