"""From which values on a file is claimed to hold: a group has at least one thread, nothing is of a size below one, the rest may be 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from scenario.program.open import Open, params_in, value_at
from scenario.syntax import Expr

MOST = 1_000
"""Values that are tried for one param."""


def least(program: Open) -> dict[str, int]:
    """The least value of each param that is left open, the others being as they are."""
    sizes = [*program.counts.values(), *(tree for given in program.arguments.values() for tree in given.values())]
    return {name: _least(name, program.least, [s for s in sizes if name in params_in(s)]) for name in program.least}


def _least(name: str, values: Mapping[str, int], sizes: list[Expr]) -> int:
    fits = (v for v in range(MOST) if all(_is_size(value_at(size, {**values, name: v})) for size in sizes))
    return next(fits, values[name])


def _is_size(value: object) -> bool:
    return isinstance(value, int | float) and value >= 1


def by_total(lowest: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """All values from the least on, by their total."""
    for total in count():
        yield from of_total(lowest, total)


def of_total(lowest: Mapping[str, int], total: int) -> Iterator[dict[str, int]]:
    """All values from the least on that are so much above it in total."""
    for parts in _parts(total, len(lowest)):
        yield {name: least + part for (name, least), part in zip(lowest.items(), parts, strict=True)}


def _parts(total: int, many: int) -> Iterator[tuple[int, ...]]:
    """All ways to write it as a sum of so many."""
    if many <= 1:
        yield (total,) * many
        return
    for first in range(total + 1):
        for rest in _parts(total - first, many - 1):
            yield (first, *rest)
