"""The seam between what a program can do and whoever looks at all of it: a graph of states, asked for step by step.

Searches, walks, odds and rechecks know no more of a program than this; the stepper is it, and what spares work (`memo`) or
states (`search/reduce`) stands around the stepper and is it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeAlias

from scenario.engines.explore.step.layout import Thread

State: TypeAlias = tuple[int, ...]
"""The shared part's number, then each thread's part's."""

Choice: TypeAlias = tuple[int, int]
"""A step as a schedule has it: the number of the thread, and of the alternative among those of its step."""


class Successor(NamedTuple):
    """One alternative of a thread's next step and where it leads; `weight` among that thread's alternatives."""

    thread: int
    alternative: int
    kind: str
    weight: Fraction
    state: State


class Transitions(Protocol):
    """All executions of one program. Any question may raise Unexplored: the time is up, or something can not be followed."""

    def initial(self) -> list[tuple[Fraction, State]]:
        """The first states by their weights: one, unless threads choose before their first step."""
        ...

    def successors(self, state: State) -> list[Successor]:
        """Every alternative of every thread that can move; none when the run is over or stuck."""
        ...

    def step(self, state: State, choice: Choice) -> Successor:
        """The step that a choice means in a state. Raises LookupError where the thread has no such alternative."""
        ...

    def is_over(self, state: State) -> bool:
        """Whether the run has ended as it should."""
        ...

    def can_move(self, state: State, thread: Thread) -> bool:
        """Whether the thread has an alternative that counts as moving (a spurious wake-up does not)."""
        ...

    def advance(self, state: State) -> State:
        """The state with the virtual clock at the next deadline (the state itself if there is none)."""
        ...


def along(transitions: Transitions, start: State, choices: Iterable[Choice]) -> list[State]:
    """The states of a path, the first included. Raises LookupError where it can not be followed."""
    states = [start]
    for choice in choices:
        states.append(transitions.step(states[-1], choice).state)
    return states
