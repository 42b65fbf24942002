"""What a thread's locals are given that is no number of a closed form."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from scenario.engines.explore.reductions.amounts import Outside, Place, amount
from scenario.engines.explore.reductions.polynomials import Polynomial
from scenario.program.places import changes
from scenario.syntax import Const, DictDisplay, Expr, ListDisplay, Local, TupleDisplay


def is_made_here(value: Expr, known: Container[str]) -> bool:
    """Whether it is no number, and made of constants and what is `known`: making it can not fail, and it does not grow."""
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


def has_form(value: Expr, known: Mapping[str, Polynomial], read: Callable[[Place], Polynomial]) -> bool:
    """Whether a closed form of it is known, or it may do more than to have a value."""
    if changes(value):
        return True
    try:
        amount(value, known, read)
    except Outside:
        return False
    return True
