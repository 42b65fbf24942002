"""`await` and `atomic` as Python lines: what other threads see whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, assert_never

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.walk import walk_all
from scenario.program.whole import RUNS, used
from scenario.real import footprint as footprints
from scenario.real.emit.context import Body, Context
from scenario.real.emit.guarded import is_recorded
from scenario.syntax import Expr, Local, TlsField

AtomicOp: TypeAlias = ops.Await | ops.Atomic


def emit(c: Context, op: AtomicOp, body: Body) -> None:
    """One operation."""
    match op:
        case ops.Await():
            _await(c, op)
        case ops.Atomic():
            _atomic(c, op, body)
        case _:
            assert_never(op)


def _await(c: Context, op: ops.Await) -> None:
    """Blocks, the hidden lock free, until the test holds."""
    if c.inside:
        return  # the first step of an `atomic`: see there
    timeout = c.read(op.timeout) if op.timeout is not None else "None"
    c.out.line(f"rt_await({_test(c, op)}, {timeout})")
    c.out.line("rt_leave((), me, 0)")


def _test(c: Context, op: ops.Await) -> str:
    """The test as a function that any thread may call: what belongs to this one alone is read before."""
    own = [node for node in walk_all(op.test) if isinstance(node, TlsField)]
    with c.held():
        c.own.update({node: c.temp(c.tls(node)) for node in own})
        test = f"lambda: {c.raw(op.test)}"
        c.own.clear()
        return test


def _atomic(c: Context, op: ops.Atomic, body: Body) -> None:
    """The whole block under the hidden lock; a first step that may block has been done when it begins."""
    if c.inside:
        body(c, op.body)
        return
    first = op.body[0] if op.body else None
    rest = op.body[1:]
    names = changed(c, op.body)
    match first:
        case ops.Acquire(ref, None, None):
            with c.out.at(first.span):
                taken = c.temp(c.ref(ref))
                c.out.line(f"rt_take({taken})")
            _held(c, rest, names, body, lambda: _taken(c, taken, first))
        case ops.Get(ref, into, None, None):
            with c.out.at(first.span):
                place = c.ref(ref)
                item = c.temp(f"rt_get({place})")
            _held(c, rest, names, body, lambda: c.store(into, item, sure=False) if into is not None else None)
        case ops.Put(ref, item, None, None):
            with c.out.at(first.span):
                place = c.ref(ref)
                c.out.line(f"rt_put({place}, {c.given(item)})")
            _held(c, rest, names, body, None)
        case ops.Await(_, None):
            with c.out.at(first.span):
                c.out.line(f"rt_await({_test(c, first)}, None)")
            _held(c, rest, names, body, None)
        case ops.WaitEvent() | ops.JoinQueue() | ops.Join() | ops.Result():
            into = getattr(first, "into", None)
            kept = None if into is None else Local("_first")
            _blocking_first(c, first, kept, body)
            c.out.line("rt_enter()")
            store = None if into is None else lambda: c.store(into, c.local("_first"), sure=False)
            _held(c, rest, names, body, store)
        case _:
            c.out.line("rt_enter()")
            _held(c, op.body, names, body, None)


def _blocking_first(c: Context, first: ops.Op, into: Expr | None, body: Body) -> None:
    """What blocks without changing anything is done before the block; its value is kept for it."""
    match first:
        case ops.WaitEvent(ref, timeout, _):
            body(c, (ops.WaitEvent(ref, timeout, into, span=first.span),))
        case ops.Result(future, timeout, _):
            body(c, (ops.Result(future, timeout, into, span=first.span),))
        case _:
            body(c, (first,))


def _taken(c: Context, taken: str, first: ops.Acquire) -> None:
    with c.out.at(first.span):
        if is_recorded(c, first.ref):
            c.out.line(f"rt_record({taken}, me, {c.out.next_line})")
        if first.into is not None:
            c.store(first.into, "True")


def _held(c: Context, rest: Block, changed: frozenset[str], body: Body, before: Callable[[], None] | None) -> None:
    """The lines of a block that holds the hidden lock already."""
    with c.out.block("try:"), c.held():
        if before is not None:
            before()
        body(c, rest)
    with c.out.block("finally:"):
        c.out.line(c.leave(c.checks(changed)))


def changed(c: Context, block: Block) -> frozenset[str]:
    program = c.facts.program
    everything = used(block, program.routines, RUNS)
    return frozenset().union(*(footprints.step_writes(node, program) for node in everything))
