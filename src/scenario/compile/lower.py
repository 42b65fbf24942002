"""Steps as written -> operations: one entry a verb and statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario import syntax
from scenario.compile import control_steps, future_steps, pool_steps, primitive_steps, statements
from scenario.compile.body import Body, Frame
from scenario.program import ops
from scenario.spec import steps as spec
from scenario.spec.step import OnObject, Step


def lowered(b: Body, step: syntax.Statement | Step, frame: Frame) -> ops.Op:
    """What a step's verb or statement means."""
    if isinstance(step, OnObject):
        return primitive_steps.lower_on_object(b, step)
    return LOWER[type(step)](b, step, frame)


LOWER: dict[type[object], Callable[[Body, Any, Frame], ops.Op]] = {
    syntax.Assign: statements.lower_assign, syntax.AugmentedAssign: statements.lower_augmented, syntax.Delete: statements.lower_delete,
    syntax.Evaluate: statements.lower_evaluate, syntax.Break: statements.lower_leave_loop, syntax.Continue: statements.lower_leave_loop,
    syntax.Pass: statements.lower_as_it_is, syntax.Return: statements.lower_as_it_is, syntax.Reraise: statements.lower_reraise,
    spec.Print: primitive_steps.lower_print, spec.Mark: primitive_steps.lower_mark, spec.Sleep: primitive_steps.lower_sleep,
    spec.Compute: primitive_steps.lower_compute,
    spec.With: primitive_steps.lower_with, spec.Join: primitive_steps.lower_join, spec.Start: primitive_steps.lower_start,
    spec.Cancel: primitive_steps.lower_cancel, spec.Kill: primitive_steps.lower_kill, spec.Shutdown: primitive_steps.lower_shutdown, spec.Submit: pool_steps.lower_submit,
    spec.Map: pool_steps.lower_map, spec.Result: future_steps.lower_result, spec.WaitFutures: future_steps.lower_wait_futures,
    spec.SetResult: future_steps.lower_set_result, spec.SetException: future_steps.lower_set_exception,
    spec.SetRunning: future_steps.lower_set_running, spec.AddDoneCallback: future_steps.lower_add_done_callback,
    spec.AsCompleted: pool_steps.lower_as_completed, spec.Call: pool_steps.lower_call, spec.If: control_steps.lower_if,
    spec.While: control_steps.lower_while, spec.Repeat: control_steps.lower_repeat, spec.For: control_steps.lower_for,
    spec.Return: control_steps.lower_return, spec.Try: control_steps.lower_try, spec.Raise: control_steps.lower_raise,
    spec.Assert: control_steps.lower_assert, spec.Choose: control_steps.lower_choose, spec.Await: control_steps.lower_await,
    spec.Atomic: control_steps.lower_atomic, spec.Timeout: control_steps.lower_timeout,
}  # fmt: skip
"""One entry a statement and verb that is no single call on an object (tests/compile proves that none is missing)."""
