"""The states that a search has seen: by number, with how each was reached first, its steps, and what ends there."""

from __future__ import annotations

from dataclasses import field

from scenario.engines.explore.search.reachability import Edge
from scenario.engines.explore.step.transitions import State
from scenario.record import mutable
from scenario.results.outcome import Judged

NOWHERE = (-1, 0, 0)
"""The parent of a first state."""


@mutable
class Graph:
    """`parents`: the state before, the thread and the alternative of the step from there; `edges`: None until looked at."""

    states: list[State] = field(default_factory=list)
    numbers: dict[State, int] = field(default_factory=dict)
    parents: list[tuple[int, int, int]] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    edges: list[tuple[Edge, ...] | None] = field(default_factory=list)
    ends: dict[int, Judged] = field(default_factory=dict)
    stuck: dict[int, tuple[int, ...]] = field(default_factory=dict)
    at_rest: set[int] = field(default_factory=set)
    """Ends that a spurious wake-up would leave all the same."""
    steps: int = 0

    def add(self, state: State, parent: tuple[int, int, int], depth: int) -> int:
        """The number of a state that is new."""
        number = self.numbers[state] = len(self.states)
        self.states.append(state)
        self.parents.append(parent)
        self.depths.append(depth)
        self.edges.append(None)
        return number

    def expand(self, number: int, edges: tuple[Edge, ...]) -> None:
        """These are all steps from the state."""
        self.edges[number] = edges
        self.steps += len(edges)

    def covered(self) -> int:
        """All executions of up to so many steps have been looked at, if the states were in the order of their numbers."""
        first = next((n for n, out in enumerate(self.edges) if out is None), len(self.edges))
        if first == len(self.edges):
            return max(self.depths, default=0)
        in_order = all(out is None for out in self.edges[first:])
        return max(self.depths[first] - 1, 0) if in_order else 0
