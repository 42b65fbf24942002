"""Loops of `while` that count by themselves, read as `repeat`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scenario import syntax
from scenario.engines.explore.reductions.ending import ADDING
from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.places import target_names
from scenario.program.program import Program
from scenario.program.walk import walk, walk_all
from scenario.syntax import Compare, Const, Local, Node


def as_repeats(program: Program) -> Program:
    """The same threads and routines, with `repeat` for each `while: i < 10` that begins with `i = 0` and goes on by `i += 1`."""
    groups = tuple(replace(group, body=_block(group.body)) for group in program.groups)
    routines = {name: replace(routine, body=_block(routine.body)) for name, routine in program.routines.items()}
    return replace(program, groups=groups, routines=routines)


def _block(block: Block) -> Block:
    done: list[ops.Op] = []
    at_first: set[str] = set()
    for op in block:
        match op:
            case syntax.Assign((Local(name),), value) if _is_whole(value, 0):
                at_first.add(name)
                done.append(op)
                continue
            case ops.While(Compare(Local(name), ("<",), (count,)), body) if (
                name in at_first and _is_positive(count) and _counts(body, name)
            ):
                done.append(ops.Repeat(count, _block(body), Local(name), span=op.span))
                done.append(syntax.Assign((Local(name),), count, span=op.span))
            case ops.With() | ops.Repeat() | ops.For() | ops.Atomic():
                done.append(replace(op, body=_block(op.body)))
            case _:
                done.append(op)
        at_first -= {node.name for node in walk(op) if isinstance(node, Local)}
    return tuple(done)


def _counts(body: Block, name: str) -> bool:
    """Whether each round that comes to its end has added 1, and nothing else was done to the number."""
    nodes = list(walk_all(body))
    adds = [op for op in body if isinstance(op, syntax.AugmentedAssign) and op.target == Local(name)]
    is_known = all(isinstance(node, (*ADDING, ops.While)) for node in nodes if isinstance(node, ops.Op))
    is_set_once = [one for node in nodes for one in bound(node)].count(name) == 1
    return is_known and is_set_once and any(op.operator == "+" and _is_whole(op.value, 1) for op in adds)


def _is_whole(value: Node, number: int) -> bool:
    return type(value) is Const and type(value.value) is int and value.value == number


def _is_positive(value: Node) -> bool:
    return type(value) is Const and type(value.value) is int and value.value > 0


def bound(node: Node) -> Iterator[str]:
    """The locals that one of those steps gives other values."""
    match node:
        case syntax.Assign(targets):
            yield from frozenset().union(*map(target_names, targets))
        case (
            syntax.AugmentedAssign(Node() as target) | ops.Repeat(target=Node() as target) | ops.For(target)
            | ops.Get(into=Node() as target) | ops.Acquire(into=Node() as target) | ops.CallRoutine(into=Node() as target)
        ):  # fmt: skip
            yield from target_names(target)
        case ops.Handler():
            yield "error"
        case _:
            pass
