"""What operations assign to, and which shared variables a tree names and changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenario.program import ops
from scenario.program.places import root
from scenario.program.walk import walk_all
from scenario.syntax import (
    Assign,
    AugmentedAssign,
    Binary,
    Builtin,
    Const,
    Delete,
    Expr,
    ListDisplay,
    Local,
    Method,
    Node,
    Shared,
    Starred,
    TupleDisplay,
)


def targets(op: Node) -> tuple[Expr, ...]:
    """What the op itself (not its blocks) assigns to or deletes; a node that is no op has no targets."""
    match op:
        case Assign(targets) | Delete(targets):
            return targets
        case AugmentedAssign(target):
            return (target,)
        case _:
            found = (getattr(op, "target", None), getattr(op, "into", None))
            return tuple(target for target in found if target is not None)


def bound(target: Expr) -> Iterator[Expr]:
    """The places of a target: `a, x[i] = ...` has two."""
    match target:
        case TupleDisplay(items) | ListDisplay(items):
            for item in items:
                yield from bound(item)
        case Starred(value):
            yield from bound(value)
        case _:
            yield target


def assignments(block: Iterable[object]) -> Iterator[tuple[Local | Shared, Node | None]]:
    """Each name that is assigned, with the step that gives it a value of its own (None: one value of several)."""
    for op in walk_all(tuple(block)):
        for target in targets(op):
            for place in bound(target):
                if isinstance(place, Local | Shared):
                    yield place, op if place is target else None


def assigned(op: Node) -> Expr | None:
    """The value that a statement or a loop over numbers gives to its name, or for numbers one of their kind; None for any other step."""
    match op:
        case Assign(_, value):
            return value
        case AugmentedAssign(target, operator, value):
            return Binary(operator, target, value)
        case ops.Repeat() | ops.For(_, Builtin("range")):
            return Const(0)
        case _:
            return None


def rebinds(block: Iterable[object]) -> frozenset[str]:
    """The shared variables that the block assigns as a whole (`nonlocal` in Python)."""
    return frozenset(
        place.name
        for op in walk_all(tuple(block))
        for target in targets(op)
        for place in bound(target)
        if isinstance(place, Shared) and not isinstance(op, Delete)
    )


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
