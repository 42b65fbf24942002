"""What a thread adds, as far as it is known where a reader of its steps stands: sections, loops around, the values of its locals.

What is read must die where it was read, so all that was read is forgotten where something else may come in between (`leave`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from math import comb
from typing import TypeAlias

from scenario.engines.explore.reductions.amounts import MAX_TERMS, OpenParam, Outside, Own, Place
from scenario.engines.explore.reductions.polynomials import ZERO, Polynomial, unknown
from scenario.engines.explore.reductions.updates import Update
from scenario.record import mutable

MAX_SUMMED = 12
"""The degree of a sum: no more comes of a few lines, and more would take long."""

Lowest: TypeAlias = Mapping[Hashable, int]
"""The lowest value of each symbol; that of others is 0."""


@mutable
class Tally:
    """`known`: what the thread knows of its locals; `alone`: the thread itself, where no other does the same; `held`: the locks.

    `loops`: how many rounds each has, `around`: which are gone round here, the innermost last; `steps`: how much was done that
    is no local work.
    """

    alone: frozenset[str]
    group: str
    known: dict[str, Polynomial]
    loops: dict[Hashable, Polynomial] = field(default_factory=dict)
    around: list[Hashable] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    steps: int = 0
    _added: dict[Place, Polynomial] = field(default_factory=dict)
    _swung: dict[Place, Polynomial] = field(default_factory=dict)
    _read: dict[Place, Polynomial] = field(default_factory=dict)
    _sections: int = 0

    def read(self, where: Place) -> Polynomial:
        """What is there, as an unknown that is the same until something else may have come in between."""
        self.steps += 1
        old = self._read.setdefault(where, unknown((where, self._sections)))
        return old + self._added.get(where, ZERO)

    def write(self, where: Place, value: Polynomial) -> None:
        """The old value and an amount that the thread knows by itself."""
        if where not in self._read:
            raise Outside
        more = value - self._read[where]
        if not self.is_own(more):
            raise Outside
        once = more - self._added.get(where, ZERO)
        self._swung[where] = self._swung.get(where, ZERO) + once.bound
        self._added[where] = more

    def leave(self) -> None:
        """Something else may come in between: what was added is noted, what was read is forgotten."""
        for where in self._read:
            self.updates.append(self._update(where, self._added.get(where, ZERO), self._swung.get(where, ZERO)))
        self._added, self._swung, self._read = {}, {}, {}
        self._sections += 1
        self.forget({name for name, value in self.known.items() if not self.is_own(value)})

    def is_own(self, value: Polynomial) -> bool:
        """Whether the thread knows it by itself."""
        return all(symbol in self.loops or isinstance(symbol, OpenParam) for symbol in value.symbols)

    def _update(self, where: Place, once: Polynomial, swung: Polynomial) -> Update:
        """What is added in all the rounds of the loops around, and by all threads; a section may first add more than is left of it."""
        inner = [symbol for symbol in self.around if symbol != "index"]
        outer = [symbol for symbol in self.around if symbol == "index"]
        each = self.summed(once, inner)
        guards = self.alone.union(self.held)
        own = {f"{self.group}[index]"} if isinstance(where.key, Own) else set()
        return Update(where, each, self.summed(each, outer), self.summed(swung, self.around), guards | own)

    def summed(self, value: Polynomial, symbols: Sequence[Hashable]) -> Polynomial:
        """Over the rounds of loops, the innermost last. Raises Outside."""
        for symbol in reversed(symbols):
            count = self.loops[symbol]
            powers = value.degree + 1
            terms = comb(len(count.terms) + powers, powers) * len(value.terms)
            if powers * max(count.degree, 1) > MAX_SUMMED or terms > MAX_TERMS:
                raise Outside
            value = value.summed(symbol, count)
        return value

    def forget(self, names: set[str]) -> None:
        """Their values are not known from here on (that they have some is)."""
        for name in names:
            self.known.pop(name, None)

    @contextmanager
    def holding(self, guard: str) -> Iterator[None]:
        with self.scope():
            self.held.append(guard)
            yield
            self.leave()
            self.held.pop()

    @contextmanager
    def scope(self) -> Iterator[None]:
        """What is read in it dies in it, and what was read before is not used in it."""
        self.leave()
        yield
        self.leave()

    @contextmanager
    def within_call(self, known: dict[str, Polynomial]) -> Iterator[None]:
        """In a routine, whose locals are others."""
        outer, self.known = self.known, known
        yield
        self.known = outer

    @contextmanager
    def within_loop(self, symbol: Hashable) -> Iterator[None]:
        """In the body of a loop, each of whose rounds begins with nothing read."""
        with self.scope():
            self.around.append(symbol)
            yield
            self.leave()
            self.around.pop()

    def took_a_step(self) -> None:
        """It does something that is no local work."""
        self.steps += 1
