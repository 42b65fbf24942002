"""Pools as Python lines."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from scenario.program import ops
from scenario.program.program import ProcessPool
from scenario.real.emit.context import Body, Context
from scenario.real.emit.control import loop
from scenario.real.emit.guarded import arguments_of
from scenario.syntax import Ref

PoolOp: TypeAlias = ops.Submit | ops.Map | ops.ShutdownPool


def emit(c: Context, op: PoolOp, body: Body) -> None:
    """One operation."""
    match op:
        case ops.Submit():
            _submit(c, op)
        case ops.Map():
            _map(c, op, body)
        case ops.ShutdownPool(ref):
            arguments = arguments_of(c, wait=op.wait, cancel_futures=op.cancel_futures).removeprefix(", ")
            c.out.line(f"{c.ref(ref)}.shutdown({arguments})")
        case _:
            assert_never(op)


def _submit(c: Context, op: ops.Submit) -> None:
    given = ", ".join([_callee(c, op.routine, op.to), *c.given_to(op)])
    c.store(op.into, f"{c.ref(op.to)}.submit({given})")


def _map(c: Context, op: ops.Map, body: Body) -> None:
    over = f"rt_fresh_each({c.read(op.over)})"
    source = f"{c.ref(op.to)}.map({_callee(c, op.routine, op.to)}, {over}{arguments_of(c, timeout=op.timeout)})"
    results = f"rt_fresh_each({source})"
    if op.target is not None:
        loop(c, op.target, source, op.body or (), body, sure=False)
    else:
        c.store(op.into, f"list({results})")


def _callee(c: Context, routine: str, to: Ref) -> str:
    """What a pool is given to call."""
    if isinstance(c.facts.kind(to), ProcessPool):
        return f"rt_in_process({routine!r})"
    if routine in c.facts.program.routines:
        return f"rt_in_pool(r_{routine})"
    return f"y_{routine}"
