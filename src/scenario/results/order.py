"""Which steps of a schedule come before which because of what they do: what one thread gives and another takes.

Giving back a lock comes before taking it next, a notification before what the woken thread does next, a write before a read
of that value, and what completes, puts, sets, starts or releases something before what was waiting for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.results.holding import gives_back, takes
from scenario.results.schedule import Move

Because: TypeAlias = Literal["lock", "woken", "value", "object"]

_GIVES = frozenset(
    {"put", "set", "set_result", "set_exception", "cancel", "task_done", "submit", "finish", "fail", "abort"}
)
_TAKES = frozenset({"get", "wait", "result", "join", "take", "wait_futures", "as_completed"})


@record
class Arrow:
    """From one step to another of another thread, by their numbers."""

    start: int
    end: int
    because: Because


def locking(moves: Sequence[Move]) -> Iterator[Arrow]:
    """From giving a lock back to taking it next."""
    free: dict[str, int] = {}
    for number, move in enumerate(moves):
        if move.lock and gives_back(move):
            free[move.lock] = number
        elif takes(move) and (before := free.pop(move.lock, None)) is not None and moves[before].thread != move.thread:
            yield Arrow(before, number, "lock")


def waking(moves: Sequence[Move]) -> Iterator[Arrow]:
    """From waking threads to the next step of each."""
    next_of: dict[str, int] = {}
    for number in range(len(moves) - 1, -1, -1):
        for thread in moves[number].woken:
            if thread in next_of:
                yield Arrow(number, next_of[thread], "woken")
        next_of[moves[number].thread] = number


def reading(moves: Sequence[Move]) -> Iterator[Arrow]:
    """From writing a shared variable to the reads of that value by others."""
    wrote: dict[str, int] = {}
    for number, move in enumerate(moves):
        for before in sorted({wrote[name] for name in move.reads if name in wrote}):
            if moves[before].thread != move.thread:
                yield Arrow(before, number, "value")
        wrote.update(dict.fromkeys(move.writes, number))


def handing_over(moves: Sequence[Move]) -> Iterator[Arrow]:
    """From what was last given through an object, or the end of a thread, to what takes it there."""
    gave: dict[str, int] = {}
    for number, move in enumerate(moves):
        before = gave.get(move.object) if move.operation in _TAKES and move.way == "ok" else None
        if before is not None and moves[before].thread != move.thread:
            yield Arrow(before, number, "object")
        if move.operation in _GIVES:
            gave[move.object] = number
        gave[move.thread] = number


def arrows(moves: Sequence[Move]) -> list[Arrow]:
    """All of them, each pair of steps once, in the order of their ends."""
    found: dict[tuple[int, int], Arrow] = {}
    for arrow in (*locking(moves), *waking(moves), *handing_over(moves), *reading(moves)):
        found.setdefault((arrow.start, arrow.end), arrow)
    return sorted(found.values(), key=lambda arrow: (arrow.end, arrow.start))
