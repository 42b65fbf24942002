"""Locks that are taken by `acquire` and given back by a `release` in the same block, read as `with`.

The two do the same where what stands between runs through to its end; where it raises, or is left early, the lock stays taken,
and `with` would have given it back. So whoever reads a program like this must have read all threads that take locks so.
"""

from __future__ import annotations

from dataclasses import replace

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.program import Program
from scenario.syntax import Const, Local, Ref


def as_sections(program: Program) -> Program:
    """The same threads and routines, with `with` for each such pair; `main` as it stands."""
    groups = tuple(replace(group, body=_block(group.body)) for group in program.groups)
    routines = {name: replace(routine, body=_block(routine.body)) for name, routine in program.routines.items()}
    return replace(program, groups=groups, routines=routines)


def _block(block: Block) -> Block:
    done: list[ops.Op] = []
    start = 0
    while start < len(block):
        op, end = block[start], start + 1
        if (taken := _taken(op)) is not None and (section := _section(taken, block, end)) is not None:
            body, end = section
            op = ops.With(taken, body, span=op.span)
        if isinstance(op, ops.With | ops.Repeat | ops.For | ops.Atomic):
            op = replace(op, body=_block(op.body))
        done.append(op)
        start = end
    return tuple(done)


def _section(taken: Ref, block: Block, start: int) -> tuple[Block, int] | None:
    """What is done from there on until the lock is given back, and where it goes on after that."""
    depth = 0
    for end in range(start, len(block)):
        op = block[end]
        if end == start and isinstance(op, ops.Try) and op == ops.Try(op.body, finalbody=(ops.Release(taken),)):
            return op.body, end + 1
        if op == ops.Release(taken):
            if depth == 0:
                return block[start:end], end + 1
            depth -= 1
        depth += op == ops.Acquire(taken)
    return None


def _taken(op: ops.Op) -> Ref | None:
    """The lock that it waits for as long as it takes, if the ref means the same one wherever it stands in the thread."""
    match op:
        case ops.Acquire(Ref(index=None | Const() | Local("index")) as ref) if op == ops.Acquire(ref):
            return ref
        case _:
            return None
