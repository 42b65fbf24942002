"""Schedules that people can read: of all shortest ways one with the fewest preemptions."""

from __future__ import annotations

from scenario.engines.explore.model.budget import TimeIsUp
from scenario.engines.explore.search.search import Search
from scenario.engines.explore.step.transitions import Choice, State

MAX_WAYS = 200_000
"""States on shortest ways that are compared by preemptions; past it the first way found stands."""


Fronts = list[dict[tuple[State, int], tuple[int, tuple[State, int] | None, int]]]
"""A layer: (state, thread that moved last) -> (preemptions, where it came from, by which alternative)."""


def least_preemptions(search: Search, goals: set[int]) -> tuple[State, list[Choice]]:
    """Of all shortest ways to states of one depth one with the fewest preemptions: its first state and its steps.

    Layer by layer over (state, thread that moved last), on the states themselves (a reduced graph has
    renamed threads), kept to those whose canonical state lies on a shortest way. When the time is up, the
    first way that is found from there on stands.
    """
    try:
        layers = _layers(search, goals)
    except TimeIsUp:
        layers = _first_way(search, min(goals))
    stepper, canonical = search.stepper, search.reduction.canonical
    known = search.graph.numbers
    fronts: Fronts = [
        {(state, -1): (0, None, 0) for _, state in stepper.initial() if known[canonical(state)] in layers[0]}
    ]
    for layer in layers[1:]:
        front: dict[tuple[State, int], tuple[int, tuple[State, int] | None, int]] = {}
        for place, (cost, _, _) in fronts[-1].items():
            if front and search.is_late():
                break  # any place of a layer leads on; those that were looked at stand
            state, last = place
            successors = stepper.successors(state)
            goes_on = any(s.thread == last and s.kind == "ok" for s in successors)
            for s in successors:
                if known.get(canonical(s.state)) not in layer:
                    continue
                after, new = (s.state, s.thread), cost + (goes_on and s.thread != last)
                if after not in front or front[after][0] > new:
                    front[after] = (new, place, s.alternative)
        fronts.append(front)
    return _backtrack(fronts)


def _backtrack(fronts: Fronts) -> tuple[State, list[Choice]]:
    """The cheapest way; of several the one that lets the first threads go first."""
    least = min(cost for cost, _, _ in fronts[-1].values())
    ways = (_way(fronts, place) for place, (cost, _, _) in fronts[-1].items() if cost == least)
    return min(ways, key=lambda way: way[1])


def _way(fronts: Fronts, place: tuple[State, int]) -> tuple[State, list[Choice]]:
    choices: list[Choice] = []
    for front in reversed(fronts[1:]):
        _, before, alternative = front[place]
        assert before is not None  # only the first front has none
        choices.append((place[1], alternative))
        place = before
    return place[0], choices[::-1]


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
