"""Calls of routines and of the user's own code, and choices, as Python lines."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from scenario.engines.threads.emit.context import Context
from scenario.program import ops

CallOp: TypeAlias = ops.CallRoutine | ops.CallPython | ops.Choose


def emit(c: Context, op: CallOp) -> None:
    """One operation."""
    match op:
        case ops.CallRoutine():
            args = "".join(f", {c.given(arg)}" for arg in op.args)
            source = f"r_{op.routine}(me, {c.local('name')}, {c.local('index')}{args})"
        case ops.CallPython():
            given = [c.given(arg) for arg in op.args] + [f"{name}={c.given(value)}" for name, value in op.keywords]
            source = f"y_{op.function}({', '.join(given)})"
        case ops.Choose():
            source = f"rt_choose(me, {c.read(op.values)})"
        case _:
            assert_never(op)
    c.store(op.target if isinstance(op, ops.Choose) else op.into, source, sure=False)
