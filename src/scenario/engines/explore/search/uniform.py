"""The strategy that goes by chance: each thread that can move is as likely as another, and so each of its alternatives.

It sees what `--odds` counts: a way's chance is the one that the exact odds give it, until a state is walked that has no end.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from scenario.engines.explore.search.reachability import Edge
from scenario.engines.explore.search.search import Ended, Search, Spent, Strategy

LONGEST = 10_000
"""Steps of a walk, which may go round for ever."""


def uniform(chance: Random, walks: int, longest: int = LONGEST) -> Strategy:
    """So many walks from the first states; the same ones for a chance of the same seed."""

    def strategy(search: Search) -> Ended:
        firsts = _firsts(search)
        for _ in range(walks):
            if (reason := _walk(search, chance, firsts, longest)) is not None:
                return Spent(reason)
        return Spent(f"{walks:,} random walks were taken, which may have missed something", is_too_large=False)

    return strategy


def _firsts(search: Search) -> list[tuple[int, Fraction]]:
    search.begin()
    canonical, numbers = search.reduction.canonical, search.graph.numbers
    return [(numbers[canonical(state)], weight) for weight, state in search.stepper.initial()]


def _walk(search: Search, chance: Random, firsts: Sequence[tuple[int, Fraction]], longest: int) -> str | None:
    """From a first state to an end; why it was broken off, if a budget is spent."""
    number = _one_of(firsts, chance)
    for _ in range(longest):
        if (reason := search.spent()) is not None:
            return reason
        if search.graph.edges[number] is None:
            search.expand(number)
        edges = search.graph.edges[number]
        if not edges or number in search.graph.ends:
            return None
        number = _step(edges, chance)
    return None


def _step(edges: Sequence[Edge], chance: Random) -> int:
    thread = chance.choice(sorted({edge[0] for edge in edges}))
    return _one_of([(target, weight) for mover, target, weight, _ in edges if mover == thread], chance)


def _one_of(ways: Sequence[tuple[int, Fraction]], chance: Random) -> int:
    return chance.choices([number for number, _ in ways], [float(weight) for _, weight in ways])[0]
