"""Walks over lowered programs: the blocks inside an operation, the nodes inside a tree."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from scenario.program import ops
from scenario.syntax import Node


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


def nodes(value: object) -> Iterator[Node]:
    """Every node of a tree, whatever its kind."""
    if isinstance(value, Node):
        yield value
        for part in dataclasses.fields(value):
            yield from nodes(getattr(value, part.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
