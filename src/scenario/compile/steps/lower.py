"""Steps as written -> operations: one entry a verb and statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario import syntax
from scenario.compile.steps import control, futures, on_objects, pools, statements
from scenario.compile.steps.body import Body, Frame
from scenario.program import ops
from scenario.spec import steps as spec
from scenario.spec.step import OnObject, Step


def lowered(b: Body, step: syntax.Statement | Step, frame: Frame) -> ops.Op:
    """What a step's verb or statement means."""
    if isinstance(step, OnObject):
        return on_objects.lower_on_object(b, step)
    return LOWER[type(step)](b, step, frame)


LOWER: dict[type[object], Callable[[Body, Any, Frame], ops.Op]] = {
    syntax.Assign: statements.lower_assign, syntax.AugmentedAssign: statements.lower_augmented, syntax.Delete: statements.lower_delete,
    syntax.Evaluate: statements.lower_evaluate, syntax.Break: statements.lower_leave_loop, syntax.Continue: statements.lower_leave_loop,
    syntax.Pass: statements.lower_as_it_is, syntax.Return: statements.lower_as_it_is, syntax.Reraise: statements.lower_reraise,
    spec.Print: on_objects.lower_print, spec.Mark: on_objects.lower_mark, spec.Sleep: on_objects.lower_sleep,
    spec.Compute: on_objects.lower_compute,
    spec.With: on_objects.lower_with, spec.Join: on_objects.lower_join, spec.Start: on_objects.lower_start,
    spec.Cancel: on_objects.lower_cancel, spec.Kill: on_objects.lower_kill, spec.Shutdown: on_objects.lower_shutdown, spec.Submit: pools.lower_submit,
    spec.Map: pools.lower_map, spec.Result: futures.lower_result, spec.WaitFutures: futures.lower_wait_futures,
    spec.SetResult: futures.lower_set_result, spec.SetException: futures.lower_set_exception,
    spec.SetRunning: futures.lower_set_running, spec.AddDoneCallback: futures.lower_add_done_callback,
    spec.AsCompleted: pools.lower_as_completed, spec.Call: pools.lower_call, spec.If: control.lower_if,
    spec.While: control.lower_while, spec.Repeat: control.lower_repeat, spec.For: control.lower_for,
    spec.Return: control.lower_return, spec.Try: control.lower_try, spec.Raise: control.lower_raise,
    spec.Assert: control.lower_assert, spec.Choose: control.lower_choose, spec.Await: control.lower_await,
    spec.Atomic: control.lower_atomic, spec.Timeout: control.lower_timeout,
}  # fmt: skip
"""One entry a statement and verb that is no single call on an object (tests/compile proves that none is missing)."""
