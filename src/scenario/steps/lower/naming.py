"""Targets of comprehensions: locals of the comprehension alone, which get slots of their own."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.program.places import target_names
from scenario.program.unpacking import inner, shape
from scenario.program.walk import map_children
from scenario.steps.lower.builder import Builder
from scenario.steps.values import Unpacked
from scenario.syntax import Comprehension, Const, Expr, ListDisplay, Local, Subscript, TupleDisplay


def renamed(b: Builder, expr: Expr) -> Expr:
    """The expression with comprehension targets under the names of their slots."""
    if not b.renames:
        return expr
    return rename(expr, b.renames)


def rename(node: Expr, names: dict[str, str]) -> Expr:
    if isinstance(node, Local):
        return Local(names[node.name], span=node.span) if node.name in names else node
    if isinstance(node, Comprehension):
        own = frozenset().union(*(target_names(clause.target) for clause in node.clauses))
        names = {old: new for old, new in names.items() if old not in own}
    return map_children(node, lambda child: rename(child, names))


def bind(b: Builder, target: Expr, value: Expr) -> None:
    """Assigns to a target of locals (a comprehension's)."""
    match target:
        case Local():
            b.compute(target, value)
        case TupleDisplay(items) | ListDisplay(items):
            for item, part in zip(items, parts(b, items, value), strict=True):
                bind(b, inner(item), part)
        case _:
            raise TypeError(f"no target of a comprehension: {target!r}")


def parts(b: Builder, targets: tuple[Expr, ...], value: Expr) -> Iterator[Local]:
    """What unpacking gives each of the targets, in their order."""
    before, after = shape(targets)
    unpacked = b.local(Unpacked(value, before, after))
    return (b.local(Subscript(unpacked, Const(i))) for i in range(len(targets)))
