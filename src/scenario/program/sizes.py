"""Of what size the value of an expression may be: certainly no sequence, no container, or far more than any has."""

from __future__ import annotations

from scenario.program.walk import walk
from scenario.syntax import (
    Binary,
    Builtin,
    Compare,
    Comprehension,
    Const,
    Expr,
    Local,
    Method,
    Node,
    Now,
    OwnFuture,
    Slice,
    Starred,
    Unary,
)

_NUMERIC = frozenset({"len", "int", "float", "abs", "bool", "any", "all"})


def is_number(expr: Expr) -> bool:
    """Whether the value is certainly no sequence, text or container."""
    match expr:
        case Const(value):
            return isinstance(value, int | float)
        case Builtin(name):
            return name in _NUMERIC
        case Unary() | Compare() | Now():
            return True
        case Binary(operator, left, right):
            return (operator in "-/" or operator == "//" or is_number(left)) and is_number(right)
        case Local("index"):
            return True
        case _:
            return False


_MOST_BITS = 64
"""Of a number that may be added without a look at the sum, which comes near no bound by it."""


def is_small(expr: Expr) -> bool:
    """Whether the value is certainly a number, and a small one."""
    match expr:
        case Const(value):
            return isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= _MOST_BITS)
        case Builtin("len" | "float" | "bool" | "any" | "all") | Unary("not") | Compare() | Now() | Local("index"):
            return True
        case Unary("-" | "+", operand):
            return is_small(operand)
        case _:
            return False


def is_scalar(expr: Expr) -> bool:
    """Whether the value is certainly no container."""
    match expr:
        case Const(value):
            return isinstance(value, int | float | str | None)
        case OwnFuture() | Builtin("str" | "type_name"):
            return True
        case Local("name" | "error"):
            return True
        case Binary(operator, left, right) if operator in "+-*":
            return is_number(left) or is_number(right) if operator == "+" else is_number(left) and is_number(right)
        case _:
            return is_number(expr)


_SMALL = frozenset({"len", "int", "float", "abs", "bool", "any", "all", "min", "max", "round", "divmod", "type_name"})
"""Functions that make nothing whose size grows with their arguments'."""


def makes_much(expr: Comprehension) -> bool:
    """Whether it may run over or make far more elements than any container has."""
    if len(expr.clauses) > 1:
        return True
    inside = (expr.element, expr.key, *expr.clauses[0].conditions)
    return any(map(_grows, (node for part in inside if part is not None for node in walk(part))))


def _grows(node: Node) -> bool:
    match node:
        case Comprehension() | Method() | Starred() | Slice():
            return True
        case Builtin(name):
            return name not in _SMALL
        case Binary("+" | "*", left, right):
            return not (is_number(left) or is_number(right))
        case _:
            return False
