"""Patterns behind what takes too long: a wait that only its timeout ends."""

from __future__ import annotations

from scenario.judge.patterns.history import Finder, History
from scenario.results.patterns.calls import JoinedWithALock


def _joins_with_a_lock(history: History) -> JoinedWithALock | None:
    """The joined thread wants a lock that the joining one keeps: nothing but the timeout ends that."""
    for number, move in enumerate(history.moves):
        if move.operation != "join" or move.way != "timeout":
            continue
        wanted = next(iter(history.of(move.object, number)), None)
        lock = "" if wanted is None or history.moves[wanted].operation != "acquire" else history.moves[wanted].lock
        if lock in history.held[number]:
            return JoinedWithALock(move.thread, move.object, lock)
    return None


LATE: tuple[Finder, ...] = (_joins_with_a_lock,)
