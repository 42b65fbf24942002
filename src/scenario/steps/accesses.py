"""What of an expression is an access to shared state, and its operands in Python's order of evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from scenario.program.program import Program
from scenario.program.walk import map_children, walk
from scenario.syntax import DictDisplay, Expr, FutureQuery, Hole, Node, Query, Shared, Slice, Subscript

N = TypeVar("N", bound=Node)


def accesses(node: Node) -> bool:
    """Whether evaluating the node is a step (or several)."""
    return any(isinstance(n, Shared | Query | FutureQuery) for n in walk(node))


def operands(expr: Node) -> list[Expr]:
    """The operands of an expression, left to right; a slice's and a hole's parts are operands themselves."""
    if isinstance(expr, DictDisplay):
        return [part for pair in zip(expr.keys, expr.values, strict=True) for part in pair if part is not None]
    found: list[Expr] = []

    def collect(child: Expr) -> Expr:
        if isinstance(child, Slice | Hole):
            map_children(child, collect)
        else:
            found.append(child)
        return child

    map_children(expr, collect)
    return found


def with_operands(expr: N, done: Mapping[int, Expr]) -> N:
    """The expression with its operands (by `id`) replaced by what stands for their values."""

    def replaced(child: Expr) -> Expr:
        return done[id(child)] if id(child) in done else with_operands(child, done)

    return map_children(expr, replaced)


def changes_in_place(program: Program, target: Expr) -> bool:
    """Whether `target += ...` of a shared target changes a list, dict or set, judged by its initial value."""
    depth = 0
    while isinstance(target, Subscript):
        target, depth = target.value, depth + 1
    assert isinstance(target, Shared)
    value: object = next(var.value for var in program.vars if var.name == target.name)
    for _ in range(depth):
        parts = list(value.values()) if isinstance(value, dict) else value
        value = parts[0] if isinstance(parts, list) and parts else None
    return isinstance(value, list | dict | set)
