"""Values that threads make of constants and what they know: making them can not fail, and they do not grow."""

from __future__ import annotations

from collections.abc import Container

from scenario.syntax import Const, DictDisplay, Expr, ListDisplay, Local, TupleDisplay


def is_made_here(value: Expr, known: Container[str]) -> bool:
    """Whether it is no number, and made of constants and the numbers that are `known`."""
    match value:
        case ListDisplay(items) | TupleDisplay(items):
            return all(_is_had(item, known) for item in items)
        case DictDisplay(keys, values):
            return all(type(key) is Const for key in keys) and all(_is_had(item, known) for item in values)
        case Const(number):
            return type(value) is Const and type(number) is not int
        case _:
            return False


def _is_had(value: Expr, known: Container[str]) -> bool:
    is_known = isinstance(value, Local) and value.name in known
    return is_known or type(value) is Const or is_made_here(value, known)
