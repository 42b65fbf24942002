"""Steps that hold other steps, and those that raise, check, choose and wait for a condition -> operations."""

from __future__ import annotations

from scenario import syntax
from scenario.compile import codes
from scenario.compile.steps.body import Body, Frame
from scenario.program import ops
from scenario.spec import steps as spec

MOST_BRANCHES = 500
"""`elif` of one `if`: CPython nests them, and compiles no more than some thousand."""


def lower_if(b: Body, step: spec.If, frame: Frame) -> ops.Op:
    branches = [(b.expr(step.test), b.block(step.then, frame))]
    if len(step.elif_) > MOST_BRANCHES:
        b.found.add(codes.NESTING, f"more than {MOST_BRANCHES} `elif`", step.span,
                       "look it up in a dict, or in a routine that returns")  # fmt: skip
    branches += [(b.expr(branch.if_), b.block(branch.then, frame)) for branch in step.elif_]
    return ops.If(tuple(branches), b.block(step.else_, frame), span=step.span)


def lower_while(b: Body, step: spec.While, frame: Frame) -> ops.Op:
    inner = b.deeper(frame, 1, step.span, loop=True)
    return ops.While(b.expr(step.test), b.block(step.do, inner), span=step.span)


def lower_repeat(b: Body, step: spec.Repeat, frame: Frame) -> ops.Op:
    times, target = b.expr(step.times), b.into(step.as_)
    inner = b.deeper(frame, 1, step.span, loop=True)
    return ops.Repeat(times, b.block(step.do, inner), target, span=step.span)


def lower_for(b: Body, step: spec.For, frame: Frame) -> ops.Op:
    iterable, target = b.expr(step.in_), b.target(step.target)
    b.resolver.notes.iterated.append((b.scope_number, target, iterable))
    inner = b.deeper(frame, 1, step.span, loop=True)
    return ops.For(target, iterable, b.block(step.do, inner), span=step.span)


def lower_return(b: Body, step: spec.Return, _frame: Frame) -> ops.Op:
    value = None if step.value is None else b.value(step.value)
    return syntax.Return(value, span=step.span)


def lower_try(b: Body, step: spec.Try, frame: Frame) -> ops.Op:
    outer = b.deeper(frame, 1, step.span) if step.finally_ else frame
    body = b.block(step.body, b.deeper(outer, 1, step.span) if step.except_ else outer)
    inside = b.deeper(outer, 2, step.span, handles=True) if step.except_ else outer
    for name in step.except_:
        b.resolver.notes.exception(name, step.entry("except", name))
    handlers = [
        ops.Handler(name, b.block(steps, inside), span=step.entry("except", name))
        for name, steps in step.except_.items()
    ]
    orelse, final = b.block(step.else_, outer), b.block(step.finally_, outer._replace(handles=outer.handles or None))
    return ops.Try(body, tuple(handlers), orelse, final, span=step.span)


def lower_raise(b: Body, step: spec.Raise, _frame: Frame) -> ops.Op:
    b.resolver.notes.exception(step.exception, step.at("raise"))
    return ops.Raise(step.exception, b.template(step.message), span=step.span)


def lower_assert(b: Body, step: spec.Assert, _frame: Frame) -> ops.Op:
    return ops.Assert(b.expr(step.test), b.template(step.message), span=step.span)


def lower_choose(b: Body, step: spec.Choose, _frame: Frame) -> ops.Op:
    values, target = b.value(step.from_), b.target(step.target)
    b.given(target, syntax.Subscript(values, syntax.Const(0)))
    return ops.Choose(target, values, span=step.span)


def lower_await(b: Body, step: spec.Await, _frame: Frame) -> ops.Op:
    test = b.resolver.expr(step.test, b.watching)
    return ops.Await(test, b.optional(step.timeout), span=step.span)


def lower_timeout(b: Body, step: spec.Timeout, frame: Frame) -> ops.Op:
    return ops.Timeout(b.expr(step.seconds), b.block(step.do, b.deeper(frame, 1, step.span)), span=step.span)


def lower_atomic(b: Body, step: spec.Atomic, frame: Frame) -> ops.Op:
    b.resolver.notes.atomic()
    return ops.Atomic(b.block(step.body, b.deeper(frame, 1, step.span)), span=step.span)
