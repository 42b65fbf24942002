"""Which `always` claims hold for all values where threads only add: between which bounds each sum is on its way.

Whoever adds excludes all others from the read to the write, so at any moment a variable is what it was at first and some of the
additions to it. Where none of them takes anything away, it is never less than at first and never more than in the end.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

from scenario.engines.explore.forall.ends import Ends
from scenario.engines.explore.reductions.amounts import Outside, Place, amount, nothing
from scenario.engines.explore.reductions.polynomials import ZERO, Polynomial
from scenario.record import record
from scenario.syntax import Binary, Boolean, Comparator, Compare, Expr, Shared

Range: TypeAlias = tuple[Polynomial, Polynomial]
"""Never below the first, never above the second."""


@record
class Meanwhile:
    """Of the states that executions with these ends come through."""

    ends: Ends

    def hold(self, expr: Expr) -> bool:
        """Whether it is true in all of them, for all values, as far as bounds tell; what they tell of never raises."""
        match expr:
            case Boolean("and", operands):
                return all(map(self.hold, operands))
            case Compare(left, operators, comparands):
                sides = pairwise((left, *comparands))
                return all(self._pair(operator, *two) for operator, two in zip(operators, sides, strict=True))
            case _:
                return False

    def _pair(self, operator: Comparator, left: Expr, right: Expr) -> bool:
        try:
            (least, most), (other_least, other_most) = self._between(left), self._between(right)
        except Outside:
            return False
        lowest = self.ends.lowest
        match operator:
            case "<=" | "<":
                return (other_least - most).is_never_below(operator == "<", lowest)
            case ">=" | ">":
                return (least - other_most).is_never_below(operator == ">", lowest)
            case _:
                return False

    def _between(self, expr: Expr) -> Range:
        """Raises Outside."""
        match expr:
            case Shared(name):
                return self._variable(Place(name, None))
            case Binary("+", left, right):
                (a, b), (c, d) = self._between(left), self._between(right)
                return a + c, b + d
            case Binary("-", left, right):
                (a, b), (c, d) = self._between(left), self._between(right)
                return a - d, b - c
            case _:
                value = amount(expr, {}, nothing)
                return value, value

    def _variable(self, place: Place) -> Range:
        least = most = self.ends.first(place)
        for update, _ in self.ends.changes(place.variable):
            if update.place != place:
                raise Outside
            least += ZERO if update.bound == update.added else -update.bound
            most += ZERO if update.bound == -update.added else update.bound
        return least, most
