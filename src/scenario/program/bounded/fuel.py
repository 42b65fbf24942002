"""Work of a comprehension, which may be far more than the sizes of what it runs over: elements are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenario.program.bounded.containers import nested
from scenario.program.bounded.limits import MAX_ELEMENTS, refuse
from scenario.program.bounded.operators import limited_range, mul

_COUNTED = (str, bytes, list, tuple, dict, set)


class Fuel:
    """What one comprehension, with those inside it, may run over and make. `first` is what it runs over first.

    A container is counted as a whole when a loop over it begins, so that its elements cost nothing.
    """

    def __init__(self, first: Iterable[object]) -> None:
        self.left = MAX_ELEMENTS
        self.first = self.each(first)

    def burn(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            refuse(f"more than {MAX_ELEMENTS} elements in one comprehension")

    def each(self, items: object) -> object:
        """What a loop runs over."""
        if hasattr(items, "__len__"):
            self.burn(len(items))
        return items

    def nested(self, value: object) -> object:
        """`value`, about to become an element."""
        if isinstance(value, _COUNTED):
            self.burn(len(value))
        return nested(value)

    def mul(self, left: object, right: object) -> object:
        result = mul(left, right)
        if isinstance(result, _COUNTED):
            self.burn(len(result))
        return result

    def range(self, *args: object) -> range:
        result = limited_range(*args)
        self.burn(len(result))
        return result


def fuelled(first: Iterable[object]) -> Iterator[Fuel]:
    """The fuel of a comprehension, for a clause of its own before the others."""
    yield Fuel(first)
