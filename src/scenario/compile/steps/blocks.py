"""The blocks inside an operation."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.program import ops


def inner_blocks(op: ops.Op) -> tuple[ops.Block, ...]:
    """The blocks that stand directly inside an operation."""
    match op:
        case ops.With() | ops.While() | ops.Repeat() | ops.For() | ops.AsCompleted() | ops.Atomic():
            return (op.body,)
        case ops.Map():
            return (op.body or (),)
        case ops.If():
            return (*(body for _, body in op.branches), op.orelse)
        case ops.Try():
            return (op.body, *(handler.body for handler in op.handlers), op.orelse, op.finalbody)
        case ops.Expect():
            return ((op.body,),)
        case _:
            return ()


def all_ops(block: ops.Block) -> Iterator[ops.Op]:
    """Every operation of a block and inside it, in the order of the file."""
    for op in block:
        yield op
        for inner in inner_blocks(op):
            yield from all_ops(inner)
