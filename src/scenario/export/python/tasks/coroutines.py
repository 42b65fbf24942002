"""What has to be awaited on asyncio: operations, and the routines that have one in them."""

from __future__ import annotations

from scenario.export.python.routines import closed
from scenario.program import ops
from scenario.program.program import Program
from scenario.syntax import Const, Expr, Node

_AWAITED = (
    ops.Sleep, ops.WaitCondition, ops.WaitFor, ops.WaitEvent, ops.WaitBarrier, ops.AbortBarrier, ops.ResetBarrier,
    ops.JoinQueue, ops.With, ops.Join, ops.Result, ops.WaitFutures, ops.AsCompleted, ops.Await, ops.Timeout,
)  # fmt: skip


def coroutines(program: Program) -> frozenset[str]:
    """The routines that are; none where there are no tasks."""
    if program.runtime != "asyncio":
        return frozenset()
    return closed(program, awaits)


def awaits(node: Node) -> bool:
    """Whether an operation is awaited."""
    match node:
        case ops.Acquire(blocking=asked) | ops.Put(block=asked) | ops.Get(block=asked):
            return waits(asked)
        case _:
            return isinstance(node, _AWAITED)


def waits(asked: Expr | None) -> bool:
    """What `blocking` and `block` ask for."""
    return not (isinstance(asked, Const) and not asked.value)
