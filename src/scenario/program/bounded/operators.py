"""Operators and functions of numbers whose result may be too large; what Python raises of them is left to Python."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from scenario.program.bounded.containers import unfolds
from scenario.program.bounded.limits import MAX_BITS, SEQUENCES, fits, int_fits, refuse
from scenario.program.bounded.sets import ordered
from scenario.program.bounded.texts import repeatable

_TAKEN: Callable[[object, object], object] = operator.isub
_VALUES = (int, float, complex, str, bytes, tuple, range)

# --- binary ------------------------------------------------------------------------------------------


def add(left: object, right: object) -> object:
    """`left + right`, where both may be sequences."""
    _sum_fits(left, right)
    return _fitting(operator.add(left, right))


def sub(left: object, right: object) -> object:
    """`left - right`: of numbers, or of sets."""
    return _fitting(ordered(operator.sub(left, right)))


def mul(left: object, right: object) -> object:
    """`left * right`: an integer product or a repetition."""
    _product_fits(left, right)
    return operator.mul(left, right)


def power(left: object, right: object) -> object:
    """`left ** right`."""
    _power_fits(left, right)
    return operator.pow(left, right)


def shift(left: object, right: object) -> object:
    """`left << right`."""
    _shift_fits(left, right)
    return operator.lshift(left, right)


def mod(left: object, right: object) -> object:
    """`left % right` of numbers: formatting with `%` is not part of the language (templates are)."""
    _formats_nothing(left)
    return operator.mod(left, right)


# --- in place ----------------------------------------------------------------------------------------


def iadd(left: object, right: Any) -> object:
    """`left += right`: a list is extended in place."""
    if isinstance(left, list) and not isinstance(right, SEQUENCES):
        right = list(right)
    _sum_fits(left, right)
    left += right
    return _fitting(left)


def isub(left: object, right: object) -> object:
    """`left -= right`: what a set has is taken from it in place."""
    return _fitting(_TAKEN(left, right))


def imul(left: object, right: Any) -> object:
    """`left *= right`: a list is repeated in place."""
    _product_fits(left, right)
    left *= right
    return left


def ipower(left: object, right: Any) -> object:
    """`left **= right`."""
    _power_fits(left, right)
    left **= right
    return left


def ishift(left: object, right: Any) -> object:
    """`left <<= right`."""
    _shift_fits(left, right)
    left <<= right
    return left


def imod(left: object, right: Any) -> object:
    """`left %= right`, of numbers."""
    _formats_nothing(left)
    left %= right
    return left


def same(left: object, right: object) -> bool:
    """`left is right`: of equal numbers, texts or tuples Python may have one object or several, as it likes."""
    if type(left) is type(right) and type(left) in _VALUES and (left == right or left != left):  # noqa: PLR0124 (a NaN)
        refuse(
            "`is` is for None, True and False: which numbers, texts or tuples are one object is Python's own business; "
            "write `==`"
        )
    return left is right or (hasattr(left, "is_handle") and bool(left == right))


BINARY: dict[str, Callable[[object, Any], object]] = {
    "+": add, "-": sub, "*": mul, "/": operator.truediv, "//": operator.floordiv, "%": mod,
    "**": power, "<<": shift, ">>": operator.rshift, "&": lambda a, b: ordered(a & b), "|": lambda a, b: ordered(a | b),
    "^": lambda a, b: ordered(a ^ b),
}  # fmt: skip
"""Every binary operator as a function."""

IN_PLACE: dict[str, Callable[[object, object], object]] = {
    "+": iadd, "-": isub, "*": imul, "/": operator.itruediv, "//": operator.ifloordiv, "%": imod,
    "**": ipower, "<<": ishift, ">>": operator.irshift, "&": operator.iand, "|": operator.ior, "^": operator.ixor,
}  # fmt: skip
"""What each does in an augmented assignment, to be assigned."""


# --- bounds ------------------------------------------------------------------------------------------


def _sum_fits(left: object, right: object) -> None:
    if isinstance(left, SEQUENCES) and isinstance(right, SEQUENCES):
        fits(len(left) + len(right))
        repeatable(right)
        if isinstance(left, tuple):  # what is hashed is gone through
            unfolds(left, right)


def _fitting(result: object) -> object:
    if type(result) is int:
        int_fits(result.bit_length())
    return result


def _product_fits(left: object, right: object) -> None:
    if isinstance(left, int) and isinstance(right, int):
        int_fits(left.bit_length() + right.bit_length())
    elif isinstance(left, SEQUENCES) and isinstance(right, int):
        fits(len(left) * right)
        repeatable(left, right)
    elif isinstance(right, SEQUENCES) and isinstance(left, int):
        fits(len(right) * left)
        repeatable(right, left)


def _power_fits(left: object, right: object) -> None:
    if isinstance(left, int) and isinstance(right, int) and right > 0 and abs(left) > 1:
        int_fits(left.bit_length() * right - right)


def _shift_fits(left: object, right: object) -> None:
    if isinstance(left, int) and isinstance(right, int) and left and right > 0:
        int_fits(left.bit_length() + right)


def _formats_nothing(left: object) -> None:
    if isinstance(left, bytes) or (isinstance(left, str) and "%" in left):
        refuse("a text has no %: write a template, as in print: 'n is {n}'")


# --- functions ---------------------------------------------------------------------------------------


def limited_range(*args: Any) -> range:
    """`range(...)` of bounded length."""
    result = range(*args)
    if result:  # its `len` may be more than Python can say
        fits(1 + (result[-1] - result[0]) // result.step)
    return result


def limited_int(*args: Any, **base: object) -> int:
    """`int(...)` of bounded size."""
    result = int(*args, **base)
    int_fits(result.bit_length())
    return result


def limited_round(*args: Any, **ndigits: Any) -> object:
    """`round(number, ndigits)`: far digits would compute a huge power."""
    for digits in (*args[1:], *ndigits.values()):
        if isinstance(digits, int) and abs(digits) > MAX_BITS // 4:
            refuse("round: too many digits")
    return round(*args, **ndigits)
