"""The well-known pattern behind a failure, in one plain sentence about these threads and these names.

Only what the evidence shows is named; where no pattern is sure, none is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from scenario.record import record
from scenario.run.outcome import Blocked
from scenario.run.result import Evidence
from scenario.run.schedule import Move


@record
class Pattern:
    """`name` as the field calls it; `sentence` says what happened here."""

    name: str
    sentence: str


Finder: TypeAlias = Callable[[Evidence], Pattern | None]

_VALUE_CHECKS = frozenset({"final", "assert", "always", "outcome", "error", "raises", "output"})


def pattern(evidence: Evidence) -> Pattern | None:
    """The first pattern that the evidence shows."""
    kind = evidence.failure.kind
    if kind == "deadlock":
        finders: Sequence[Finder] = (
            _self_deadlock,
            _lock_order,
            _own_pool,
            _lost_wakeup,
            _missed_event,
            _short_barrier,
        )
    elif kind == "livelock":
        finders = (_polling,)
    elif kind in _VALUE_CHECKS:
        finders = (_over_release, _lost_update, _torn_read, _check_then_act, _polling_while_holding)
    else:
        finders = ()
    return next((found for finder in finders if (found := finder(evidence)) is not None), None)


# --- waiting --------------------------------------------------------------------------------------


def _self_deadlock(evidence: Evidence) -> Pattern | None:
    for b in evidence.blocked:
        if any(thread == b.thread for thread, _ in b.holders):
            return Pattern("self-deadlock", f"{b.thread} waits for {b.waits_for}, which it holds itself")
    return None


def _lock_order(evidence: Evidence) -> Pattern | None:
    circle = _circle(evidence.blocked)
    if len(circle) < 2:
        return None
    holds = "; ".join(f"{b.thread} wants {b.waits_for} and {b.holders[0][0]} has it" for b in circle)
    name = "AB/BA" if len(circle) == 2 else "lock cycle"
    return Pattern(name, f"{holds}: take locks in one order everywhere")


def _circle(blocked: Sequence[Blocked]) -> list[Blocked]:
    by_thread = {b.thread: b for b in blocked}
    for start in blocked:
        path: list[Blocked] = []
        here: Blocked | None = start
        while here is not None and here not in path:
            path.append(here)
            here = next((by_thread[t] for t, _ in here.holders if t in by_thread), None)
        if here is not None:
            return path[path.index(here) :]
    return []


def _own_pool(evidence: Evidence) -> Pattern | None:
    worker = next((b for b in evidence.blocked if "-worker[" in b.thread and b.waits_for.startswith("a future")), None)
    if worker is None:
        return None
    pool = worker.thread.partition("-worker[")[0]
    return Pattern(
        "pool self-deadlock",
        f"a call that runs in {pool} waits for another call of {pool}, and no worker is left to run that one",
    )


def _lost_wakeup(evidence: Evidence) -> Pattern | None:
    for b in evidence.blocked:
        match = re.fullmatch(r"a notification of (.+)", b.waits_for)
        if match is None:
            continue
        condition = match[1]
        moves = evidence.schedule.moves if evidence.schedule else ()
        waited = max(
            (i for i, m in enumerate(moves) if m.thread == b.thread and m.action == f"wait {condition}"), default=-1
        )
        for i, move in enumerate(moves):
            if (
                i < waited
                and move.action.startswith("notify")
                and condition in move.action
                and move.detail == "nobody waits"
            ):
                return Pattern(
                    "lost wake-up",
                    f"{move.thread} notified {condition} before {b.thread} waited: a notification that nobody "
                    "waits for is gone, so look at what it announces, under the lock, before waiting",
                )
        return Pattern("missed signal", f"nobody is left who would notify {condition}, and {b.thread} waits for it")
    return None


def _missed_event(evidence: Evidence) -> Pattern | None:
    for b in evidence.blocked:
        match = re.fullmatch(r"(.+) to be set", b.waits_for)
        if match is None:
            continue
        event = match[1]
        cleared = (
            next((m for m in evidence.schedule.moves if m.action == f"clear {event}"), None)
            if evidence.schedule
            else None
        )
        if cleared is not None:
            return Pattern("missed signal", f"{cleared.thread} cleared {event} again before {b.thread} waited for it")
        return Pattern("missed signal", f"nobody is left who would set {event}, and {b.thread} waits for it")
    return None


def _short_barrier(evidence: Evidence) -> Pattern | None:
    for b in evidence.blocked:
        match = re.fullmatch(r"the other parties of (\S+)(?: \((.+)\))?", b.waits_for)
        if match is not None:
            came = f": {match[2]}" if match[2] else ""
            return Pattern(
                "barrier short of parties", f"{b.thread} waits at {match[1]} for parties that never come{came}"
            )
    return None


def _polling(evidence: Evidence) -> Pattern | None:
    """Looking again and again at what nobody changes, or changing it back and forth."""
    schedule = evidence.schedule
    if schedule is None or schedule.cycle is None:
        return None
    round_ = schedule.moves[schedule.cycle :]
    reads = {name for move in round_ for name in move.reads}
    if not reads:
        return None
    names, threads = _listed(reads), sorted({move.thread for move in round_})
    keep, them = ("keeps", "it") if len(threads) == 1 else ("keep", "them")
    written = {name for move in round_ for name in move.writes} & reads
    if written and len(threads) > 1:
        sentence = f"{_listed(threads)} {keep} answering each other's changes of {_listed(written)}, and none gets on"
        return Pattern("livelock", sentence)
    never = "and nothing changes for good" if written else f"and nobody else changes what would let {them} go on"
    return Pattern("livelock by polling", f"{_listed(threads)} {keep} looking at {names}, {never}")


def _listed(names: Iterable[str]) -> str:
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last


# --- values -----------------------------------------------------------------------------------------


def _over_release(evidence: Evidence) -> Pattern | None:
    """More releases than acquires of the same thread."""
    text = evidence.failure.message
    if "released too many times" in text or "release unlocked lock" in text or "un-acquired lock" in text:
        return Pattern("over-release", f"{evidence.failure.thread} released what it did not hold")
    held: dict[tuple[str, str], int] = {}
    for move in evidence.schedule.moves if evidence.schedule else ():
        verb, _, name = move.action.partition(" ")
        place = (move.thread, name)
        if verb == "acquire" or (verb == "release" and place in held):
            held[place] = held.get(place, 0) + (1 if verb == "acquire" else -1)
            if held[place] < 0:
                return Pattern("over-release", f"{move.thread} released {name} more often than it had acquired it")
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
                    f"{move.thread} looks at {_listed(move.reads)} again and again while it has {held[-1]}: "
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
