"""What an expression can be, from what its names can be: few constants, whole numbers between two bounds, a container.

An abstract interpretation (Cousot and Cousot, POPL 1977). What is not known, or may raise, is None: nothing is said of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise, product
from typing import TypeAlias

from scenario.program.evaluate import Constants, Raised, answered, evaluate
from scenario.program.walk import walk
from scenario.record import record
from scenario.syntax import (
    Binary,
    Boolean,
    Builtin,
    Comparator,
    Compare,
    Conditional,
    Const,
    Expr,
    ListDisplay,
    Local,
    Param,
    Query,
    SetDisplay,
    Shared,
    Unary,
)

FEW = 16
"""Constants that are told apart; more whole numbers than these are those between two bounds."""

MOST_WAYS = 256
"""Combinations of its names' values for which an expression is tried."""

LARGE = 2**62
"""A bound beyond this is as far as can be."""


@record
class Some:
    """One of these numbers, texts, None. Of none: there has not been a value yet."""

    values: tuple[object, ...]


@record
class Whole:
    """A whole number from `least` to `most`, which may be infinite."""

    least: float
    most: float


@record
class Sized:
    """A container of this type."""

    kind: str


Values: TypeAlias = Some | Whole | Sized | None
Known: TypeAlias = Mapping[str, Values]

BOTTOM, BOOL, COUNT = Some(()), Some((False, True)), Whole(0, math.inf)

_ASKED: Known = {
    **dict.fromkeys(("locked", "is_set", "empty", "full", "is_shutdown", "broken", "is_alive", "daemon"), BOOL),
    **dict.fromkeys(("qsize", "unfinished_tasks", "n_waiting", "parties", "value", "alive", "blocked"), COUNT),
}

# --- joining ------------------------------------------------------------------------------------------------


def of_constant(value: object) -> Values:
    match value:
        case None | bool() | int() | float() | str():
            return Some((value,))
        case list() | dict() | set():
            return Sized(type(value).__name__)
        case _:
            return None


def one_of(found: Iterable[Values]) -> Values:
    values: Values = BOTTOM
    for one in found:
        values = joined(values, one)
    return values


def joined(one: Values, other: Values) -> Values:
    """What contains both. A bound that moves goes as far as can be: so no name gets more for ever."""
    if isinstance(one, Some) and isinstance(other, Some):
        distinct = {(type(value), repr(value)): value for value in (*one.values, *other.values)}
        if len(distinct) <= FEW:
            return Some(tuple(distinct.values()))
    if other in (BOTTOM, one):
        return one
    if one == BOTTOM:
        return other
    a, b = _whole(one), _whole(other)
    if a is None or b is None:
        return None
    return Whole(a.least if a.least <= b.least else -math.inf, a.most if a.most >= b.most else math.inf)


def _whole(values: Values) -> Whole | None:
    match values:
        case Whole():
            return values
        case Some(constants):
            numbers = [value for value in constants if type(value) is int]
            return _bounded(min(numbers), max(numbers)) if numbers and len(numbers) == len(constants) else None
        case _:
            return None


# --- by trying ----------------------------------------------------------------------------------------------

_PLAIN = (Boolean, Builtin, Compare, Conditional, Binary, Const, ListDisplay, Local, SetDisplay, Shared, Unary)


def tried(expr: Expr, known: Known) -> Some | None:
    """Whether it is true, for every combination of its names' values; None where they are many, or it raises for one."""
    nodes = list(walk(expr))
    if not all(isinstance(node, _PLAIN) and not isinstance(node, Param) for node in nodes):
        return None
    names = sorted({node.name for node in nodes if isinstance(node, Shared | Local)})
    choices = [values.values for name in names if isinstance(values := known.get(name), Some)]
    if len(choices) < len(names) or math.prod(map(len, choices)) > MOST_WAYS:
        return None
    answers = [_answer(expr, dict(zip(names, values, strict=True))) for values in product(*choices)]
    return None if any(isinstance(answer, Raised) for answer in answers) else Some(tuple(answers))


def _answer(expr: Expr, values: Mapping[str, object]) -> bool | Raised:
    return answered(lambda: bool(evaluate(expr, Constants(values))))


# --- by what it is made of ------------------------------------------------------------------------------------


def possible(expr: Expr, known: Known) -> Values:
    """All that it can be, if it can not raise (but for a local that has no value yet)."""
    match expr:
        case Param():
            return None
        case Const(value):
            return of_constant(value)
        case Shared(name) | Local(name):
            return known.get(name)
        case Query(ref, attribute):
            return _ASKED.get(attribute) if ref.index is None else None
        case ListDisplay(items):
            return Sized("list") if all(possible(item, known) is not None for item in items) else None
        case Unary("not", operand):
            return _not(possible(operand, known))
        case Unary("-", operand):
            return _binary("-", Some((0,)), possible(operand, known))
        case Binary(operation, left, right):
            return _binary(operation, possible(left, known), possible(right, known))
        case Compare(left, operators, comparands):
            return _chain(operators, (left, *comparands), known)
        case Boolean(operation, operands):
            return _deciding(operation == "or", [possible(operand, known) for operand in operands])
        case Conditional(test, body, orelse):
            return possible(test, known) and one_of((possible(body, known), possible(orelse, known)))
        case Builtin("len", (argument,)):
            return COUNT if isinstance(possible(argument, known), Sized) else None
        case _:
            return None


def _not(values: Values) -> Values:
    match values:
        case Some(constants):
            return one_of(Some((not value,)) for value in constants)
        case _:
            return values and BOOL


def _deciding(deciding: bool, operands: Sequence[Values]) -> Values:
    """Of `or` the first that is true, of `and` the first that is false; else the last."""
    found: Values = BOTTOM
    for values in operands[:-1]:
        if not isinstance(values, Some):
            return None
        decides = tuple(value for value in values.values if bool(value) is deciding)
        found = joined(found, Some(decides))
        if decides == values.values:
            return found
    return joined(found, operands[-1])


# --- numbers ---------------------------------------------------------------------------------------------------


def _binary(operation: str, left: Values, right: Values) -> Values:
    if BOTTOM in (left, right):
        return BOTTOM
    a, b = _whole(left), _whole(right)
    if a is None or b is None:
        return left if operation == "+" and left == right == Sized("list") else None
    match operation:
        case "+":
            return _between(a.least + b.least, a.most + b.most)
        case "-":
            return _between(a.least - b.most, a.most - b.least)
        case "*":
            corners = [_times(x, y) for x in (a.least, a.most) for y in (b.least, b.most)]
            return _between(min(corners), max(corners))
        case "%" if b.least > 0:
            return _between(0, b.most - 1)
        case _:
            return None


def _times(one: float, other: float) -> float:
    return one * other if one and other else 0  # infinity times 0 would be no number


def _between(least: float, most: float) -> Values:
    if most - least < FEW:
        return Some(tuple(range(int(least), int(most) + 1)))
    return _bounded(least, most)


def _bounded(least: float, most: float) -> Whole:
    """No bound is so large that a float, which infinity is, can not be added to it."""
    return Whole(min(least, LARGE) if least >= -LARGE else -math.inf, max(most, -LARGE) if most <= LARGE else math.inf)


# --- comparisons -------------------------------------------------------------------------------------------------


def _chain(operators: Sequence[Comparator], operands: Sequence[Expr], known: Known) -> Values:
    found = [possible(operand, known) for operand in operands]
    same = [one == other for one, other in pairwise(operands)]
    pairs = [_compared(*each) for each in zip(operators, found[:-1], found[1:], same, strict=True)]
    return _deciding(False, pairs)


def _compared(operation: Comparator, left: Values, right: Values, same: bool) -> Values:
    """`same`: both are the same expression, over one state."""
    if left is None or right is None:
        return None
    if same and not isinstance(left, Some) and operation in _OF_EQUALS:
        return Some((_OF_EQUALS[operation],))
    a, b = _whole(left), _whole(right)
    if a is not None and b is not None and operation in _BETWEEN:
        return _BETWEEN[operation](a, b)
    if "in" in operation:
        return BOOL if isinstance(right, Sized) and not isinstance(left, Sized) else None
    return None if "<" in operation or ">" in operation else BOOL  # numbers alone have an order that is known here


_OF_EQUALS: Mapping[Comparator, bool] = {"==": True, "<=": True, ">=": True, "!=": False, "<": False, ">": False}


def _less(a: Whole, b: Whole) -> Some:
    return _sure(a.most < b.least, a.least >= b.most)


def _at_most(a: Whole, b: Whole) -> Some:
    return _sure(a.most <= b.least, a.least > b.most)


def _equal(a: Whole, b: Whole) -> Some:
    return _sure(a.least == a.most == b.least == b.most, a.most < b.least or b.most < a.least)


def _sure(yes: bool, no: bool) -> Some:
    return Some((True,)) if yes else Some((False,)) if no else BOOL


_BETWEEN: Mapping[Comparator, Callable[[Whole, Whole], Values]] = {
    "<": _less, "<=": _at_most, "==": _equal,
    ">": lambda a, b: _less(b, a), ">=": lambda a, b: _at_most(b, a), "!=": lambda a, b: _not(_equal(a, b)),
}  # fmt: skip
