"""Where the states of a search come from: what takes the most different values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from scenario.engines.explore.search.search import Search
from scenario.program.program import ThreadPool
from scenario.results.exploration import Source

SAMPLE = 5_000
"""States that are looked at, spread over all of them."""
WORK, FEW = 200_000, 10
"""Parts of states that are looked at; where there are many in each, so many states all the same."""

MOST = 3

Key: TypeAlias = 'tuple[Literal["variable", "primitive", "thread", "output", "clock"], str]'


def sources(search: Search) -> tuple[Source, ...]:
    """The few that vary most."""
    states = search.graph.states
    values: dict[Key, set[object]] = {}
    layout = search.stepper.layout
    most = min(SAMPLE, max(WORK // (len(layout.objects) + len(layout.threads)), FEW))
    for state in states[:: max(len(states) // most, 1)]:
        for key, value in _parts(search, state):
            values.setdefault(key, set()).add(value)
    counted = [Source(kind, name, len(found)) for (kind, name), found in values.items() if len(found) > 1]
    return tuple(sorted(counted, key=lambda source: -source.values)[:MOST])


def _parts(search: Search, state: tuple[int, ...]) -> Iterator[tuple[Key, object]]:
    stepper = search.stepper
    layout, shared = stepper.layout, stepper.shared[state[0]]
    for name, number in layout.vars.items():
        yield ("variable", name), shared.vars[number]
    if layout.followed:
        yield ("variable", ", ".join(layout.followed)), shared.heap.key
    for (name, _), number in layout.objects.items():
        if not isinstance(layout.kinds[number], ThreadPool):
            yield ("primitive", name), shared.objects[number]
    for thread in layout.threads:
        yield ("thread", thread.group), stepper.parts[state[1 + thread.number]]._replace(arrived=None)
    yield ("clock", "clock"), shared.now
    yield ("output", "output"), shared.output
    yield ("output", "marks"), shared.marks
