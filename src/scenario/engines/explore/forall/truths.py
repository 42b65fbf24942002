"""Which claims about polynomials hold for all values of their symbols: what can be shown by their coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from scenario.engines.explore.forall.ends import Ends
from scenario.engines.explore.reductions.amounts import Outside, Own, amount
from scenario.engines.explore.reductions.polynomials import ZERO, Polynomial
from scenario.record import record
from scenario.syntax import Binary, Boolean, Builtin, Comparator, Compare, Expr, ListDisplay, Shared, Unary


@record
class Truths:
    """Of the ends."""

    ends: Ends

    def hold(self, expr: Expr) -> bool:
        """Whether it is true for all values, as far as coefficients tell."""
        return self._never_raises(expr) and self._surely(expr, is_true=True)

    def _never_raises(self, expr: Expr) -> bool:
        """Whether it has a value whatever is true: of `a or b` what is false comes first, and might raise."""
        match expr:
            case Unary("not", operand):
                return self._never_raises(operand)
            case Boolean(_, operands):
                return all(map(self._never_raises, operands))
            case Compare(left, operators, comparands):
                only_equality = set(operators) <= {"==", "!="}
                return all(self._is_known(side, of_any_kind=only_equality) for side in (left, *comparands))
            case _:
                return False

    def _is_known(self, expr: Expr, *, of_any_kind: bool) -> bool:
        """Whether it is a number for all values; or, where anything may be compared, a variable or a list of numbers."""
        if of_any_kind and (
            isinstance(expr, Shared) or ((parts := _list_of(expr)) and all(map(self._is_number, parts)))
        ):
            return True
        return self._is_number(expr)

    def _is_number(self, expr: Expr) -> bool:
        try:
            self.value(expr)
        except Outside:
            return False
        return True

    def _surely(self, expr: Expr, *, is_true: bool) -> bool:
        match expr:
            case Unary("not", operand):
                return self._surely(operand, is_true=not is_true)
            case Boolean(operator, operands):
                each = (self._surely(operand, is_true=is_true) for operand in operands)
                return all(each) if (operator == "and") is is_true else any(each)
            case Compare(left, operators, comparands):
                sides = pairwise((left, *comparands))
                pairs = (self._pair(operator, *two, is_true) for operator, two in zip(operators, sides, strict=True))
                return all(pairs) if is_true else any(pairs)
            case _:
                return False

    def _pair(self, operator: Comparator, left: Expr, right: Expr, is_true: bool) -> bool:
        try:
            if operator == "==" and is_true and (parts := _list_of(right)) and isinstance(left, Shared):
                return self._all_equal(left.name, *parts)
            return self._is(operator if is_true else _OPPOSITE[operator], self.value(left), self.value(right))
        except (Outside, KeyError):
            return False

    def _is(self, operator: Comparator, left: Polynomial, right: Polynomial) -> bool:
        match operator:
            case "==":
                return left == right
            case "!=":
                return self._is("<", left, right) or self._is("<", right, left)
            case "<=" | "<":
                return (right - left).is_never_below(operator == "<", self.ends.lowest)
            case ">=" | ">":
                return (left - right).is_never_below(operator == ">", self.ends.lowest)
            case _:
                raise Outside

    def value(self, expr: Expr) -> Polynomial:
        """Raises Outside."""
        return amount(expr, {}, self.ends.value, self._other)

    def _other(self, expr: Expr) -> Polynomial:
        match expr:
            case Builtin("sum", (Shared(name),), ()):
                first, length = self.ends.elements(name)
                return sum((update.added for update, _ in self.ends.changes(name)), first * length)
            case Builtin("len", (Shared(name),), ()):
                return self.ends.elements(name)[1]
            case _:
                raise Outside

    def _all_equal(self, variable: str, value: Expr, count: Expr) -> bool:
        """Whether a list is so many times the value: each of its elements is some thread's own."""
        first, length = self.ends.elements(variable)
        each = ZERO
        for update, threads in self.ends.changes(variable):
            if not isinstance(update.place.key, Own) or threads != length:
                raise Outside
            each += update.each
        return length == self.value(count) and first + each == self.value(value)


_OPPOSITE: Mapping[Comparator, Comparator] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _list_of(expr: Expr) -> tuple[Expr, Expr] | None:
    """`[e] * n` as its two parts."""
    match expr:
        case Binary("*", ListDisplay((first,)), times):
            return first, times
        case _:
            return None
