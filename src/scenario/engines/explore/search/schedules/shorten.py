"""Schedules that people can read: of all shortest ways one with the fewest preemptions."""

from __future__ import annotations

from typing import NamedTuple

from scenario.engines.explore.model.budget import TimeIsUp
from scenario.engines.explore.search.search import Search
from scenario.engines.explore.step.transitions import Choice, State

MAX_WAYS = 200_000
"""States on shortest ways that are compared by preemptions; past it the first way found stands."""


class _Place(NamedTuple):
    """Where a way has come to, the thread that moved last, and by what: the place before in its layer, and the alternative."""

    preemptions: int
    state: State
    last: int
    before: tuple[int, int]
    alternative: int


_Front = dict[tuple[int, int], _Place]
"""A layer, in the order of the ways: for each canonical state, and where in it the thread stands that moved last, one way."""
NOBODY = -1


def least_preemptions(search: Search, goals: set[int]) -> tuple[State, list[Choice]]:
    """Of all shortest ways to states of one depth one with the fewest preemptions: its first state and its steps.

    Layer by layer over (state, thread that moved last), kept to those that lie on a shortest way. Of places that are the same
    but for who is who, one goes on: what follows costs as much. Its state is a real one (a reduced graph has renamed
    threads). When the time is up, the first way that is found from there on stands.
    """
    try:
        layers = _layers(search, goals)
    except TimeIsUp:
        layers = _first_way(search, min(goals))
    known, canonical = search.graph.numbers, search.reduction.canonical
    first: _Front = {}
    for _, state in search.stepper.initial():
        if (number := known[canonical(state)]) in layers[0]:
            first.setdefault((number, NOBODY), _Place(0, state, NOBODY, (number, NOBODY), 0))
    fronts = [first]
    for layer in layers[1:]:
        fronts.append(_next(search, fronts[-1], layer))
    return _backtrack(fronts)


def _next(search: Search, front: _Front, layer: set[int]) -> _Front:
    """One step further, to these states."""
    stepper, reduction, known = search.stepper, search.reduction, search.graph.numbers
    found: _Front = {}
    for key, place in front.items():
        if found and search.is_late():
            break  # any place of a layer leads on; those that were looked at stand
        successors = stepper.successors(place.state)
        goes_on = any(s.thread == place.last and s.kind == "ok" for s in successors)
        for s in successors:
            order = reduction.order(s.state)
            number = known.get(reduction.arranged(s.state, order))
            if number is None or number not in layer:
                continue
            after = number, order.index(s.thread)
            cost = place.preemptions + (goes_on and s.thread != place.last)
            if after not in found or found[after].preemptions > cost:
                found.pop(after, None)  # its way comes later than those so far
                found[after] = _Place(cost, s.state, s.thread, key, s.alternative)
    return found


def _backtrack(fronts: list[_Front]) -> tuple[State, list[Choice]]:
    """The cheapest way; of several the one that lets the first threads go first."""
    least = min(place.preemptions for place in fronts[-1].values())
    ways = (_way(fronts, place) for place in fronts[-1].values() if place.preemptions == least)
    return min(ways, key=lambda way: way[1])


def _way(fronts: list[_Front], place: _Place) -> tuple[State, list[Choice]]:
    choices: list[Choice] = []
    for front in reversed(fronts[:-1]):
        choices.append((place.last, place.alternative))
        place = front[place.before]
    return place.state, choices[::-1]


def _layers(search: Search, goals: set[int]) -> list[set[int]]:
    """The numbers of the states on shortest ways, by their distance from the start."""
    graph = search.graph
    layers = [goals]
    total = len(goals)
    while graph.depths[min(layers[-1])]:
        search.hurry()
        before: set[int] = set()
        for n in layers[-1]:
            before.update(p for p in search.predecessors(n) if graph.depths[p] == graph.depths[n] - 1)
        total += len(before)
        if total > MAX_WAYS:
            return _first_way(search, min(goals))
        layers.append(before)
    return layers[::-1]


def _first_way(search: Search, number: int) -> list[set[int]]:
    way = [number]
    while search.graph.parents[way[-1]][0] >= 0:
        way.append(search.graph.parents[way[-1]][0])
    return [{n} for n in reversed(way)]
