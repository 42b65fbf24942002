"""What is left in the end of a program whose threads only add: each value as a polynomial in the params that are left open."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import deepcopy
from operator import add

from scenario.engines.explore.reductions.amounts import (
    INDEX,
    OpenParam,
    Outside,
    Own,
    Place,
    added,
    amount,
    at,
    is_small,
    nothing,
)
from scenario.engines.explore.reductions.polynomials import Polynomial, constant
from scenario.engines.explore.reductions.tally import Lowest
from scenario.engines.explore.reductions.updates import Sums, Update, ways
from scenario.program.open import Open, value_at
from scenario.record import record
from scenario.results.ways import Way
from scenario.syntax import Binary, ListDisplay

MOST = 10_000
"""Threads of a group whose own elements are computed one by one."""


@record
class Group:
    """Threads that do the same: what all of them add, and how many they are."""

    sums: Sums
    count: Polynomial


@record
class Ends:
    """What there is in the beginning, and what each group adds to it, from the lowest values of the symbols on."""

    of: Open
    groups: tuple[Group, ...]
    lowest: Lowest

    @property
    def ways(self) -> tuple[Way, ...]:
        """By what they are known."""
        return tuple(ways([group.sums for group in self.groups], are_loops_closed=True))

    def value(self, place: Place) -> Polynomial:
        """What is there in the end. Raises Outside for what is no number, or an element of which somebody may own any."""
        changes = [update for update, _ in self.changes(place.variable)]
        if any(isinstance(update.place.key, Own) for update in changes):
            raise Outside
        return sum((update.added for update in changes if update.place == place), self.first(place))

    def changes(self, variable: str) -> Iterator[tuple[Update, Polynomial]]:
        """What is added to it or to its elements, and by how many threads."""
        for group in self.groups:
            for update in group.sums.updates:
                if update.place.variable == variable:
                    yield update, group.count

    def first(self, place: Place) -> Polynomial:
        """What is there in the beginning. Raises Outside for what is no whole number far from the bound of them."""
        tree = self.of.values.get(place.variable)
        if tree is not None and place.key is None:
            return amount(tree, {}, nothing)
        value = at(self._written(place.variable), place)
        if tree is not None or not is_small(value):
            raise Outside
        return constant(value)

    def elements(self, variable: str) -> tuple[Polynomial, Polynomial]:
        """What each element of a list of equal numbers begins with, and how many there are. Raises Outside."""
        match self.of.values.get(variable), self._written(variable):
            case Binary("*", ListDisplay((first,)), times), _:
                length = amount(times, {}, nothing)
                if not length.is_never_below(0, self.lowest):  # less than nothing is nothing
                    raise Outside
                return amount(first, {}, nothing), length
            case None, [int() as one, *_] as items if all(is_small(item) and item == one for item in items):
                return constant(one), constant(len(items))
            case _:
                raise Outside

    def is_number(self, variable: str) -> bool:
        """Whether it begins as a whole number."""
        return _is_known(lambda: self.first(Place(variable)))

    def is_list(self, variable: str) -> bool:
        """Whether it begins as a list of equal numbers."""
        return _is_known(lambda: self.elements(variable))

    def shared(self, values: Mapping[str, int]) -> dict[str, object]:
        """All variables in the end, for these values of the params. Raises Outside where they are too many, or too large."""
        symbols: dict[Hashable, int | Polynomial] = {OpenParam(name): value for name, value in values.items()}
        found: dict[str, object] = {}
        for var in self.of.program.vars:
            tree = self.of.values.get(var.name)
            value: object = deepcopy(var.value) if tree is None else value_at(tree, values)
            if tree is not None and value is None:
                raise Outside
            for update, count in self.changes(var.name):
                value = _with(value, update, int(count.at(symbols)), symbols)
            found[var.name] = value
        return found

    def _written(self, variable: str) -> object:
        return next(var.value for var in self.of.program.vars if var.name == variable)


def _is_known(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except Outside:
        return False
    return True


def _with(value: object, update: Update, count: int, symbols: Mapping[Hashable, int | Polynomial]) -> object:
    """The variable's value with an update in it."""
    if not isinstance(update.place.key, Own):
        return added(value, update.place, int(update.added.at(symbols)))
    (index,) = INDEX.symbols
    if not isinstance(value, list) or count > MOST:
        raise Outside
    more = [int(update.each.at({**symbols, index: number})) for number in range(count)]
    return [*map(add, value, more), *value[count:]]
