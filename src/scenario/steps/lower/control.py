"""Control flow: branches, loops, exceptions, checks, calls and whole blocks."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from scenario.program import ops
from scenario.program.show import expression
from scenario.steps.accesses import accesses
from scenario.steps.code import Begin, End, Enter, Fail, Pick, Raise
from scenario.steps.lower.builder import Body, Builder
from scenario.steps.lower.expressions import flat, flat_template, run_over
from scenario.steps.lower.operations import given_in_order
from scenario.steps.lower.regions import cleanup, loop
from scenario.steps.lower.statements import assign
from scenario.steps.values import IsCaughtBy, Message, Times
from scenario.syntax import Binary, Compare, Const, Local, Unary

Flow: TypeAlias = (
    ops.If | ops.While | ops.Repeat | ops.For | ops.Try | ops.Raise | ops.Assert | ops.Expect | ops.Choose | ops.Atomic
    | ops.CallRoutine
)  # fmt: skip


def flow(b: Builder, op: Flow, body: Body) -> None:
    """One of them."""
    match op:
        case ops.If():
            branch(b, op, body)
        case ops.While():
            while_(b, op, body)
        case ops.Repeat():
            repeat(b, op, body)
        case ops.For():
            for_(b, op, body)
        case ops.Try():
            try_(b, op, body)
        case ops.Raise():
            raise_(b, op)
        case ops.Assert():
            check(b, op)
        case ops.Expect():
            expect(b, op, body)
        case ops.Choose():
            choose(b, op)
        case ops.Atomic():
            atomic(b, op, body)
        case ops.CallRoutine():
            call(b, op)
        case _:
            assert_never(op)


def branch(b: Builder, op: ops.If, body: Body) -> None:
    end = b.label()
    for test, steps in op.branches:
        otherwise = b.label()
        b.branch(flat(b, test), otherwise)
        body(b, steps)
        b.jump(end)
        b.place(otherwise)
    body(b, op.orelse)
    b.place(end)


def while_(b: Builder, op: ops.While, body: Body) -> None:
    with loop(b) as (top, end):
        b.place(top)
        b.branch(flat(b, op.test), end)
        body(b, op.body)
        b.jump(top)


def repeat(b: Builder, op: ops.Repeat, body: Body) -> None:
    value = b.to_local(flat(b, op.times))
    times, done = b.local(Times(value)), b.constant(-1)
    with loop(b) as (top, end):
        b.place(top)
        b.compute(done, Binary("+", done, Const(1)))
        b.branch(Compare(done, ("<",), (times,)), end)
        if op.target is not None:
            assign(b, op.target, done)
        body(b, op.body)
        b.jump(top)


def for_(b: Builder, op: ops.For, body: Body) -> None:
    top, end = b.label(), b.label()

    def inner(item: Local) -> None:
        assign(b, op.target, item)
        body(b, op.body)

    with b.looping(top, end):
        run_over(b, op.iterable, inner, again=top)
    b.place(end)


# --- exceptions and checks ---------------------------------------------------------------------------


def try_(b: Builder, op: ops.Try, body: Body) -> None:
    if not op.finalbody:
        _handlers(b, op, body)
        return
    with cleanup(b, lambda: body(b, op.finalbody)):
        _handlers(b, op, body)


def _handlers(b: Builder, op: ops.Try, body: Body) -> None:
    if not op.handlers:
        body(b, op.body)
        body(b, op.orelse)
        return
    landing, after = b.label(), b.label()
    with b.handled_by(landing):
        body(b, op.body)
    body(b, op.orelse)
    b.jump(after)
    b.place(landing)
    caught = b.catch()
    for handler in op.handlers:
        other = b.label()
        b.branch(IsCaughtBy(handler.exception, caught), other)
        b.compute(Local("error"), Message(caught))
        with b.handling(caught):
            body(b, handler.body)
        b.jump(after)
        b.place(other)
    b.throw(caught)
    b.place(after)


def raise_(b: Builder, op: ops.Raise) -> None:
    if op.message is None:
        b.add(Raise(op.exception))
        return
    words = b.temporary()
    b.compute(words, flat_template(b, op.message))
    b.add(Raise(op.exception, uses=b.uses(words)))


def check(b: Builder, op: ops.Assert) -> None:
    """A check that fails is noted, and the thread goes on; its message is read without a step."""
    good = b.label()
    b.branch(Unary("not", flat(b, op.test)), good)
    uses = () if op.message is None else b.uses(op.message)
    looks = op.message is not None and accesses(op.message)
    b.add(Fail("assert", expression(op.test), op.message, looks, uses=uses))
    b.place(good)


def expect(b: Builder, op: ops.Expect, body: Body) -> None:
    """`raises`: the step must raise this; anything else fails the scenario."""
    exception = op.exception
    landing, after, other = b.label(), b.label(), b.label()

    span = b.span

    def not_raised() -> None:
        b.add(Fail("raises", exception, span=span))

    b.on_leaving(not_raised)  # a jump out of it is one that raises nothing
    with b.handled_by(landing):
        body(b, (op.body,))
    b.cleanups.pop()
    not_raised()
    b.jump(after)
    b.place(landing)
    caught = b.catch()
    b.branch(IsCaughtBy(exception, caught), other)
    b.jump(after)
    b.place(other)
    b.add(Fail("raises", exception, caught, uses=b.uses(caught)))
    b.throw(caught)
    b.place(after)


# --- calls, choices, whole blocks ----------------------------------------------------------------------


def call(b: Builder, op: ops.CallRoutine) -> None:
    slots = tuple(b.slot(local.name) for local in given_in_order(b, op.args))
    result = b.temporary()
    b.add(Enter(op.routine, uses=slots, defines=(b.slot(result.name),)))
    if op.into is not None:
        assign(b, op.into, result)


def choose(b: Builder, op: ops.Choose) -> None:
    source, picked = b.to_local(flat(b, op.values)), b.temporary()
    b.add(Pick(expression(op.target), uses=(b.slot(source.name),), defines=(b.slot(picked.name),)))
    assign(b, op.target, picked)


def atomic(b: Builder, op: ops.Atomic, body: Body) -> None:
    end = b.label()
    b.add(Begin(end))
    with cleanup(b, lambda: b.add(End())):
        body(b, op.body)
        b.place(end)
