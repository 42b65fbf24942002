"""Branches, loops, exceptions and checks as Python lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, assert_never

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.places import root
from scenario.program.show import expression
from scenario.program.targets import bound
from scenario.program.walk import walk_all
from scenario.real import footprint as footprints
from scenario.real.emit.context import Body, Context
from scenario.real.functions import name_of
from scenario.syntax import Break, Continue, Expr, Local, Return, Shared

ControlOp: TypeAlias = ops.If | ops.While | ops.Repeat | ops.For | ops.Try | ops.Raise | ops.Assert | ops.Expect


def emit(c: Context, op: ControlOp, body: Body) -> None:
    """One operation."""
    match op:
        case ops.If():
            _branch(c, op, body)
        case ops.While():
            with c.out.block(f"while {c.read(op.test)}:"):
                again(c)
                body(c, op.body)
        case ops.Repeat():
            _repeat(c, op, body)
        case ops.For():
            _for(c, op, body)
        case ops.Try():
            _try(c, op, body)
        case ops.Raise():
            c.out.line(f"raise {name_of(op.exception)}" + (f"({c.text(op.message)})" if op.message is not None else ""))
        case ops.Assert():
            _assert(c, op)
        case ops.Expect():
            _expect(c, op, body)
        case _:
            assert_never(op)


def _branch(c: Context, op: ops.If, body: Body) -> None:
    for number, (test, block) in enumerate(op.branches):
        with c.out.block(f"{'elif' if number else 'if'} {c.read(test)}:"):
            body(c, block)
    if op.orelse:
        with c.out.block("else:"):
            body(c, op.orelse)


def _repeat(c: Context, op: ops.Repeat, body: Body) -> None:
    times = c.read(op.times)
    if op.target is None:
        with c.out.block(f"for _ in {over(c, f'rt_repeat(None, {times})')}:"):
            again(c)
            body(c, op.body)
    else:
        loop(c, op.target, f"range({times})", op.body, body)


def _for(c: Context, op: ops.For, body: Body) -> None:
    is_managed = isinstance(op.iterable, Shared) and op.iterable.name in c.facts.managed
    iterable = f"_each({c.place(op.iterable) if is_managed else c.read(op.iterable)})"
    if root(op.iterable) is not None and c.guards(footprints.names(op.iterable)):
        iterable = f"rt_each({iterable})"
    loop(c, op.target, iterable, op.body, body, sure=c.facts.scalars.sure(op.iterable, c.scope))


def loop(c: Context, target: Expr, iterable: str, block: Block, body: Body, *, sure: bool = True) -> None:
    """`for target in iterable`; a shared target is written by a step of its own."""
    if all(isinstance(place, Local) for place in bound(target)):
        with c.out.block(f"for {c.target(target)} in {over(c, iterable)}:"):
            again(c)
            body(c, block)
        return
    item = c.fresh()
    with c.out.block(f"for {item} in {over(c, iterable)}:"):
        again(c)
        c.store(target, item, sure=sure)
        body(c, block)


def over(c: Context, iterable: str) -> str:
    """What a loop runs over; in a coroutine its iterator is a local, so that whoever compares states can see how far it is."""
    return c.temp(f"_iter({iterable})") if c.facts.is_async else iterable


def again(c: Context) -> None:
    """A coroutine that goes round, or calls itself, without an await holds the whole loop: it looks itself whether the run is over."""
    if c.facts.is_async:
        c.out.line("rt_go_on()")


def _try(c: Context, op: ops.Try, body: Body) -> None:
    if not op.handlers and not op.finalbody:
        body(c, (*op.body, *op.orelse))
        return
    with c.out.block("try:"):
        guarded = op.body if op.handlers else (*op.body, *op.orelse)
        body(c, guarded)
        if guarded and ops.is_a_call(guarded[-1]):
            c.gap()
    if op.finalbody:
        with c.out.block("except rt_Refused as v0:"):  # its steps may put something else in its place
            c.out.line("rt_refuse(v0)")
            c.out.line("raise")
    _handlers(c, op.handlers, body)
    if op.handlers and op.orelse:
        with c.out.block("else:"):
            body(c, op.orelse)
    if op.finalbody:
        with c.out.block("finally:"):
            body(c, op.finalbody)


def _handlers(c: Context, given: Iterable[ops.Handler], body: Body) -> None:
    for handler in given:
        _let_pass(c, handler.exception)
        error = c.fresh()
        with c.out.at(handler.span), c.out.block(f"except {name_of(handler.exception)} as {error}:"):
            c.out.line(f"{c.local('error')} = rt_text({error})")
            body(c, handler.body)


def _let_pass(c: Context, exception: str) -> None:
    """No `except` of the file may catch what ends an abandoned thread, or the run of a file that is at fault."""
    if exception == "BaseException":
        with c.out.block("except (rt_Abandoned, rt_Refused):"):
            c.out.line("raise")


def _assert(c: Context, op: ops.Assert) -> None:
    with c.out.block(f"if not {c.read(op.test)}:"):
        message = None if op.message is None else c.text(op.message)
        c.out.line(f"rt_assert_failed(me, {c.out.next_line}, {expression(op.test)!r}, {message})")


def _expect(c: Context, op: ops.Expect, body: Body) -> None:
    """`raises:`. With a jump in its body, `else` would be skipped: there a flag and `finally` tell."""
    jumps = any(isinstance(node, Return | Break | Continue) for node in walk_all((op.body,)))
    if jumps:
        flag = c.fresh()
        c.out.line(f"{flag} = False")
    with c.out.block("try:"):
        body(c, (op.body,))
    _let_pass(c, op.exception)
    with c.out.block(f"except {name_of(op.exception)}:"):
        c.out.line(f"{flag} = True" if jumps else "pass")
    with c.out.block("except BaseException as v0:"):
        if jumps:
            c.out.line(f"{flag} = True")
        c.out.line(f"rt_raised_other(me, {c.out.next_line}, {op.exception!r}, v0)")
        c.out.line("raise")
    with c.out.block("finally:" if jumps else "else:"):
        only = f"if not {flag}: " if jumps else ""
        c.out.line(f"{only}rt_not_raised(me, {c.out.next_line}, {op.exception!r})")
