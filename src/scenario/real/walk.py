"""Walks over the tree of a program: what an op contains, reads and writes."""

from __future__ import annotations

from scenario.program import ops
from scenario.program.ops import Block
from scenario.program.places import root
from scenario.program.program import Program
from scenario.program.targets import bound, targets
from scenario.program.walk import walk_all
from scenario.syntax import Method, Shared


def writes(tree: object) -> frozenset[str]:
    """The shared variables that the tree changes: assigned, an element assigned, or a method called."""
    found: set[str] = set()
    for node in walk_all(tree):
        changed = [root(place) for target in targets(node) for place in bound(target)]
        if isinstance(node, Method):
            changed.append(root(node.value))
        found.update(variable.name for variable in changed if variable is not None)
    return frozenset(found)


def shared_names(tree: object) -> frozenset[str]:
    """Every shared variable in the tree."""
    return frozenset(node.name for node in walk_all(tree) if isinstance(node, Shared))


def routine_names(tree: object) -> frozenset[str]:
    """The routines that the tree calls, submits, maps or has called back."""
    return frozenset(
        node.routine
        for node in walk_all(tree)
        if isinstance(node, ops.CallRoutine | ops.Submit | ops.Map | ops.AddDoneCallback)
    )


def with_routines(block: Block, program: Program) -> tuple[Block, ...]:
    """The block and the bodies of all routines that it may run, directly or not."""
    found: dict[str, Block] = {}
    waiting = list(routine_names(block))
    while waiting:
        name = waiting.pop()
        if name not in found and name in program.routines:
            found[name] = program.routines[name].body
            waiting.extend(routine_names(found[name]))
    return (block, *found.values())
