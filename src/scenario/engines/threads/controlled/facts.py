"""What a player waits for where its gate alone says it: a turn, a moment, a call, a condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from scenario.results.waiting import Wait

Fact: TypeAlias = Callable[[], Wait]
"""What a player waits for, looked at when it is asked."""


def its_turn() -> Wait:
    """A step that does not wait."""
    return Wait("turn")


def its_time() -> Wait:
    """A timer's, before it fires."""
    return Wait("sleep")


class ACall:
    """An idle worker's of a pool. `is_deaf`: the pool is shut, and what tells its workers to end has been taken away."""

    def __init__(self, pool: str) -> None:
        self.pool = pool
        self.is_deaf = False

    def tell(self) -> None:
        """To end."""
        self.is_deaf = False

    def lose(self) -> None:
        """What tells them has been taken away."""
        self.is_deaf = True

    def __call__(self) -> Wait:
        return Wait("wake-up", self.pool) if self.is_deaf else Wait("turn")


def all_to_end() -> Wait:
    """A default main's: all others."""
    return Wait("turn")


def sleeping() -> Wait:
    return Wait("sleep")


def its_condition() -> Wait:
    return Wait("await")


WITHOUT_A_CALL = frozenset({"turn", "sleep", "await", "calls", "wake-up"})
"""Kinds of wait that no real call of the player's own stands behind: the gate looks at the objects."""
