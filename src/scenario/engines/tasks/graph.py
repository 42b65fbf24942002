"""The states of all executions and who moves from one to the next; and rounds that could go on for ever, fairly.

Strong fairness: who can move again and again does so again and again. A component of the graph is fair if each task that is able
somewhere in it moves somewhere in it; where one does not, the states in which it is able are left out, and what is left
is looked at again (the usual algorithm for Streett conditions).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from scenario.record import mutable, record


@record
class Edge:
    """One round of the loop: to which state, who moved, and what was decided."""

    target: int
    moved: frozenset[str]
    decisions: tuple[int, ...]


@mutable
class State:
    """`way`: the decisions that lead here, in so many rounds; `able`: who could move; `stuck`: who never can again."""

    way: tuple[int, ...]
    round: int
    able: frozenset[str]
    stuck: frozenset[str]
    edges: list[Edge]


def endless(states: list[State], *, weak: bool) -> Iterator[set[int]]:
    """Sets of states between which an execution may go on for ever, fairly."""
    yield from _fair(states, set(range(len(states))), weak=weak)


def _fair(states: list[State], inside: set[int], *, weak: bool) -> Iterator[set[int]]:
    for part in _components(states, inside):
        edges = [edge for number in part for edge in states[number].edges if edge.target in part]
        if not edges:
            continue
        moved = frozenset().union(*(edge.moved for edge in edges))
        sets = [states[number].able for number in part]
        able = frozenset.intersection(*sets) if weak else frozenset().union(*sets)
        owed = able - moved
        if not owed:
            yield part
        elif not weak and (left := {number for number in part if not (states[number].able & owed)}):
            yield from _fair(states, left, weak=weak)


def _components(states: list[State], inside: Collection[int]) -> Iterator[set[int]]:
    """Strongly connected components (Tarjan 1972, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in inside:
        if root in index:
            continue
        work = [(root, iter([edge.target for edge in states[root].edges if edge.target in inside]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter([e.target for e in states[target].edges if e.target in inside])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    yield _popped(node, stack, on_stack)


def _popped(node: int, stack: list[int], on_stack: set[int]) -> set[int]:
    part: set[int] = set()
    while True:
        one = stack.pop()
        on_stack.discard(one)
        part.add(one)
        if one == node:
            return part


def round_through(states: list[State], part: set[int], start: int) -> list[Edge]:
    """The edges that lead from a state of the part back to it, past a step of each who moves there."""
    owed = set().union(*(edge.moved for number in part for edge in states[number].edges if edge.target in part))
    at, taken = start, list[Edge]()
    while owed or at != start or not taken:
        for edge in _nearest(states, part, at, owed, start):
            taken.append(edge)
            owed -= edge.moved
            at = edge.target
    return taken


def _nearest(states: list[State], part: set[int], at: int, owed: set[str], start: int) -> list[Edge]:
    """The shortest way to an edge that pays something owed; if nothing is, back to the start."""
    ways: dict[int, list[Edge]] = {at: []}
    waiting = [at]
    for number in waiting:
        for edge in states[number].edges:
            if edge.target not in part:
                continue
            way = [*ways[number], edge]
            if edge.moved & owed or (not owed and edge.target == start):
                return way
            if edge.target not in ways:
                ways[edge.target] = way
                waiting.append(edge.target)
    raise AssertionError("a component is connected")
