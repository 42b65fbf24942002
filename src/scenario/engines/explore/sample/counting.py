"""How many interleavings go on from each state, where there are few enough states to know."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from scenario.engines.explore.sample.chances import is_end
from scenario.engines.explore.search.reachability import drained
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State

MOST = 10_000
"""States that are looked at: some tenths of a second."""


def interleavings(stepper: Stepper, firsts: Iterable[State]) -> dict[State, int] | None:
    """For each state; None where there are too many states, or executions that come back to where they were."""
    graph: dict[State, list[State]] = {}
    ends: set[State] = set()
    pending = list(firsts)
    for state in stepper.budget.each(drained(pending)):
        if state in graph:
            continue
        if len(graph) == MOST:
            return None
        ways = stepper.successors(state)
        if is_end(ways):  # also where a spurious wake-up goes on
            ends.add(state)
        graph[state] = [step.state for step in ways]
        pending += graph[state]
    counts: dict[State, int] = {}
    try:
        for state in TopologicalSorter(graph).static_order():
            counts[state] = (state in ends) + sum(counts[target] for target in graph[state])
    except CycleError:
        return None
    return counts
