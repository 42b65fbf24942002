"""Operators and functions of numbers whose result may be too large."""

from __future__ import annotations

from typing import Any

from scenario.program.bounded.limits import MAX_BITS, SEQUENCES, TEXTS, fits, int_fits


def add(left: Any, right: Any) -> Any:
    """`left + right`, where both may be sequences."""
    if isinstance(left, SEQUENCES) and isinstance(right, SEQUENCES):
        fits(len(left) + len(right))
    result = left + right
    if type(result) is int:
        int_fits(result.bit_length())
    return result


def iadd(left: Any, right: Any) -> Any:
    """`left += right`: a list is extended in place."""
    if isinstance(left, SEQUENCES):
        if isinstance(left, list):
            right = list(right)
        fits(len(left) + len(right))
        left += right
        return left
    return add(left, right)


def mul(left: Any, right: Any) -> Any:
    """`left * right`: an integer product or a repetition."""
    if isinstance(left, int) and isinstance(right, int):
        int_fits(left.bit_length() + right.bit_length())
    elif isinstance(left, SEQUENCES) and isinstance(right, int):
        fits(len(left) * right)
    elif isinstance(right, SEQUENCES) and isinstance(left, int):
        fits(len(right) * left)
    return left * right


def power(left: Any, right: Any) -> Any:
    """`left ** right`."""
    if isinstance(left, int) and isinstance(right, int) and right > 0 and abs(left) > 1:
        int_fits(left.bit_length() * right - right)
    return left**right


def shift(left: Any, right: Any) -> Any:
    """`left << right`."""
    if isinstance(left, int) and isinstance(right, int) and left and right > 0:
        int_fits(left.bit_length() + right)
    return left << right


def mod(left: Any, right: Any) -> Any:
    """`left % right` of numbers: formatting with `%` is not part of the language (templates are)."""
    if isinstance(left, TEXTS):
        raise TypeError("a text has no %: write a template, as in print: 'n is {n}'")
    return left % right


def limited_range(*args: Any) -> range:
    """`range(...)` of bounded length."""
    result = range(*args)
    fits(len(result))
    return result


def limited_int(*args: Any) -> int:
    """`int(...)` of bounded size."""
    result = int(*args)
    int_fits(result.bit_length())
    return result


def limited_round(number: Any, digits: Any = None) -> Any:
    """`round(number, digits)`: far digits would compute a huge power."""
    if isinstance(digits, int) and abs(digits) > MAX_BITS // 4:
        raise OverflowError("round: too many digits")
    return round(number, digits)
