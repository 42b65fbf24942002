"""Expressions over whole numbers as polynomials of what a thread knows and what it has just read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from scenario.engines.explore.reductions.polynomials import Polynomial, constant
from scenario.record import record
from scenario.syntax import Binary, Const, Expr, Local, Shared, Subscript, Unary

MAX_DEGREE = 4
MAX_BITS = 1_000
"""Of a coefficient, and of what is read: no value on the way then comes near the bound of integers."""

Key: TypeAlias = "int | str | None"


class Outside(Exception):
    """What is read is more than updates by whole numbers, so the thread has to be searched."""


@record
class Place:
    """A shared variable, or an element of it."""

    variable: str
    key: Key = None


def amount(expr: Expr, known: Mapping[str, Polynomial], read: Callable[[Place], Polynomial]) -> Polynomial:
    """The expression's value. Raises Outside."""

    def of(expr: Expr) -> Polynomial:
        match expr:
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
                raise Outside

    return _bounded(of(expr))


def place(target: Expr, known: Mapping[str, Polynomial]) -> Place:
    """Where a shared target is: the variable, or an element whose number or key is sure. Raises Outside."""
    match target:
        case Shared(name):
            return Place(name)
        case Subscript(Shared(name), Const(str() as key)):
            return Place(name, key)
        case Subscript(Shared(name), (Const() | Local() | Unary() | Binary()) as index):
            number = amount(index, known, nothing).value
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
        case "*":
            return left * right
        case "//" | "%":
            return _divided(operator, left.value, right.value)
        case _:
            raise Outside


def _divided(operator: str, left: int | None, right: int | None) -> Polynomial:
    if left is None or not right:
        raise Outside
    return constant(left // right if operator == "//" else left % right)


def _bounded(value: Polynomial) -> Polynomial:
    if value.degree > MAX_DEGREE or any(abs(factor).bit_length() > MAX_BITS for factor in value.terms.values()):
        raise Outside
    return value
