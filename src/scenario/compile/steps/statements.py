"""Statements -> operations."""

from __future__ import annotations

from typing import Any

from scenario import syntax
from scenario.compile import codes
from scenario.compile.steps.body import Body, Frame
from scenario.program import ops
from scenario.program.places import MUTATING


def lower_assign(b: Body, node: syntax.Assign, _frame: Frame) -> ops.Op:
    value = b.value(node.value)
    targets = tuple([b.target(target) for target in node.targets])
    for target in targets:
        b.given(target, value)
    return syntax.Assign(targets, value, span=node.span)


def lower_augmented(b: Body, node: syntax.AugmentedAssign, _frame: Frame) -> ops.Op:
    target, value = b.target(node.target), b.value(node.value)
    if isinstance(target, syntax.Local) and target.name not in b.scope.locals:
        b.expr(node.target)  # reported as any name that nothing assigns
    b.given(target, value)
    return syntax.AugmentedAssign(target, node.operator, value, span=node.span)


def lower_delete(b: Body, node: syntax.Delete, _frame: Frame) -> ops.Op:
    return syntax.Delete(tuple([b.target(target) for target in node.targets]), span=node.span)


def lower_evaluate(b: Body, node: syntax.Evaluate, _frame: Frame) -> ops.Op:
    value = b.expr(node.value)
    changes = isinstance(value, syntax.Method) and value.name in MUTATING
    if not changes and not isinstance(value, syntax.Const) and not b.found.expecting:
        b.found.add(codes.NO_EFFECT, "this does nothing: its value is not used", node.span,
                       "assign it to a name")  # fmt: skip
    return syntax.Evaluate(value, span=node.span)


def lower_leave_loop(b: Body, node: syntax.Break | syntax.Continue, frame: Frame) -> ops.Op:
    if not frame.loop:
        word = "break" if isinstance(node, syntax.Break) else "continue"
        b.found.add(codes.OUTSIDE, f"`{word}` stands outside of a loop", node.span,
                       "`return` ends the steps")  # fmt: skip
    return node


def lower_reraise(b: Body, node: syntax.Reraise, frame: Frame) -> ops.Op:
    if not frame.handles:
        b.found.add(codes.OUTSIDE, "a bare `raise` stands outside of an `except`", node.span,
                       "write `raise: NameOfException`", None if frame.handles is None else "RuntimeError")  # fmt: skip
    return node


def lower_as_it_is(_b: Body, node: object, _frame: Frame) -> Any:
    return node
