"""Patterns behind wrong values: what came in between."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scenario.judge.patterns.found import Finder, Pattern, listed
from scenario.run.result import Evidence
from scenario.run.schedule import Move


def _spurious(evidence: Evidence) -> Pattern | None:
    for move in evidence.schedule.moves if evidence.schedule else ():
        if move.detail == "wakes spuriously" and evidence.failure.thread in (None, move.thread):
            return Pattern(
                "spurious wake-up",
                f"{move.thread} went on although nobody had notified it: what it waits for must be looked at again "
                "after each wait (`while`, not `if`)",
            )
    return None


def _over_release(evidence: Evidence) -> Pattern | None:
    """More releases than acquires of what was there to be acquired (one that begins at 0 is a signal)."""
    text = evidence.failure.message
    if "released too many times" in text or "release unlocked lock" in text or "un-acquired lock" in text:
        return Pattern("over-release", f"{evidence.failure.thread} released what it did not hold")
    taken: dict[str, int] = {}
    for move in evidence.schedule.moves if evidence.schedule else ():
        verb, _, name = move.action.partition(" ")
        if verb == "acquire" or (verb == "release" and name in taken):
            taken[name] = taken.get(name, 0) + (1 if verb == "acquire" else -1)
            if taken[name] < 0:
                return Pattern("over-release", f"{move.thread} released {name}, which nobody had acquired any more")
        elif verb == "release":
            taken[name] = len(evidence.schedule.moves) if evidence.schedule else 0  # never less than none
    return None


def _lost_update(evidence: Evidence) -> Pattern | None:
    """A read, then others' writes, then a write of the reader's that does not know of them."""
    moves = evidence.schedule.moves if evidence.schedule else ()
    for end, move in enumerate(moves):
        for name in move.writes:
            if name in move.reads or not _is_about(evidence, name):
                continue
            start = _last_read(moves, end, name)
            if start is None:
                continue
            lost = [m for m in moves[start + 1 : end] if name in m.writes and m.thread != move.thread]
            if lost:
                return Pattern(
                    "lost update",
                    f"{move.thread} wrote {name} from a value that it had read before {lost[-1].thread} wrote it: "
                    f"{lost[-1].thread}'s update is lost",
                )
    return None


def _torn_read(evidence: Evidence) -> Pattern | None:
    """A check over several variables, one of which another thread had written and the rest not yet."""
    moves = evidence.schedule.moves if evidence.schedule else ()
    reader = evidence.failure.thread
    if evidence.failure.kind != "assert" or reader is None:
        return None
    read = {name for move in moves if move.thread == reader for name in move.reads}
    for move in moves:
        if move.thread != reader and set(move.writes) & read and not move.reads and len(read) > 1:
            return Pattern(
                "torn read", f"{reader} read {' and '.join(sorted(read))} while {move.thread} was between its writes"
            )
    return None


def _check_then_act(evidence: Evidence) -> Pattern | None:
    """What a thread had looked at was changed by another before it acted on it."""
    moves = evidence.schedule.moves if evidence.schedule else ()
    actor = evidence.failure.thread or (moves[-1].thread if moves else "")
    for i, move in enumerate(moves):
        if move.thread != actor or not move.reads or move.writes:
            continue
        for j in range(i + 1, len(moves)):
            changed = set(moves[j].writes) & set(move.reads)
            if changed and moves[j].thread != actor and any(m.thread == actor for m in moves[j + 1 :]):
                name = min(changed)
                return Pattern(
                    "check-then-act",
                    f"{actor} looked at {name}, and {moves[j].thread} changed it before {actor} acted on it",
                )
    return None


def _polling_while_holding(evidence: Evidence) -> Pattern | None:
    """A thread that gave up: it has looked at the same variable in vain, and all the time it had a lock."""
    moves = [m for m in evidence.schedule.moves if m.thread == evidence.failure.thread] if evidence.schedule else []
    held: list[str] = []
    looks: dict[tuple[str, str], int] = {}
    for move in moves:
        verb, _, name = move.action.partition(" ")
        if verb == "acquire":
            held.append(name)
        elif verb == "release" and name in held:
            held.remove(name)
        elif verb == "read" and held:
            key = (held[-1], move.action)
            looks[key] = looks.get(key, 0) + 1
            if looks[key] > 2 and move.reads:
                return Pattern(
                    "polling while holding a lock",
                    f"{move.thread} looks at {listed(move.reads)} again and again while it has {held[-1]}: "
                    "whoever needs that lock to change it can not",
                )
    return None


def _last_read(moves: Sequence[Move], end: int, name: str) -> int | None:
    """Where the thread of the move at `end` last read the variable before it."""
    thread = moves[end].thread
    return next((i for i in range(end - 1, -1, -1) if moves[i].thread == thread and name in moves[i].reads), None)


def _is_about(evidence: Evidence, name: str) -> bool:
    """Whether the failed claim speaks of the variable (checks with words of their own may mean any)."""
    if evidence.failure.kind not in ("final", "always"):
        return True
    return re.search(rf"\b{re.escape(name)}\b", evidence.failure.message) is not None


VALUES: tuple[Finder, ...] = (
    _spurious,
    _over_release,
    _lost_update,
    _torn_read,
    _check_then_act,
    _polling_while_holding,
)
"""The surest first."""
