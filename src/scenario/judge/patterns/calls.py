"""Patterns behind an exception that an operation raises (given back too often, used after the end), and behind one that takes too long."""

from __future__ import annotations

from scenario.judge.patterns.history import Finder, History, raising
from scenario.results.patterns.calls import (
    DoneTooOften,
    JoinedWithALock,
    JoinsItself,
    ReleasedFull,
    ReleasedMore,
    ReleasedUnheld,
    UsedAfterShutdown,
)
from scenario.results.schedule import Move


def _raising(history: History) -> int | None:
    """The operation whose exception the thread ended with, or the call whose result it asked for."""
    failure, moves = history.evidence.failure, history.moves
    number = raising(failure, moves) if failure.kind == "error" else None
    if number is None or not _by_itself(moves[number]):
        return None
    if moves[number].operation != "result":
        return number
    return next(i for i, move in enumerate(moves) if move.raises == moves[number].raises)


def _by_itself(move: Move) -> bool:
    """Whether its operation raised, and no statement that the thread came to after it in the same step."""
    return all(deed.span == move.span for deed in move.deeds if deed.operation == "raise")


def _over_release(history: History) -> ReleasedFull | ReleasedUnheld | ReleasedMore | None:
    number = _raising(history)
    if number is None or history.moves[number].operation != "release":
        return _released_more_often(history)
    move = history.moves[number]
    if move.raises == "ValueError":  # a bounded semaphore's: its places belong to nobody
        return ReleasedFull(move.thread, move.object)
    holder = history.holder(move.lock, number)
    return ReleasedUnheld(move.thread, move.object, None if holder == move.thread else holder)


def _released_more_often(history: History) -> ReleasedMore | None:
    """More releases than acquires of what was there to be acquired, by one who takes it too (else it is a signal, also one that begins at 0)."""
    taken: dict[str, float] = {}
    takers: set[tuple[str, str]] = set()
    for move in history.moves:
        if move.operation == "acquire":
            takers.add((move.thread, move.lock))
        if move.way != "ok" or move.operation not in ("acquire", "release"):
            continue
        is_release = move.operation == "release"
        taken.setdefault(move.lock, float("inf") if is_release else 0)
        taken[move.lock] += -1 if is_release else 1
        if taken[move.lock] < 0 and (move.thread, move.lock) in takers:
            return ReleasedMore(move.thread, move.object)
    return None


def _done_too_often(history: History) -> DoneTooOften | None:
    number = _raising(history)
    if number is None or history.moves[number].operation != "task_done":
        return None
    move = history.moves[number]
    shut = _shut(history, move, number)
    return DoneTooOften(move.thread, move.object, None if shut is None else shut.thread)


def _used_after_the_end(history: History) -> UsedAfterShutdown | None:
    number = _raising(history)
    if number is None or history.moves[number].operation not in ("submit", "put", "get"):
        return None
    move = history.moves[number]
    shut = _shut(history, move, number)
    if shut is None and move.operation != "submit":
        return None
    return UsedAfterShutdown(move.thread, move.object, None if shut is None else shut.thread)


def _joins_itself(history: History) -> JoinsItself | None:
    number = _raising(history)
    if number is None:
        return None
    move = history.moves[number]
    if move.operation == "join" and move.object == move.thread:
        return JoinsItself(move.thread)
    if move.operation in ("shutdown pool", "wait") and move.raises == "RuntimeError" and move.pool == move.object:
        return JoinsItself(move.thread, move.object)
    return None


def _shut(history: History, move: Move, before: int) -> Move | None:
    return next(
        (m for m in history.moves[:before] if m.operation in ("shutdown", "shutdown pool") and m.object == move.object),
        None,
    )


CALLS: tuple[Finder, ...] = (_over_release, _done_too_often, _used_after_the_end, _joins_itself)
"""The surest first."""


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
"""Of a wait that only its timeout ends."""
