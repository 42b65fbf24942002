"""What has to be awaited on asyncio: operations, and the routines that have one in them."""

from __future__ import annotations

from scenario.export.python.routines import closed
from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Program
from scenario.program.whole import used
from scenario.syntax import Node

_AWAITED = (
    ops.Sleep, ops.WaitCondition, ops.WaitFor, ops.WaitEvent, ops.WaitBarrier, ops.AbortBarrier, ops.ResetBarrier,
    ops.Acquire, ops.Put, ops.Get, ops.JoinQueue, ops.With, ops.Join, ops.Result, ops.WaitFutures, ops.AsCompleted,
    ops.Await, ops.Timeout,
)  # fmt: skip


def coroutines(program: Program) -> frozenset[str]:
    """The routines that are; none where there are no tasks."""
    if program.runtime != "asyncio":
        return frozenset()
    return closed(program, awaits)


def may_wait(program: Program, steps: Block) -> bool:
    """Whether there is an await in the steps, or in what they call."""
    return any(awaits(node) for node in used(steps, program.routines))


def awaits(node: Node) -> bool:
    """Whether an operation is awaited."""
    return isinstance(node, _AWAITED) and not ops.is_at_once(node)
