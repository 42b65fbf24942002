"""What an expression's value certainly is not: a sequence, a container. Then its size needs no bound."""

from __future__ import annotations

from scenario.syntax import Binary, Builtin, Compare, Const, Expr, Local, Now, Unary

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


def is_scalar(expr: Expr) -> bool:
    """Whether the value is certainly no container."""
    match expr:
        case Const(value):
            return isinstance(value, int | float | str | None)
        case Builtin("str" | "type_name"):
            return True
        case Local("name" | "error"):
            return True
        case Binary(operator, left, right) if operator in "+-*":
            return is_number(left) or is_number(right) if operator == "+" else is_number(left) and is_number(right)
        case _:
            return is_number(expr)
