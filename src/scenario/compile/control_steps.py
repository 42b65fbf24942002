"""Steps that hold other steps, and those that raise, check, choose and wait for a condition -> operations."""

from __future__ import annotations

from scenario import syntax
from scenario.compile import codes
from scenario.compile.body import Body, Frame
from scenario.program import ops
from scenario.spec import steps as spec

MOST_BRANCHES = 500
"""`elif` of one `if`: CPython nests them, and compiles no more than some thousand."""


class ControlSteps(Body):
    """Control flow: each block knows how deep it stands."""

    def lower_if(self, step: spec.If, frame: Frame) -> ops.Op:
        branches = [(self.expr(step.test), self.block(step.then, frame))]
        if len(step.elif_) > MOST_BRANCHES:
            self.found.add(codes.NESTING, f"more than {MOST_BRANCHES} `elif`", step.span,
                           "look it up in a dict, or in a routine that returns")  # fmt: skip
        branches += [(self.expr(branch.if_), self.block(branch.then, frame)) for branch in step.elif_]
        return ops.If(tuple(branches), self.block(step.else_, frame), span=step.span)

    def lower_while(self, step: spec.While, frame: Frame) -> ops.Op:
        inner = self.deeper(frame, 1, step.span, loop=True)
        return ops.While(self.expr(step.test), self.block(step.do, inner), span=step.span)

    def lower_repeat(self, step: spec.Repeat, frame: Frame) -> ops.Op:
        times, target = self.expr(step.times), self.into(step.as_)
        inner = self.deeper(frame, 1, step.span, loop=True)
        return ops.Repeat(times, self.block(step.do, inner), target, span=step.span)

    def lower_for(self, step: spec.For, frame: Frame) -> ops.Op:
        iterable, target = self.expr(step.in_), self.target(step.target)
        self.resolver.notes.iterated.append((self.scope_number, target, iterable))
        inner = self.deeper(frame, 1, step.span, loop=True)
        return ops.For(target, iterable, self.block(step.do, inner), span=step.span)

    def lower_return(self, step: spec.Return, _frame: Frame) -> ops.Op:
        value = None if step.value is None else self.value(step.value)
        return syntax.Return(value, span=step.span)

    def lower_try(self, step: spec.Try, frame: Frame) -> ops.Op:
        outer = self.deeper(frame, 1, step.span) if step.finally_ else frame
        body = self.block(step.body, self.deeper(outer, 1, step.span) if step.except_ else outer)
        inside = self.deeper(outer, 2, step.span, handler=True) if step.except_ else outer
        for name in step.except_:
            self.resolver.notes.exception(name)
        handlers = [
            ops.Handler(name, self.block(steps, inside), span=step.entry("except", name))
            for name, steps in step.except_.items()
        ]
        orelse, final = self.block(step.else_, outer), self.block(step.finally_, outer)
        return ops.Try(body, tuple(handlers), orelse, final, span=step.span)

    def lower_raise(self, step: spec.Raise, _frame: Frame) -> ops.Op:
        self.resolver.notes.exception(step.exception)
        return ops.Raise(step.exception, self.template(step.message), span=step.span)

    def lower_assert(self, step: spec.Assert, _frame: Frame) -> ops.Op:
        return ops.Assert(self.expr(step.test), self.template(step.message), span=step.span)

    def lower_choose(self, step: spec.Choose, _frame: Frame) -> ops.Op:
        values, target = self.value(step.from_), self.target(step.target)
        self.given(target, syntax.Subscript(values, syntax.Const(0)))
        return ops.Choose(target, values, span=step.span)

    def lower_await(self, step: spec.Await, _frame: Frame) -> ops.Op:
        test = self.resolver.expr(step.test, self.watching)
        return ops.Await(test, self.optional(step.timeout), span=step.span)

    def lower_atomic(self, step: spec.Atomic, frame: Frame) -> ops.Op:
        self.resolver.notes.atomic()
        return ops.Atomic(self.block(step.body, self.deeper(frame, 1, step.span)), span=step.span)
