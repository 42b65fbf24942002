"""Patterns of deadlocks: who waits for what, and why it never comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from scenario.judge.patterns.found import Finder, Pattern, listed
from scenario.run.result import Evidence
from scenario.run.waiting import Blocked, Giver, WaitKind, circle, words


def _self_deadlock(evidence: Evidence) -> Pattern | None:
    """Of a lock: a semaphore's places are nobody's."""
    for b in evidence.blocked:
        if b.wait.kind in ("lock", "relock") and any(holder.thread == b.thread for holder in b.wait.holders):
            return Pattern("self-deadlock", f"{b.thread} waits for {words(b.wait)}, which it holds itself")
    return None


def _lock_order(evidence: Evidence) -> Pattern | None:
    round_ = circle(evidence.blocked)
    if len(round_) < 2:
        return None
    waits = "; ".join(f"{b.thread} waits for {words(b.wait)}" for b in round_)
    if all(b.wait.kind == "thread" for b in round_):
        return Pattern("joining in a circle", waits)
    if any(b.wait.kind == "thread" for b in round_):
        return Pattern("joining with a lock held", f"{waits}: join after the lock has been released")
    if not all(b.wait.holders for b in round_):
        return None
    pairs = zip(round_, (*round_[1:], round_[0]), strict=True)
    holds = "; ".join(f"{b.thread} wants {b.wait.name} and {following.thread} has it" for b, following in pairs)
    name = "AB/BA" if len(round_) == 2 else "lock cycle"
    return Pattern(name, f"{holds}: take locks in one order everywhere")


def _own_pool(evidence: Evidence) -> Pattern | None:
    """A worker waits for a call that is queued in its own pool."""
    kinds = ("future", "futures")
    pool = next((b.pool for b in evidence.blocked if b.pool and b.wait.kind in kinds and b.wait.name == b.pool), "")
    if not pool:
        return None
    return Pattern(
        "pool self-deadlock",
        f"a call that runs in {pool} waits for another call of {pool}, and no worker is left to run that one",
    )


def _waiting_with_a_lock(evidence: Evidence) -> Pattern | None:
    """Whoever would wake the waiter needs a lock that it keeps while it waits."""
    for b in evidence.blocked:
        if b.wait.threads():
            continue  # what it waits for is a lock itself, or a thread
        for other in evidence.blocked:
            if other is not b and any(holder.thread == b.thread for holder in other.wait.holders):
                return Pattern(
                    "nested monitor" if b.wait.kind == "condition" else "waiting with a lock held",
                    f"{b.thread} waits for {words(b.wait)} and keeps {words(other.wait)} meanwhile, which {other.thread} "
                    "needs before it can go on",
                )
    return None


def _never_released(evidence: Evidence) -> Pattern | None:
    """The holder is no part of the deadlock: it has ended, or goes on without ever giving back."""
    stuck = {b.thread for b in evidence.blocked}
    for b in evidence.blocked:
        free = [holder.thread for holder in b.wait.holders if holder.thread not in stuck]
        if free and len(free) == len(b.wait.holders):
            return Pattern(
                "never released",
                f"{listed(free)} took {words(b.wait)} and never gives it back, and {b.thread} waits for it",
            )
    return None


def _lost_wakeup(evidence: Evidence) -> Pattern | None:
    for b in _waiting_for(evidence, "condition"):
        condition = b.wait.name
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
        sentence = f"nobody is left who would notify {condition}, and {b.thread} waits for it"
        return Pattern("missed signal", f"{sentence}{_fates(evidence, b)}")
    return None


def _missed_event(evidence: Evidence) -> Pattern | None:
    for b in _waiting_for(evidence, "event"):
        event = b.wait.name
        cleared = (
            next((m for m in evidence.schedule.moves if m.action == f"clear {event}"), None)
            if evidence.schedule
            else None
        )
        if cleared is not None:
            return Pattern("missed signal", f"{cleared.thread} cleared {event} again before {b.thread} waited for it")
        sentence = f"nobody is left who would set {event}, and {b.thread} waits for it"
        return Pattern("missed signal", f"{sentence}{_fates(evidence, b)}")
    return None


def _short_barrier(evidence: Evidence) -> Pattern | None:
    for b in _waiting_for(evidence, "barrier"):
        return Pattern(
            "barrier short of parties",
            f"{b.thread} waits at {b.wait.name} for parties that never come: {b.wait.has} of {b.wait.needs} are there"
            f"{_fates(evidence, b)}",
        )
    return None


_ACTS: dict[WaitKind, str] = {
    "item": "put anything into", "room": "take anything out of", "tasks": "report a task done of",
}  # fmt: skip


def _nothing_comes(evidence: Evidence) -> Pattern | None:
    """A queue that nobody fills, empties or finishes any more."""
    for b in _waiting_for(evidence, *_ACTS):
        sentence = f"nobody is left who would {_ACTS[b.wait.kind]} {b.wait.name}, and {b.thread} waits for it"
        return Pattern("waiting for nothing", f"{sentence}{_fates(evidence, b)}")
    return None


def _nobody_releases(evidence: Evidence) -> Pattern | None:
    """Semaphores (or locks) that nobody has: signals that were to come from threads that are stuck or over."""
    signals = [b for b in _waiting_for(evidence, "lock", "semaphore") if not b.wait.holders]
    if not signals:
        return None
    waits = ", ".join(f"{b.thread} waits for {b.wait.name}" for b in signals)
    what = listed(b.wait.name for b in signals)
    return Pattern("missed signal", f"{waits}, and nobody is left who would release {what}{_fates(evidence, *signals)}")


MOST = 4
"""Threads whose fate is told."""


def _fates(evidence: Evidence, *blocked: Blocked) -> str:
    """What has become of those who would have ended the wait, each thread once."""
    waits = {(b.wait.kind, b.wait.name) for b in blocked}
    fates = {one.thread: _fate(one) for one in evidence.givers if (one.kind, one.name) in waits}
    told = [f"{thread} {fate}" for thread, fate in fates.items()]
    more = [f"and {len(told) - MOST} more"] if len(told) > MOST else []
    return f": {', '.join([*told[:MOST], *more])}" if told else ""


def _fate(giver: Giver) -> str:
    match giver.fate:
        case "raised":
            return f"ended with {giver.error}{'' if giver.span is None else f' (line {giver.span.line})'}"
        case "ended":
            return "has ended"
        case "stuck":
            return "is stuck itself"
        case "goes round":
            return "goes round for ever"
        case _:
            assert_never(giver.fate)


def _waiting_for(evidence: Evidence, *kinds: WaitKind) -> Iterator[Blocked]:
    return (b for b in evidence.blocked if b.wait.kind in kinds)


WAITING: tuple[Finder, ...] = (
    _self_deadlock,
    _lock_order,
    _own_pool,
    _waiting_with_a_lock,
    _never_released,
    _lost_wakeup,
    _missed_event,
    _short_barrier,
    _nothing_comes,
    _nobody_releases,
)
"""The surest first."""
