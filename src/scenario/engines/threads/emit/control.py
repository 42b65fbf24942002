"""Control flow, checks and calls as Python lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scenario.engines.threads import footprint as footprints
from scenario.engines.threads.emit.context import Context
from scenario.engines.threads.walk import bound, with_routines
from scenario.program import ops
from scenario.program.accesses import root
from scenario.program.ops import Block
from scenario.program.show import expression
from scenario.program.walk import walk_all
from scenario.syntax import Break, Continue, Expr, Local, Return

Body = Callable[[Context, Block], None]
"""Writes a block (given in, so that this file need not know the dispatch)."""


def branch(c: Context, op: ops.If, body: Body) -> None:
    for number, (test, block) in enumerate(op.branches):
        with c.out.block(f"{'elif' if number else 'if'} {c.read(test)}:"):
            body(c, block)
    if op.orelse:
        with c.out.block("else:"):
            body(c, op.orelse)


def while_(c: Context, op: ops.While, body: Body) -> None:
    with c.out.block(f"while {c.read(op.test)}:"):
        body(c, op.body)


def repeat(c: Context, op: ops.Repeat, body: Body) -> None:
    times = c.read(op.times)
    if op.target is None:
        with c.out.block(f"for _ in rt_repeat(None, {times}):"):
            body(c, op.body)
    else:
        loop(c, op.target, f"range({times})", op.body, body)


def for_(c: Context, op: ops.For, body: Body) -> None:
    iterable = c.read(op.iterable)
    if root(op.iterable) is not None and c.guards(footprints.names(op.iterable)):
        iterable = f"rt_each({iterable})"
    loop(c, op.target, iterable, op.body, body, sure=c.facts.scalars.sure(op.iterable, c.scope))


def loop(c: Context, target: Expr, iterable: str, block: Block, body: Body, *, sure: bool = True) -> None:
    """`for target in iterable`; a shared target is written by a step of its own."""
    if all(isinstance(place, Local) for place in bound(target)):
        with c.out.block(f"for {c.target(target)} in {iterable}:"):
            body(c, block)
        return
    c.temps += 1
    item = f"v{c.temps}"
    with c.out.block(f"for {item} in {iterable}:"):
        c.store(target, item, sure=sure)
        body(c, block)


def try_(c: Context, op: ops.Try, body: Body) -> None:
    if not op.handlers and not op.finalbody:
        body(c, (*op.body, *op.orelse))
        return
    with c.out.block("try:"):
        body(c, op.body if op.handlers else (*op.body, *op.orelse))
    handlers(c, op.handlers, body)
    if op.handlers and op.orelse:
        with c.out.block("else:"):
            body(c, op.orelse)
    if op.finalbody:
        with c.out.block("finally:"):
            body(c, op.finalbody)


def handlers(c: Context, given: Iterable[ops.Handler], body: Body) -> None:
    for handler in given:
        let_abandoned_pass(c, handler.exception)
        c.temps += 1
        error = f"v{c.temps}"
        with c.out.at(handler.span), c.out.block(f"except X_{handler.exception} as {error}:"):
            c.out.line(f"{c.local('error')} = rt_text({error})")
            body(c, handler.body)


def let_abandoned_pass(c: Context, exception: str) -> None:
    """No `except` of the file may catch what ends an abandoned thread."""
    if exception == "BaseException":
        with c.out.block("except rt_Abandoned:"):
            c.out.line("raise")


def raise_(c: Context, op: ops.Raise) -> None:
    c.out.line(f"raise X_{op.exception}" + (f"({c.text(op.message)})" if op.message is not None else ""))


def check(c: Context, op: ops.Assert) -> None:
    with c.out.block(f"if not {c.read(op.test)}:"):
        message = c.text(op.message) if op.message is not None else repr(f"`{expression(op.test)}` is false")
        c.out.line(f"rt_assert_failed(me, {c.out.next_line}, {message})")


def expect(c: Context, op: ops.Expect, body: Body) -> None:
    """`raises:`. With a jump in its body, `else` would be skipped: there a flag and `finally` tell."""
    jumps = any(isinstance(node, Return | Break | Continue) for node in walk_all((op.body,)))
    if jumps:
        c.temps += 1
        flag = f"v{c.temps}"
        c.out.line(f"{flag} = False")
    with c.out.block("try:"):
        body(c, (op.body,))
    let_abandoned_pass(c, op.exception)
    with c.out.block(f"except X_{op.exception}:"):
        c.out.line(f"{flag} = True" if jumps else "pass")
    with c.out.block("except BaseException as v0:"):
        if jumps:
            c.out.line(f"{flag} = True")
        c.out.line(f"rt_raised_other(me, {c.out.next_line}, {op.exception!r}, v0)")
        c.out.line("raise")
    with c.out.block("finally:" if jumps else "else:"):
        only = f"if not {flag}: " if jumps else ""
        c.out.line(f"{only}rt_not_raised(me, {c.out.next_line}, {op.exception!r})")


def choose(c: Context, op: ops.Choose) -> None:
    c.store(op.target, f"rt_choose(me, {c.read(op.values)})", sure=False)


def call(c: Context, op: ops.CallRoutine) -> None:
    args = "".join(f", {c.given(arg)}" for arg in op.args)
    source = f"r_{op.routine}(me, {c.local('name')}, {c.local('index')}{args})"
    c.store(op.into, source, sure=False)


def call_python(c: Context, op: ops.CallPython) -> None:
    args = [c.given(arg) for arg in op.args] + [f"{name}={c.given(value)}" for name, value in op.keywords]
    c.store(op.into, f"y_{op.function}({', '.join(args)})", sure=False)


def await_(c: Context, op: ops.Await) -> None:
    """Blocks, the hidden lock free, until the test holds."""
    if c.inside:
        return  # the first step of an `atomic`: see there
    timeout = c.read(op.timeout) if op.timeout is not None else "None"
    c.out.line(f"rt_await({_test(c, op)}, {timeout})")
    c.out.line("rt_leave((), me, 0)")


def _test(c: Context, op: ops.Await) -> str:
    with c.held():
        return f"lambda: {c.raw(op.test)}"


def atomic(c: Context, op: ops.Atomic, body: Body) -> None:
    """The whole block under the hidden lock; a first step that may block has been done when it begins."""
    if c.inside:
        body(c, op.body)
        return
    first = op.body[0] if op.body else None
    rest = op.body[1:]
    changed = _changed(c, op.body)
    match first:
        case ops.Acquire(ref, None, None):
            taken = c.temp(c.ref(ref))
            c.out.line(f"rt_take({taken})")
            _held(c, rest, changed, body, lambda: _taken(c, taken, first.into))
        case ops.Get(ref, into, None, None):
            place = c.ref(ref)
            item = c.temp(f"rt_get({place})")
            _held(c, rest, changed, body, lambda: c.store(into, item, sure=False) if into is not None else None)
        case ops.Put(ref, item, None, None):
            place = c.ref(ref)
            c.out.line(f"rt_put({place}, {c.given(item)})")
            _held(c, rest, changed, body, None)
        case ops.Await(_, None):
            c.out.line(f"rt_await({_test(c, first)}, None)")
            _held(c, rest, changed, body, None)
        case ops.WaitEvent() | ops.JoinQueue() | ops.Join() | ops.Result():
            into = getattr(first, "into", None)
            kept = None if into is None else Local("_first")
            _blocking_first(c, first, kept, body)
            c.out.line("rt_enter()")
            store = None if into is None else lambda: c.store(into, c.local("_first"), sure=False)
            _held(c, rest, changed, body, store)
        case _:
            c.out.line("rt_enter()")
            _held(c, op.body, changed, body, None)


def _blocking_first(c: Context, first: ops.Op, into: Expr | None, body: Body) -> None:
    """What blocks without changing anything is done before the block; its value is kept for it."""
    match first:
        case ops.WaitEvent(ref, timeout, _):
            body(c, (ops.WaitEvent(ref, timeout, into, span=first.span),))
        case ops.Result(future, timeout, _):
            body(c, (ops.Result(future, timeout, into, span=first.span),))
        case _:
            body(c, (first,))


def _taken(c: Context, taken: str, into: Expr | None) -> None:
    c.out.line(f"rt_record({taken}, me, {c.out.next_line})")
    if into is not None:
        c.store(into, "True")


def _held(c: Context, rest: Block, changed: frozenset[str], body: Body, before: Callable[[], None] | None) -> None:
    """The lines of a block that holds the hidden lock already."""
    with c.out.block("try:"), c.held():
        if before is not None:
            before()
        body(c, rest)
    with c.out.block("finally:"):
        c.out.line(c.leave(c.checks(changed)))


def _changed(c: Context, block: Block) -> frozenset[str]:
    program = c.facts.program
    everything = walk_all(with_routines(block, program))
    return frozenset().union(*(footprints.step_writes(node, program) for node in everything))
