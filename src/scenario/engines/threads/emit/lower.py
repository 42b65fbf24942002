"""The dispatch: every op to the family that writes the lines which do it."""

from __future__ import annotations

from typing import assert_never

from scenario.engines.threads.emit import atomic, calls, control, locks, operations, pools, statements, threads
from scenario.engines.threads.emit.context import Context
from scenario.program import ops
from scenario.program.ops import Block, Op
from scenario.syntax import Statement


def block(c: Context, steps: Block) -> None:
    """The steps one after the other."""
    for op in steps:
        with c.out.at(op.span):
            step(c, op)


def step(c: Context, op: Op) -> None:
    """One step."""
    if isinstance(op, Statement):
        statements.emit(c, op)
    elif isinstance(op, ops.Print):
        c.out.line(f"rt_print({c.text(op.text)})")
    elif isinstance(op, ops.Mark):
        c.out.line(f"rt_mark({c.text(op.text)})")
    elif isinstance(op, ops.Sleep):
        c.out.line(f"rt_sleep({c.read(op.seconds)})")
    elif isinstance(op, ops.Operation):
        operations.emit(c, op)
    elif isinstance(op, ops.With):
        locks.with_(c, op, block)
    elif isinstance(op, threads.ThreadOp):
        threads.emit(c, op)
    elif isinstance(op, pools.PoolOp):
        pools.emit(c, op, block)
    elif isinstance(op, control.ControlOp):
        control.emit(c, op, block)
    elif isinstance(op, calls.CallOp):
        calls.emit(c, op)
    elif isinstance(op, atomic.AtomicOp):
        atomic.emit(c, op, block)
    else:
        assert_never(op)
