"""Patterns behind an exception that an operation raises: given back too often, used after the end, joined by itself."""

from __future__ import annotations

from scenario.judge.patterns.found import Finder, Pattern
from scenario.judge.patterns.history import History, raising
from scenario.results.schedule import Move


def _raising(history: History) -> int | None:
    """The operation whose exception the thread ended with, or the call whose result it asked for."""
    failure, moves = history.evidence.failure, history.moves
    number = raising(failure, moves) if failure.kind == "error" else None
    if number is None or moves[number].operation != "result":
        return number
    return next(i for i, move in enumerate(moves) if move.raises == moves[number].raises)


def _over_release(history: History) -> Pattern | None:
    number = _raising(history)
    if number is None or history.moves[number].operation != "release":
        return _released_more_often(history)
    move = history.moves[number]
    if move.raises == "ValueError":  # a bounded semaphore's: its places belong to nobody
        return Pattern("over-release", f"{move.thread} released {move.object}, which had all its places back already")
    holder = history.holder(move.lock, number)
    tail = ""
    if holder is not None and holder != move.thread:
        tail = f": {holder} has it, and whoever took it must give it back"
    return Pattern("over-release", f"{move.thread} released {move.object}, which it does not hold{tail}")


def _released_more_often(history: History) -> Pattern | None:
    """More releases than acquires of what was there to be acquired (one that begins at 0 is a signal)."""
    taken: dict[str, float] = {}
    for move in history.moves:
        if move.way != "ok" or move.operation not in ("acquire", "release"):
            continue
        is_release = move.operation == "release"
        taken.setdefault(move.lock, float("inf") if is_release else 0)
        taken[move.lock] += -1 if is_release else 1
        if taken[move.lock] < 0:
            return Pattern("over-release", f"{move.thread} released {move.object}, which nobody had acquired any more")
    return None


def _done_too_often(history: History) -> Pattern | None:
    number = _raising(history)
    if number is None or history.moves[number].operation != "task_done":
        return None
    move = history.moves[number]
    shut = _shut(history, move, number)
    if shut is None:
        sentence = f"{move.thread} reported a task of {move.object} done once more than items were put"
    else:
        sentence = f"{move.thread} reported a task of {move.object} done that {shut.thread}'s shutdown had thrown out"
    return Pattern("done too often", sentence)


def _used_after_the_end(history: History) -> Pattern | None:
    number = _raising(history)
    if number is None or history.moves[number].operation not in ("submit", "put", "get"):
        return None
    move = history.moves[number]
    shut = _shut(history, move, number)
    if shut is not None:
        return Pattern(
            "used after its shutdown", f"{move.thread} came to {move.object} when {shut.thread} had shut it down"
        )
    if move.operation == "submit":
        return Pattern(
            "used after its shutdown",
            f"{move.thread} submitted to {move.object} when main had ended: pools take no more calls then, so let main wait "
            f"for {move.thread}",
        )
    return None


def _joins_itself(history: History) -> Pattern | None:
    number = _raising(history)
    if number is None:
        return None
    move = history.moves[number]
    if move.operation == "join" and move.object == move.thread:
        return Pattern("joining itself", f"{move.thread} waits for its own end")
    if move.operation in ("shutdown pool", "wait") and move.raises == "RuntimeError" and move.pool == move.object:
        return Pattern(
            "joining itself",
            f"a call that runs in {move.object} shuts {move.object} down and waits for its calls, itself among them",
        )
    return None


def _shut(history: History, move: Move, before: int) -> Move | None:
    return next(
        (m for m in history.moves[:before] if m.operation in ("shutdown", "shutdown pool") and m.object == move.object),
        None,
    )


CALLS: tuple[Finder, ...] = (_over_release, _done_too_often, _used_after_the_end, _joins_itself)
"""The surest first."""
