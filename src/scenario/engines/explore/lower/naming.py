"""Targets of comprehensions: locals of the comprehension alone, which get slots of their own."""

from __future__ import annotations

from scenario.engines.explore.lower.builder import Builder
from scenario.program.pycode import target_names
from scenario.program.walk import map_children
from scenario.syntax import Comprehension, Expr, ListDisplay, Local, Starred, TupleDisplay


def renamed(b: Builder, expr: Expr) -> Expr:
    """The expression with comprehension targets under the names of their slots."""
    if not b.renames:
        return expr
    return rename(expr, b.renames)


def rename(node: Expr, names: dict[str, str]) -> Expr:
    if isinstance(node, Local):
        return Local(names.get(node.name, node.name), span=node.span)
    if isinstance(node, Comprehension):
        own = frozenset().union(*(target_names(clause.target) for clause in node.clauses))
        names = {old: new for old, new in names.items() if old not in own}
    return map_children(node, lambda child: rename(child, names))


def bind(b: Builder, target: Expr, value: Expr) -> None:
    """Assigns to a target of locals (a comprehension's)."""
    if isinstance(target, Local):
        b.compute(target, value)
        return
    defines = tuple(b.slot(n) for n in sorted(target_names(target)))
    b.run(f"{_slots(b, target)} = {b.source(value)}", value, defines=defines)


def _slots(b: Builder, target: Expr) -> str:
    """The target as slots of the frame, to be assigned."""
    match target:
        case Local(name):
            return f"L[{b.slot(name)}]"
        case Starred(value):
            return f"*{_slots(b, value)}"
        case TupleDisplay(items) | ListDisplay(items):
            return f"[{', '.join(_slots(b, item) for item in items)}]"
        case _:
            raise TypeError(f"no target of a comprehension: {target!r}")
