"""Expressions over whole numbers as polynomials of what a thread knows and has just read; the places that they are added to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any, TypeAlias, TypeGuard

from scenario.engines.explore.reductions.polynomials import Polynomial, constant, unknown
from scenario.record import record
from scenario.source import START, Span
from scenario.syntax import Binary, Const, Expr, Local, Param, Shared, Subscript, Unary

MAX_DEGREE = 4
MAX_TERMS = 500
MAX_POINTS = 1_000
"""Values of the symbols at which a remainder is looked at."""
MAX_BITS = 1_000
"""Of a coefficient, and of what is read: no value on the way then comes near the bound of integers."""


@record
class Own:
    """The element that has the thread's own number in its group."""


@record
class OpenParam:
    """A param that is left open, as a symbol."""

    name: str


INDEX = unknown("index")
"""The number of a thread that is one of any number."""

Key: TypeAlias = "int | str | Own | None"


class Outside(Exception):
    """What is read is more than updates by whole numbers, so the thread has to be searched. `span`: the step that is."""

    def __init__(self, span: Span = START) -> None:
        super().__init__()
        self.span = span


@record
class Place:
    """A shared variable, or an element of it."""

    variable: str
    key: Key = None


def beyond(_: Expr) -> Polynomial:
    """Follows nothing else."""
    raise Outside


def amount(
    expr: Expr,
    known: Mapping[str, Polynomial],
    read: Callable[[Place], Polynomial],
    other: Callable[[Expr], Polynomial] = beyond,
) -> Polynomial:
    """The expression's value; `other` says what that of an expression is which is no arithmetic. Raises Outside."""

    def of(expr: Expr) -> Polynomial:
        match expr:
            case Param(name=name):
                return unknown(OpenParam(name))
            case Const(value) if type(value) is int:
                return constant(value)
            case Local(name) if name in known:
                return known[name]
            case Shared() | Subscript():
                return read(place(expr, known))
            case Unary("-", operand):
                return -of(operand)
            case Unary("+", operand):
                return of(operand)
            case Binary(operator, left, right):
                return _bounded(_combined(operator, of(left), of(right)))
            case _:
                return other(expr)

    return _bounded(of(expr))


def place(target: Expr, known: Mapping[str, Polynomial]) -> Place:
    """Where a shared target is: the variable, or an element whose number or key is sure. Raises Outside."""
    match target:
        case Shared(name):
            return Place(name)
        case Subscript(Shared(name), Const(str() as key)):
            return Place(name, key)
        case Subscript(Shared(name), (Const() | Local() | Unary() | Binary()) as index):
            value = amount(index, known, nothing)
            number = value.value
            if value == INDEX:
                return Place(name, Own())
            if number is None or number < 0:
                raise Outside
            return Place(name, number)
        case _:
            raise Outside


def nothing(_: Place) -> Polynomial:
    """Reads nothing shared."""
    raise Outside


def _combined(operator: str, left: Polynomial, right: Polynomial) -> Polynomial:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*" if left.degree + right.degree <= MAX_DEGREE:
            return left * right
        case "//" | "%":
            return _divided(operator, left, right.value)
        case _:
            raise Outside


def _divided(operator: str, left: Polynomial, by: int | None) -> Polynomial:
    """What is left must be the same whatever the symbols are; then what is divided is a polynomial, too."""
    left_over = None if not by else _remainder(left, by)
    if not by or left_over is None:
        raise Outside
    if operator == "%":
        return constant(left_over)
    from fractions import Fraction

    return (left - constant(left_over)).scaled(Fraction(1, by))


def _remainder(value: Polynomial, by: int) -> int | None:
    """What is left over at all whole numbers, if that is the same: with whole coefficients it is at those below the divisor."""
    symbols = sorted(value.symbols, key=repr)
    whole = all(factor.denominator == 1 for factor in value.terms.values())
    if not whole or (symbols and abs(by) ** len(symbols) > MAX_POINTS):
        return None
    points = product(range(abs(by)), repeat=len(symbols))
    left = {int(value.at(dict(zip(symbols, point, strict=True)))) % by for point in points}
    return left.pop() if len(left) == 1 else None


def _bounded(value: Polynomial) -> Polynomial:
    if (
        value.degree > MAX_DEGREE
        or len(value.terms) > MAX_TERMS
        or any(factor.numerator.bit_length() > MAX_BITS for factor in value.terms.values())
    ):
        raise Outside
    return value


def is_small(value: object) -> TypeGuard[int]:
    """Whether it is a whole number to which any amount may be added: nothing then comes near the bound of integers."""
    return type(value) is int and value.bit_length() <= MAX_BITS


def at(value: Any, place: Place) -> object:
    """What the place has in its variable's value; None where there is no such place."""
    match place.key:
        case None:
            return value
        case int() as index:
            return value[index] if type(value) is list and index < len(value) else None
        case Own():
            return None
        case key:
            return value.get(key) if type(value) is dict else None


def added(value: Any, place: Place, more: int) -> Any:
    """The variable's value with so much more at the place; a container is changed."""
    if place.key is None:
        return value + more
    value[place.key] += more
    return value
