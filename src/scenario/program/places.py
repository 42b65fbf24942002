"""Places in shared containers: which variable they are in, and which methods change one."""

from __future__ import annotations

from scenario.program.walk import walk_all
from scenario.syntax import Expr, Method, Shared, Subscript

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
