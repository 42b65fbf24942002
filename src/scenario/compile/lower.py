"""Steps as written -> operations: one entry a verb and statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario import syntax
from scenario.compile.body import Frame
from scenario.compile.control_steps import ControlSteps
from scenario.compile.pool_steps import PoolSteps
from scenario.compile.primitive_steps import PrimitiveSteps
from scenario.compile.statements import Statements
from scenario.program import ops
from scenario.spec import steps as spec


class Lowering(Statements, PrimitiveSteps, PoolSteps, ControlSteps):
    """Lowers the steps of one thread, routine or `main`."""

    def lowered(self, step: syntax.Statement | spec.Step, frame: Frame) -> ops.Op:
        if isinstance(step, spec.OnObject):
            return self.lower_on_object(step)
        return LOWER[type(step)](self, step, frame)


LOWER: dict[type[object], Callable[[Lowering, Any, Frame], ops.Op]] = {
    syntax.Assign: Lowering.lower_assign, syntax.AugmentedAssign: Lowering.lower_augmented, syntax.Delete: Lowering.lower_delete,
    syntax.Evaluate: Lowering.lower_evaluate, syntax.Break: Lowering.lower_leave_loop, syntax.Continue: Lowering.lower_leave_loop,
    syntax.Pass: Lowering.lower_as_it_is, syntax.Return: Lowering.lower_as_it_is, syntax.Reraise: Lowering.lower_reraise,
    spec.Print: Lowering.lower_print, spec.Mark: Lowering.lower_mark, spec.Sleep: Lowering.lower_sleep,
    spec.With: Lowering.lower_with, spec.Join: Lowering.lower_join, spec.Start: Lowering.lower_start,
    spec.Cancel: Lowering.lower_cancel, spec.Shutdown: Lowering.lower_shutdown, spec.Submit: Lowering.lower_submit,
    spec.Map: Lowering.lower_map, spec.Result: Lowering.lower_result, spec.WaitFutures: Lowering.lower_wait_futures,
    spec.AsCompleted: Lowering.lower_as_completed, spec.Call: Lowering.lower_call, spec.If: Lowering.lower_if,
    spec.While: Lowering.lower_while, spec.Repeat: Lowering.lower_repeat, spec.For: Lowering.lower_for,
    spec.Return: Lowering.lower_return, spec.Try: Lowering.lower_try, spec.Raise: Lowering.lower_raise,
    spec.Assert: Lowering.lower_assert, spec.Choose: Lowering.lower_choose, spec.Await: Lowering.lower_await,
    spec.Atomic: Lowering.lower_atomic,
}  # fmt: skip
"""One entry a statement and verb that is no single call on an object (tests/compile proves that none is missing)."""
