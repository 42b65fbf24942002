"""Polynomials with whole coefficients: what a thread adds in a round, summed over all rounds without going round.

Symbols are anything hashable; those of rounds stand for 0, 1, 2, …, so a polynomial with all its coefficients made positive
bounds what it can be on the way.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from itertools import pairwise
from math import comb
from typing import TypeAlias

from scenario.record import record

Monomial: TypeAlias = tuple[Hashable, ...]
"""Symbols, each as often as its power, in a fixed order."""


@record
class Polynomial:
    """`terms`: coefficients by monomial, none of them 0."""

    terms: Mapping[Monomial, int]

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

    @property
    def degree(self) -> int:
        return max(map(len, self.terms), default=0)

    @property
    def symbols(self) -> frozenset[Hashable]:
        return frozenset(symbol for monomial in self.terms for symbol in monomial)

    @property
    def value(self) -> int | None:
        """What it is, if that depends on nothing."""
        return None if self.symbols else self.terms.get((), 0)

    @property
    def bound(self) -> Polynomial:
        """At least as far from 0, wherever no symbol is negative."""
        return Polynomial({monomial: abs(factor) for monomial, factor in self.terms.items()})

    def summed(self, symbol: Hashable, count: int) -> Polynomial:
        """The sum over the symbol's values from 0 up to, but not including, the count."""
        return _polynomial(
            (tuple(s for s in monomial if s != symbol), factor * _powers(monomial.count(symbol), count))
            for monomial, factor in self.terms.items()
        )


def constant(value: int) -> Polynomial:
    return Polynomial({(): value} if value else {})


def unknown(symbol: Hashable) -> Polynomial:
    return Polynomial({(symbol,): 1})


ZERO = constant(0)


def _polynomial(terms: Iterable[tuple[Monomial, int]]) -> Polynomial:
    found: dict[Monomial, int] = {}
    for monomial, factor in terms:
        found[monomial] = found.get(monomial, 0) + factor
    return Polynomial({monomial: factor for monomial, factor in found.items() if factor})


def _powers(power: int, count: int) -> int:
    """0**power + 1**power + … for so many: Newton's forward differences, summed."""
    values = [i**power for i in range(power + 1)]
    total = 0
    for order in range(power + 1):
        total += values[0] * comb(count, order + 1)
        values = [after - before for before, after in pairwise(values)]
    return total
