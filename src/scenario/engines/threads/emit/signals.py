"""Events and barriers as Python lines."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from scenario.engines.threads.emit.context import Context
from scenario.engines.threads.emit.guarded import at_once, checked
from scenario.program import ops

SignalOp: TypeAlias = (
    ops.WaitEvent | ops.SetEvent | ops.ClearEvent | ops.WaitBarrier | ops.AbortBarrier | ops.ResetBarrier
)


def emit(c: Context, op: SignalOp) -> None:
    """One operation."""
    match op:
        case ops.WaitEvent() | ops.WaitBarrier():
            _wait(c, op)
        case ops.SetEvent():
            at_once(c, op, op.ref, "set()")
        case ops.ClearEvent():
            at_once(c, op, op.ref, "clear()")
        case ops.AbortBarrier():
            at_once(c, op, op.ref, "abort()")
        case ops.ResetBarrier():
            at_once(c, op, op.ref, "reset()")
        case _:
            assert_never(op)


def _wait(c: Context, op: ops.WaitEvent | ops.WaitBarrier) -> None:
    timeout = c.read(op.timeout) if op.timeout is not None else ""
    value = f"{c.ref(op.ref)}.wait({timeout})"
    if op.into is None:
        c.out.line(value)
        checked(c, op, op.ref)
        return
    kept = c.temp(value)
    checked(c, op, op.ref)
    c.store(op.into, kept)
