"""The steps of a schedule that are at odds: what a person looks at first."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.judge.patterns.history import History
from scenario.results.result import Evidence
from scenario.results.schedule import Move
from scenario.results.waiting import circle


def conflict(evidence: Evidence) -> tuple[int, ...]:
    """Their numbers, in order; empty where there are none.

    Of a circle of waiting they are where each took what the next one wants; of what explains a wrong value the last look
    that was overtaken, the change that came in between, and what was done because of the look.
    """
    if evidence.schedule is None:
        return ()
    if waiting := circle(evidence.blocked):
        taken = {one.thread for one in waiting}
        locks = {one.wait.name for one in waiting}
        return tuple(sorted(_last_taken(evidence.schedule.moves, taken, locks)))
    return _overtaken(History(evidence))


def _last_taken(moves: tuple[Move, ...], threads: set[str], locks: set[str]) -> Iterator[int]:
    last = {
        (move.thread, move.lock): number
        for number, move in enumerate(moves)
        if move.thread in threads and move.lock in locks and not move.raises and move.operation != "release"
    }
    yield from (number for (thread, lock), number in last.items() if _has(moves, thread, lock, number))


def _has(moves: tuple[Move, ...], thread: str, lock: str, since: int) -> bool:
    """Whether it has taken the lock there and never given it back."""
    return moves[since].way == "ok" and not any(
        move.operation == "release" and move.lock == lock for move in moves[since + 1 :] if move.thread == thread
    )


def _overtaken(history: History) -> tuple[int, ...]:
    for end in sorted(history.relevant, reverse=True):
        move = history.moves[end]
        starts = sorted({*move.uses, *move.because}, reverse=True)
        for start in starts:
            for name in sorted({*history.moves[start].reads, *history.moves[start].asks}):
                other = history.changed(name, start, end, not_by=move.thread)
                if other is not None:
                    return start, other, end
    return ()
