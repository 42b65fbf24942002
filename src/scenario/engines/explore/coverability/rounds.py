"""Whether an execution of some number of threads may go on for ever: whether there is a round in the graph that threads can keep to.

Threads are as many at the end of a round as at its beginning, so one who goes round comes back to its place: a passage that no
others in the same round lead back from is taken only so often. And it is fair (the check of Streett automata; Emerson and Lei,
1987): somebody goes from each place where somebody can, now and then (strong), or all the time (weak), or else one who stays there
for ever could move and never does. What is left of a component when all this is taken away is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

from scenario.engines.explore.coverability.counting import Counting, Edge, Passage
from scenario.engines.explore.coverability.covering import Look
from scenario.engines.explore.search import reachability
from scenario.engines.explore.search.reachability import components
from scenario.settings import Fairness

ONE = Fraction(1)

Edges: TypeAlias = dict[int, list[Edge]]


def goes_on(graph: Counting, fairness: Fairness, look: Look) -> bool:
    """Whether there may be an execution without end."""
    pending = [dict(enumerate(map(list, graph.edges)))]
    while pending:
        for part in _components(pending.pop()):
            look()
            kept = _fair(graph, _returning(part), fairness)
            if kept == part:
                return True
            pending.append(kept)
    return False


def _components(edges: Edges) -> Iterable[Edges]:
    """The edges inside of each strongly connected component that has any."""
    size = 1 + max(edges, default=0)
    targets = [[_step(edge.target) for edge in edges.get(n, ()) if edge.target in edges] for n in range(size)]
    for component in components(targets, edges):
        inside = set(component)
        part = {n: [edge for edge in edges[n] if edge.target in inside] for n in component}
        if any(part.values()):
            yield part


def _returning(part: Edges) -> Edges:
    """Without the steps that take somebody where nothing takes anybody back from."""
    passages = {passage for out in part.values() for edge in out for passage in edge.passages}
    home = _homes(passages)
    return {n: [e for e in out if all(home[a] == home[b] for a, b in e.passages)] for n, out in part.items()}


def _homes(passages: set[Passage]) -> dict[int, int]:
    """The places by the strongly connected component of the passages."""
    numbers = {place: i for i, place in enumerate(sorted({place for passage in passages for place in passage}))}
    ways: list[list[reachability.Edge]] = [[] for _ in numbers]
    for a, b in passages:
        ways[numbers[a]].append(_step(numbers[b]))
    home = {n: i for i, component in enumerate(components(ways, range(len(numbers)))) for n in component}
    return {place: home[number] for place, number in numbers.items()}


def _step(target: int) -> reachability.Edge:
    return 0, target, ONE, False


def _fair(graph: Counting, part: Edges, fairness: Fairness) -> Edges:
    """Without the configurations where somebody can move from a place that nobody ever leaves."""
    leave = {passage[0] for out in part.values() for edge in out for passage in edge.passages}
    stay = {n: graph.able[n] - leave for n in part}
    if fairness == "weak":
        always: frozenset[int] = frozenset.intersection(*stay.values())
        return {} if always else part
    return {n: out for n, out in part.items() if not stay[n]}
