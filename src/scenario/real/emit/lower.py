"""The dispatch: every op to the family that writes the lines which do it."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from scenario.program import ops
from scenario.program.ops import Block, Op
from scenario.program.targets import shared_names
from scenario.real.emit import atomic, control, futures, locks, operations, pools, statements, threads
from scenario.real.emit.context import Context
from scenario.syntax import Statement

CallOp: TypeAlias = ops.CallRoutine | ops.CallPython | ops.Choose


_FEW = 16
"""Steps of a coroutine, each of which may make a large value, after which it looks whether the run is over."""


def block(c: Context, steps: Block) -> None:
    """The steps one after the other."""
    for number, op in enumerate(steps, 1):
        with c.out.at(op.span):
            if c.facts.is_async and number % _FEW == 1:
                c.out.line("rt_look()")
            c.gap(begins=_begins_with_a_step(op))
            step(c, op)


def _begins_with_a_step(op: Op) -> bool:
    """Whether what is first done of it is a step; a thread's local work before its first belongs to the start."""
    return isinstance(op, ops.Act | ops.With | ops.Await | ops.Atomic) or (
        isinstance(op, Statement) and bool(shared_names(op))
    )


def step(c: Context, op: Op) -> None:
    """One step."""
    if c.facts.is_async and _is_awaited(c, op):
        return
    if isinstance(op, Statement):
        statements.emit(c, op)
    elif isinstance(op, ops.Print):
        c.out.line(f"rt_print({c.text(op.text)})")
    elif isinstance(op, ops.Mark):
        c.out.line(f"rt_mark({c.text(op.text)})")
    elif isinstance(op, ops.Sleep):
        c.out.line(f"rt_sleep({c.read(op.seconds)})")
    elif isinstance(op, ops.Compute):
        c.out.line(f"rt_compute({c.read(op.seconds)})")
    elif isinstance(op, ops.Operation):
        operations.emit(c, op)
    elif isinstance(op, ops.With):
        locks.with_(c, op, block)
    elif isinstance(op, threads.ThreadOp):
        threads.emit(c, op)
    elif isinstance(op, pools.PoolOp):
        pools.emit(c, op, block)
    elif isinstance(op, futures.FutureOp):
        futures.emit(c, op, block)
    elif isinstance(op, control.ControlOp):
        control.emit(c, op, block)
    elif isinstance(op, CallOp):
        _call(c, op)
    elif isinstance(op, atomic.AtomicOp):
        atomic.emit(c, op, block)
    elif isinstance(op, ops.CancelThread | ops.Timeout):
        raise TypeError(f"compiling refuses {type(op).__name__} on threads")
    else:
        assert_never(op)


def _is_awaited(c: Context, op: Op) -> bool:
    from scenario.real.emit import awaited

    return awaited.emit(c, op, block)


def _call(c: Context, op: CallOp) -> None:
    """A routine, the user's own code, or a choice."""
    match op:
        case ops.CallRoutine():
            control.again(c)  # it may call itself, as often as a loop goes round
            args = "".join(f", {c.given(arg)}" for arg in op.args)
            source = f"{'await ' * c.facts.is_async}r_{op.routine}(me, {c.local('name')}, {c.local('index')}{args})"
        case ops.CallPython():
            source = f"y_{op.function}({', '.join(c.given_to(op))})"
        case ops.Choose():
            source = f"rt_choose(me, {c.read(op.values)})"
        case _:
            assert_never(op)
    c.store(op.target if isinstance(op, ops.Choose) else op.into, source, sure=False)
