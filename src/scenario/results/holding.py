"""Who holds which locks and places of semaphores after each step of a schedule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from scenario.results.schedule import Move

Held: TypeAlias = Mapping[str, tuple[str, ...]]
"""By thread what it holds, in the order in which it was taken; an RLock as often as it was."""
_WAITS = ("wait", "wait_for")
"""A condition's, which give its lock back in between."""


def takes(move: Move) -> bool:
    """Whether the thread has its lock, or a place, from this step on."""
    return (move.operation == "acquire" and move.way == "ok") or (move.operation in _WAITS and move.part == "second")


def gives_back(move: Move) -> bool:
    """Whether it, or another, has it no longer."""
    return move.operation == "release" or (move.operation in _WAITS and move.part == "first")


def held(moves: Sequence[Move]) -> list[Held]:
    """After each of the moves."""
    holding = _Holding()
    return [holding.after(move) for move in moves]


class _Holding:
    def __init__(self) -> None:
        self._has: dict[str, list[str]] = defaultdict(list)
        self._lent: dict[tuple[str, str], int] = {}
        """By thread and lock how often it had the lock when a condition's wait gave it back."""

    def after(self, move: Move) -> Held:
        if move.lock and not move.raises:
            self._step(move)
        return {thread: tuple(locks) for thread, locks in self._has.items() if locks}

    def _step(self, move: Move) -> None:
        mine = self._has[move.thread]
        if takes(move):
            mine += [move.lock] * self._lent.pop((move.thread, move.lock), 1)
        elif gives_back(move) and move.operation in _WAITS:
            self._lent[move.thread, move.lock] = mine.count(move.lock)
            self._has[move.thread] = [lock for lock in mine if lock != move.lock]
        elif gives_back(move):
            self._give_back(move)

    def _give_back(self, move: Move) -> None:
        """Its own, or else that of who has had it the longest: a semaphore's place may be given back by another."""
        owners = [move.thread, *self._has]
        owner = next((thread for thread in owners if move.lock in self._has[thread]), None)
        if owner is not None:
            locks = self._has[owner]
            del locks[len(locks) - 1 - locks[::-1].index(move.lock)]
