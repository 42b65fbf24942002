"""What an operation assigns to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenario.program.walk import walk_all
from scenario.syntax import Assign, AugmentedAssign, Delete, Expr, ListDisplay, Node, Shared, Starred, TupleDisplay


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


def rebinds(block: Iterable[object]) -> frozenset[str]:
    """The shared variables that the block assigns as a whole (`nonlocal` in Python)."""
    return frozenset(
        place.name
        for op in walk_all(tuple(block))
        for target in targets(op)
        for place in bound(target)
        if isinstance(place, Shared) and not isinstance(op, Delete)
    )
