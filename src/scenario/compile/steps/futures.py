"""Steps with futures -> operations."""

from __future__ import annotations

from scenario.compile.steps.body import Body, Frame
from scenario.compile.steps.pools import after, arguments
from scenario.program import ops
from scenario.spec import steps as spec


def lower_set_result(b: Body, step: spec.SetResult, _frame: Frame) -> ops.Op:
    return ops.SetResult(b.expr(step.future), b.value(step.value), span=step.span)


def lower_set_exception(b: Body, step: spec.SetException, _frame: Frame) -> ops.Op:
    b.resolver.notes.exception(step.error, step.at("error"))
    return ops.SetException(b.expr(step.future), step.error, b.template(step.message), span=step.span)


def lower_set_running(b: Body, step: spec.SetRunning, _frame: Frame) -> ops.Op:
    return ops.SetRunning(b.expr(step.future), b.into(step.into), span=step.span)


def lower_add_done_callback(b: Body, step: spec.AddDoneCallback, _frame: Frame) -> ops.Op:
    future = b.expr(step.future)
    before, args, keywords = arguments(b, step, "run")
    return after(before, ops.AddDoneCallback(future, step.routine, args, keywords, span=step.span))


def lower_result(b: Body, step: spec.Result, _frame: Frame) -> ops.Op:
    future, timeout = b.expr(step.future), b.optional(step.timeout)
    return ops.Result(future, timeout, b.into(step.into), span=step.span)


def lower_wait_futures(b: Body, step: spec.WaitFutures, _frame: Frame) -> ops.Op:
    futures, timeout = b.value(step.futures), b.optional(step.timeout)
    when = b.optional(step.return_when)
    return ops.WaitFutures(futures, when, timeout, b.into(step.into), span=step.span)
