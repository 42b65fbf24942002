"""Polynomials with rational coefficients: what a thread adds in a round, summed over all rounds without going round.

Symbols are anything hashable; those of rounds stand for 0, 1, 2, …, so a polynomial with all its coefficients made positive
bounds what it can be on the way. Values at whole numbers are whole.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from itertools import pairwise
from math import comb, factorial
from typing import TYPE_CHECKING, TypeAlias

from scenario.record import record

if TYPE_CHECKING:  # with decimals behind it, which most sums have no use for
    from fractions import Fraction

Monomial: TypeAlias = tuple[Hashable, ...]
"""Symbols, each as often as its power, in a fixed order."""

Factor: TypeAlias = "int | Fraction"


@record
class Polynomial:
    """`terms`: coefficients by monomial, none of them 0, whole ones as integers."""

    terms: Mapping[Monomial, Factor]

    def __add__(self, other: Polynomial) -> Polynomial:
        return _polynomial((*self.terms.items(), *other.terms.items()))

    def __neg__(self) -> Polynomial:
        return Polynomial({monomial: -factor for monomial, factor in self.terms.items()})

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        return _polynomial(
            (tuple(sorted((*left, *right), key=repr)), a * b)
            for left, a in self.terms.items()
            for right, b in other.terms.items()
        )

    def scaled(self, by: Factor) -> Polynomial:
        return _polynomial((monomial, factor * by) for monomial, factor in self.terms.items())

    @property
    def degree(self) -> int:
        return max(map(len, self.terms), default=0)

    @property
    def symbols(self) -> frozenset[Hashable]:
        return frozenset(symbol for monomial in self.terms for symbol in monomial)

    @property
    def value(self) -> int | None:
        """What it is, if that depends on nothing."""
        return None if self.symbols else int(self.terms.get((), 0))

    def __int__(self) -> int:
        """Of one that depends on nothing."""
        value = self.value
        assert value is not None, self
        return value

    @property
    def bound(self) -> Polynomial:
        """At least as far from 0, wherever no symbol is negative."""
        return Polynomial({monomial: factor if factor > 0 else -factor for monomial, factor in self.terms.items()})

    def summed(self, symbol: Hashable, count: Polynomial) -> Polynomial:
        """The sum over the symbol's values from 0 up to, but not including, the count (which is nowhere negative)."""
        total = ZERO
        for monomial, factor in self.terms.items():
            rest = Polynomial({tuple(s for s in monomial if s != symbol): factor})
            total += rest * _powers(monomial.count(symbol), count)
        return total

    def at(self, values: Mapping[Hashable, int | Polynomial]) -> Polynomial:
        """With these instead of their symbols."""
        total = ZERO
        for monomial, factor in self.terms.items():
            product = Polynomial({(): factor})
            for symbol in monomial:
                value = values.get(symbol)
                product *= constant(value) if isinstance(value, int) else value or unknown(symbol)
            total += product
        return total

    def is_never_below(self, bound: int, lowest: Mapping[Hashable, int]) -> bool:
        """Whether it surely is nowhere below, where each symbol is at least its lowest value (0 if it has none)."""
        raised = self.at({symbol: unknown(symbol) + constant(least) for symbol, least in lowest.items()})
        return all(factor >= 0 for factor in (raised - constant(bound)).terms.values())


def constant(value: int) -> Polynomial:
    return Polynomial({(): value} if value else {})


def unknown(symbol: Hashable) -> Polynomial:
    return Polynomial({(symbol,): 1})


ZERO = constant(0)


def _polynomial(terms: Iterable[tuple[Monomial, Factor]]) -> Polynomial:
    found: dict[Monomial, Factor] = {}
    for monomial, factor in terms:
        found[monomial] = found.get(monomial, 0) + factor
    return Polynomial({m: int(factor) if factor.denominator == 1 else factor for m, factor in found.items() if factor})


def _powers(power: int, count: Polynomial) -> Polynomial:
    """0**power + 1**power + … for so many: Newton's forward differences, summed."""
    values = [i**power for i in range(power + 1)]
    total = ZERO
    for order in range(power + 1):
        total += constant(values[0]) * _choices(count, order + 1)
        values = [after - before for before, after in pairwise(values)]
    return total


def _choices(count: Polynomial, of: int) -> Polynomial:
    """In how many ways so many may be taken out of them."""
    if count.value is not None:
        return constant(comb(count.value, of))
    from fractions import Fraction

    product = Polynomial({(): Fraction(1, factorial(of))})
    for less in range(of):
        product *= count - constant(less)
    return product
