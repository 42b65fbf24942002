"""Questions about a whole graph: what can still be reached, and which parts can go on for ever."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import inf
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Edge: TypeAlias = tuple[int, int, Fraction, bool]
"""A step: its thread, the next state, its weight among the thread's alternatives, whether it only times out."""

Edges: TypeAlias = Sequence[Sequence[Edge] | None]
"""For each state its steps; None where they have not been looked at."""


Each: TypeAlias = Callable[[Iterable[Any]], Iterator[Any]]
"""How the items of a long loop are taken: by who looks at the clock on the way."""


def drained(pending: list[T]) -> Iterator[T]:
    """What is pending, the last first; more may be added on the way."""
    while pending:
        yield pending.pop()


def components(edges: Edges, states: Iterable[int], each: Each = iter) -> list[list[int]]:
    """The strongly connected components of the graph on `states` (Tarjan, without recursion)."""
    inside = set(states)
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    on_stack: set[int] = set()
    stack: list[int] = []
    result: list[list[int]] = []
    for root in each(inside):
        if root in index:
            continue
        work = [(root, 0)]
        for node, position in each(drained(work)):
            if position == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            targets = edges[node] or ()
            descended = False
            for i in range(position, len(targets)):
                target = targets[i][1]
                if target not in inside:
                    continue
                if target not in index:
                    work.append((node, i + 1))
                    work.append((target, 0))
                    descended = True
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            if descended:
                continue
            if low[node] == index[node]:
                component = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    component.append(member)
                    if member == node:
                        break
                result.append(component)
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[node])
    return result


def topological(edges: Edges, each: Each = iter) -> list[int] | None:
    """An order in which every step goes forward; None if there is a cycle."""
    incoming = [0] * len(edges)
    for out in each(edges):
        for _, target, _, _ in out or ():
            incoming[target] += 1
    ready = [n for n, count in enumerate(incoming) if not count]
    order = []
    for number in each(drained(ready)):
        order.append(number)
        for _, target, _, _ in edges[number] or ():
            incoming[target] -= 1
            if not incoming[target]:
                ready.append(target)
    return order if len(order) == len(edges) else None


def is_cyclic(edges: Edges, component: Sequence[int]) -> bool:
    """Whether the component holds a cycle."""
    if len(component) > 1:
        return True
    return any(target == component[0] for _, target, _, _ in edges[component[0]] or ())


def reverse(edges: Edges, each: Each = iter) -> dict[int, list[int]]:
    """For each state those that have a step to it."""
    sources: dict[int, list[int]] = {}
    for source, steps in enumerate(each(edges)):
        for _, target, _, _ in steps or ():
            sources.setdefault(target, []).append(source)
    return sources


def backwards(edges: Edges, targets: Iterable[int], each: Each = iter) -> set[int]:
    """The states from which one of the targets can be reached (themselves included)."""
    sources = reverse(edges, each)
    return set(each(reachable(targets, lambda number: sources.get(number, ()))))


N = TypeVar("N", bound=Hashable)
S = TypeVar("S")


def reachable(starts: Iterable[N], neighbours: Callable[[N], Iterable[N]]) -> Iterator[N]:
    """All that can be reached from these by way of neighbours, themselves included, each once and nearest first."""
    seen = set(starts)
    waiting = list(seen)
    for node in waiting:
        yield node
        for other in neighbours(node):
            if other not in seen:
                seen.add(other)
                waiting.append(other)


Path: TypeAlias = list[tuple[S, N]]
"""Steps, each with the node that it leads to."""


def nearest(
    start: N, steps: Callable[[N, S | None], Iterable[tuple[S, N]]], is_goal: Callable[[N], bool], most: float = inf
) -> Path[S, N] | None:
    """A shortest path of at least one step; `steps` is given the node and the step that led there. None past `most` nodes."""
    came: dict[N, tuple[N, S]] = {}
    queue: deque[tuple[N, S | None]] = deque([(start, None)])
    while queue and len(came) <= most:
        node, last = queue.popleft()
        for step, after in steps(node, last):
            if is_goal(after):
                return [*_back(came, start, node), (step, after)]
            if after not in came and after != start:
                came[after] = (node, step)
                queue.append((after, step))
    return None


def _back(came: dict[N, tuple[N, S]], start: N, node: N) -> Path[S, N]:
    path: Path[S, N] = []
    while node != start:
        before, step = came[node]
        path.append((step, node))
        node = before
    return path[::-1]
