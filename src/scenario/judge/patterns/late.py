"""Patterns behind what takes too long: a wait that only its timeout ends."""

from __future__ import annotations

from scenario.judge.patterns.found import Finder, Pattern
from scenario.judge.patterns.history import History


def _joins_with_a_lock(history: History) -> Pattern | None:
    """The joined thread wants a lock that the joining one keeps: nothing but the timeout ends that."""
    for number, move in enumerate(history.moves):
        if move.operation != "join" or move.way != "timeout":
            continue
        wanted = next(iter(history.of(move.object, number)), None)
        lock = "" if wanted is None or history.moves[wanted].operation != "acquire" else history.moves[wanted].lock
        if lock in history.held[number]:
            return Pattern(
                "joining with a lock held",
                f"{move.thread} joined {move.object} with {lock} held, which {move.object} needed to get to its end, so it "
                "waited for all of its timeout: join after the lock has been released",
            )
    return None


LATE: tuple[Finder, ...] = (_joins_with_a_lock,)
