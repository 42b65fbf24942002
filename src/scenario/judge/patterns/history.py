"""A schedule as a history: who wrote what last, who held which lock, and what of it explains the failure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias, TypeVar

from scenario.results.failures import Failure
from scenario.results.patterns import Pattern
from scenario.results.result import Evidence
from scenario.results.schedule import Move
from scenario.results.waiting import Blocked, Giver

T = TypeVar("T")
K = TypeVar("K")

CHANGING = frozenset({
    "start", "end", "cancel timer", "set", "clear", "put", "get", "acquire", "release", "shutdown", "shutdown pool",
})  # fmt: skip
"""Operations after which other things are true of their object."""


class History:
    """The moves of the schedule by number."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.moves: Sequence[Move] = evidence.schedule.moves if evidence.schedule else ()

    # --- who is stuck ----------------------------------------------------------------------------------

    @cached_property
    def blocked(self) -> tuple[Blocked, ...]:
        """Those who are stuck, with the daemons whom they wait for, or who would have ended such a wait; not others."""
        evidence = self.evidence
        found = {b.thread for b in evidence.blocked if not b.daemon}
        before = -1
        while len(found) > before:
            before = len(found)
            waits = [b.wait for b in evidence.blocked if b.thread in found]
            objects = {(wait.kind, wait.name) for wait in waits}
            found |= {thread for wait in waits for thread in wait.threads()}
            found |= {giver.thread for giver in evidence.givers if (giver.kind, giver.name) in objects}
        return tuple(b for b in evidence.blocked if b.thread in found)

    @cached_property
    def kept(self) -> Mapping[str, Sequence[Blocked]]:
        """Those of the stuck who wait for a lock that a thread has, by that thread."""
        return _by(self.blocked, lambda b: {holder.thread for holder in b.wait.holders})

    @cached_property
    def waiting(self) -> Mapping[tuple[str, str], Sequence[Blocked]]:
        """The stuck by what they wait for."""
        return _by(self.blocked, lambda b: [(b.wait.kind, b.wait.name)])

    @cached_property
    def givers(self) -> Mapping[tuple[str, str], Sequence[Giver]]:
        """Who could have ended a wait, by what is waited for."""
        return _by(self.evidence.givers, lambda giver: [(giver.kind, giver.name)])

    # --- what came before what -------------------------------------------------------------------------

    def of(self, thread: str, after: int = -1, before: int | None = None) -> Iterator[int]:
        """The thread's moves strictly between two numbers."""
        end = len(self.moves) if before is None else before
        return (i for i in range(after + 1, end) if self.moves[i].thread == thread)

    @cached_property
    def changes(self) -> Mapping[str, list[int]]:
        """For each variable and object the moves that change it, in order."""
        found: dict[str, list[int]] = {}
        for number, move in enumerate(self.moves):
            for name in changes(move):
                found.setdefault(name, []).append(number)
        return found

    def changed(self, name: str, after: int, before: int, *, not_by: str) -> int | None:
        """The last change of a variable or object in between by another thread."""
        known = self.changes.get(name, [])
        between = known[bisect_right(known, after) : bisect_left(known, before)]
        return next((i for i in reversed(between) if self.moves[i].thread != not_by), None)

    def last_change(self, name: str, before: int) -> int | None:
        """Whoever's the last change before a move is."""
        known = self.changes.get(name, [])
        place = bisect_left(known, before)
        return known[place - 1] if place else None

    # --- who held what -----------------------------------------------------------------------------------

    @cached_property
    def held(self) -> tuple[Mapping[str, int], ...]:
        """For each move the locks that its thread holds when it is taken, and since which move."""
        holding: dict[str, dict[str, list[int]]] = {}
        result = []
        for number, move in enumerate(self.moves):
            mine = holding.setdefault(move.thread, {})
            result.append({lock: taken[0] for lock, taken in mine.items() if taken})
            _pass(mine, number, move)
        return tuple(result)

    def holder(self, lock: str, before: int) -> str | None:
        """Who has the lock when a move is taken."""
        last = {self.moves[i].thread: i for i in range(before)}
        for thread, number in last.items():
            following = dict(self.held[number])
            mine = {name: [since] for name, since in following.items()}
            _pass(mine, number, self.moves[number])
            if mine.get(lock):
                return thread
        return None

    @cached_property
    def signals(self) -> frozenset[str]:
        """Locks and semaphores that are given by who has not taken them: those make no sections."""
        given = (number for number, move in enumerate(self.moves) if move.operation == "release")
        return frozenset(lock for number in given if (lock := self.moves[number].lock) not in self.held[number])

    def acts(self, number: int, on: str = "") -> bool:
        """Whether a move does something: it does not only look, nor begin or end a section (of another lock than it looked at)."""
        move = self.moves[number]
        if move.writes or move.raises:
            return True
        if move.operation in ("acquire", "release") and move.lock not in self.signals:
            return move.object == on
        return move.operation not in ("access", "await", "end")

    # --- what explains the failure -------------------------------------------------------------------------

    @cached_property
    def checked(self) -> frozenset[int]:
        """The looks of which a failed check was false; none where no check failed."""
        failure = self.evidence.failure
        return frozenset(roots(failure, self.moves) if failure.kind in ("assert", "raises") else ())

    @cached_property
    def relevant(self) -> frozenset[int]:
        """The moves that the failure comes from: those that its values were written by, and what decided about them."""
        found, waiting = set[int](), list(roots(self.evidence.failure, self.moves))
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self._sources(number)
        return frozenset(found)

    def _sources(self, number: int) -> Iterator[int]:
        move = self.moves[number]
        yield from (*move.uses, *move.because)
        for name in looks(move):
            last = self.last_change(name, number)
            if last is not None:
                yield last


Finder: TypeAlias = Callable[[History], Pattern | None]
"""Looks for one pattern."""


def _by(items: Iterable[T], keys: Callable[[T], Iterable[K]]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for item in items:
        for key in keys(item):
            found.setdefault(key, []).append(item)
    return found


def _pass(holding: dict[str, list[int]], number: int, move: Move) -> None:
    taken = holding.setdefault(move.lock, [])
    match move.operation, move.way:
        case (("acquire" | "wait"), "ok"):
            taken.append(number)
        case "release", "ok" if taken:
            taken.pop()
        case "wait", "queues":
            taken.clear()
        case _:
            pass


def looks(move: Move) -> frozenset[str]:
    """The variables that it reads, and the objects of which it asks something."""
    return frozenset((*move.reads, *move.asks))


def changes(move: Move) -> frozenset[str]:
    """The variables that it writes, and the object (with its array or group) that it changes."""
    if move.operation in CHANGING and move.way == "ok":
        return frozenset((*move.writes, move.object, move.group))
    return frozenset(move.writes)


def roots(failure: Failure, moves: Sequence[Move]) -> Iterable[int]:
    """Where the explanation begins: what the failed claim names, or what the failed thread did last."""
    match failure.kind:
        case "error":
            raised = raising(failure, moves)
            return () if raised is None else (raised,)
        case "assert" | "raises":
            refuted = [i for i, move in enumerate(moves) if move.refuted and move.thread == failure.thread]
            return moves[refuted[-1]].refuted if refuted else ()
        case "final" | "always" | "outcome":
            return [i for name in failure.about for i in _last(moves, name)]
        case "output":
            return [i for i, move in enumerate(moves) if move.operation == "output"]
        case _:
            return range(len(moves))


def raising(failure: Failure, moves: Sequence[Move]) -> int | None:
    """The step that raised what the thread ended with (what is raised again on its way out is none)."""
    raised = [i for i, move in enumerate(moves) if move.raises and move.thread == failure.thread]
    there = [i for i in raised if moves[i].span == failure.span]
    return next(reversed(there or raised), None)


def _last(moves: Sequence[Move], name: str) -> Iterator[int]:
    """The last change of a variable or object; all moves of a thread whose locals are asked for."""
    written = [i for i, move in enumerate(moves) if name in changes(move)]
    yield from written[-1:]
    yield from (i for i, move in enumerate(moves) if move.thread == name)
