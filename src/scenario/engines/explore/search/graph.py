"""The states that a search has seen: by number, with how each was reached first, its steps, and what ends there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol

from scenario.engines.explore.search.reachability import Each, Edge, reverse, topological
from scenario.engines.explore.step.transitions import State
from scenario.record import mutable
from scenario.results.outcome import Judged

NOWHERE = (-1, 0, 0)
"""The parent of a first state."""


class Seen(Protocol):
    """States by number, in the order in which they were met.

    `parents`: the state before, the thread and the alternative of the step from there; `edges`: None until looked at.
    """

    @property
    def states(self) -> Sequence[State]: ...
    @property
    def numbers(self) -> Mapping[State, int]: ...
    @property
    def parents(self) -> Sequence[tuple[int, int, int]]: ...
    @property
    def depths(self) -> Sequence[int]: ...
    @property
    def edges(self) -> Sequence[Sequence[Edge] | None]: ...
    @property
    def steps(self) -> int: ...

    def covered(self) -> int:
        """All executions of up to so many steps have been looked at, if the states were in the order of their numbers."""
        ...

    def is_acyclic(self, each: Each, /) -> bool:
        """Whether no execution comes back to where it was, once all states have been looked at."""
        ...

    def predecessors(self, number: int, each: Each, /) -> Sequence[int]:
        """The states that have a step to this one, among those that were looked at."""
        ...

    def shared_parts(self) -> set[int]:
        """Those that some state has."""
        ...


@mutable
class Lists:
    """States as Python keeps them."""

    states: list[State] = field(default_factory=list)
    numbers: dict[State, int] = field(default_factory=dict)
    parents: list[tuple[int, int, int]] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    edges: list[Sequence[Edge] | None] = field(default_factory=list)
    steps: int = 0
    _reverse: tuple[int, dict[int, list[int]]] = (-1, {})

    def add(self, state: State, parent: tuple[int, int, int], depth: int) -> int:
        """The number of a state that is new."""
        number = self.numbers[state] = len(self.states)
        self.states.append(state)
        self.parents.append(parent)
        self.depths.append(depth)
        self.edges.append(None)
        return number

    def expand(self, number: int, edges: tuple[Edge, ...]) -> None:
        """These are all steps from the state that need be looked at, whatever was said of it before."""
        self.steps += len(edges) - len(self.edges[number] or ())
        self.edges[number] = edges

    def pending(self) -> list[int]:
        """The states that have not been looked at."""
        return [number for number, out in enumerate(self.edges) if out is None]

    def copied(self) -> Lists:
        return Lists(
            self.states.copy(),
            self.numbers.copy(),
            self.parents.copy(),
            self.depths.copy(),
            self.edges.copy(),
            self.steps,
        )

    def covered(self) -> int:
        first = next((n for n, out in enumerate(self.edges) if out is None), len(self.edges))
        if first == len(self.edges):
            return max(self.depths, default=0)
        in_order = all(out is None for out in self.edges[first:])
        return max(self.depths[first] - 1, 0) if in_order else 0

    def is_acyclic(self, each: Each, /) -> bool:
        return topological(self.edges, each) is not None

    def predecessors(self, number: int, each: Each, /) -> Sequence[int]:
        if self._reverse[0] != self.steps:
            self._reverse = self.steps, reverse(self.edges, each)
        return self._reverse[1].get(number, [])

    def shared_parts(self) -> set[int]:
        return {state[0] for state in self.states}


class Graph:
    """What was seen, and how executions end: `ends` as judged, `stuck` with the threads that are, `at_rest` where a spurious wake-up would go on all the same."""

    def __init__(self, before: Graph | None = None) -> None:
        """Of nothing, or of the same as another one, to be gone on with here."""
        self.lists: Lists = before.lists.copied() if before else Lists()
        self.seen: Seen = self.lists
        self.ends: dict[int, Judged] = dict(before.ends) if before else {}
        self.stuck: dict[int, tuple[int, ...]] = dict(before.stuck) if before else {}
        self.at_rest: set[int] = set(before.at_rest) if before else set()

    def hand_over(self, seen: Seen) -> None:
        """The search goes on elsewhere, where all of this has been seen as well."""
        self.seen, self.lists = seen, Lists()

    @property
    def states(self) -> Sequence[State]:
        return self.seen.states

    @property
    def numbers(self) -> Mapping[State, int]:
        return self.seen.numbers

    @property
    def parents(self) -> Sequence[tuple[int, int, int]]:
        return self.seen.parents

    @property
    def depths(self) -> Sequence[int]:
        return self.seen.depths

    @property
    def edges(self) -> Sequence[Sequence[Edge] | None]:
        return self.seen.edges

    @property
    def steps(self) -> int:
        return self.seen.steps
