"""Places to assign to: which variable one is in, which locals one binds, and which methods change a shared container."""

from __future__ import annotations

from scenario.program.walk import walk_all
from scenario.syntax import Expr, ListDisplay, Local, Method, Shared, Slice, Starred, Subscript, TlsField, TupleDisplay

MUTATING = frozenset({
    "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "add", "discard", "update",
    "setdefault", "popitem", "difference_update", "intersection_update", "symmetric_difference_update",
})  # fmt: skip
"""The methods of list, dict and set that change them: on a shared container, a write."""


def changes(nodes: object) -> bool:
    """Whether a container is changed while the nodes (or nested tuples of them) are evaluated."""
    return any(isinstance(node, Method) and node.name in MUTATING for node in walk_all(nodes))


def root(expr: Expr) -> Shared | None:
    """The shared variable that a chain of subscripts starts from."""
    while isinstance(expr, Subscript):
        expr = expr.value
    return expr if isinstance(expr, Shared) else None


def is_place(expr: Expr) -> bool:
    """Whether it names what it is: a variable, or an element of one by subscripts."""
    while isinstance(expr, Subscript) and not isinstance(expr.index, Slice):
        expr = expr.value
    return isinstance(expr, Shared | Local | TlsField)


def target_names(target: Expr) -> frozenset[str]:
    """The locals that an assignment target binds."""
    match target:
        case Local(name):
            return frozenset({name})
        case Starred(value):
            return target_names(value)
        case TupleDisplay(items) | ListDisplay(items):
            return frozenset().union(*map(target_names, items))
        case _:
            return frozenset()
