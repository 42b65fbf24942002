"""Patterns of deadlocks: who waits for what, and why it never comes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scenario.judge.patterns.found import Finder, Pattern, listed
from scenario.run.outcome import Blocked
from scenario.run.result import Evidence
from scenario.source import START


def _self_deadlock(evidence: Evidence) -> Pattern | None:
    for b in evidence.blocked:
        if any(thread == b.thread for thread, _ in b.holders):
            return Pattern("self-deadlock", f"{b.thread} waits for {b.waits_for}, which it holds itself")
    return None


def _lock_order(evidence: Evidence) -> Pattern | None:
    circle = _circle(evidence.blocked)
    if len(circle) < 2:
        return None
    if any(span == START for b in circle for thread, span in b.holders if thread in _threads(circle)):
        waits = "; ".join(f"{b.thread} waits for {b.waits_for}" for b in circle)
        if all(b.waits_for.endswith(" to end") for b in circle):
            return Pattern("joining in a circle", waits)
        return Pattern("joining with a lock held", f"{waits}: join after the lock has been released")
    holds = "; ".join(f"{b.thread} wants {b.waits_for} and {b.holders[0][0]} has it" for b in circle)
    name = "AB/BA" if len(circle) == 2 else "lock cycle"
    return Pattern(name, f"{holds}: take locks in one order everywhere")


def _threads(blocked: Sequence[Blocked]) -> set[str]:
    return {b.thread for b in blocked}


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


def _waiting_with_a_lock(evidence: Evidence) -> Pattern | None:
    """Whoever would wake the waiter needs a lock that it keeps while it waits."""
    for b in evidence.blocked:
        if b.holders:
            continue  # what it waits for is a lock itself, or a thread
        for other in evidence.blocked:
            if other is not b and any(thread == b.thread and span != START for thread, span in other.holders):
                return Pattern(
                    "nested monitor" if b.waits_for.startswith("a notification of") else "waiting with a lock held",
                    f"{b.thread} waits for {b.waits_for} and keeps {other.waits_for} meanwhile, which {other.thread} "
                    "needs before it can go on",
                )
    return None


def _never_released(evidence: Evidence) -> Pattern | None:
    """The holder is no part of the deadlock: it has ended, or goes on without ever giving back."""
    stuck = _threads(evidence.blocked)
    for b in evidence.blocked:
        free = [thread for thread, span in b.holders if span != START and thread not in stuck]
        if free and len(free) == len(b.holders):
            return Pattern(
                "never released",
                f"{listed(free)} took {b.waits_for} and never gives it back, and {b.thread} waits for it",
            )
    return None


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


def _nothing_comes(evidence: Evidence) -> Pattern | None:
    """A queue that nobody fills, empties or finishes any more."""
    words = {
        r"an item of (.+)": "put anything into",
        r"room in (.+)": "take anything out of",
        r"all tasks of (.+) to be done": "report a task done of",
    }
    for b in evidence.blocked:
        for pattern_, act in words.items():
            if match := re.fullmatch(pattern_, b.waits_for):
                return Pattern(
                    "waiting for nothing", f"nobody is left who would {act} {match[1]}, and {b.thread} waits for it"
                )
    return None


def _nobody_releases(evidence: Evidence) -> Pattern | None:
    """Semaphores (or locks) that nobody has: signals that were to come from threads that are stuck or over."""
    waiting = [b for b in evidence.blocked if not b.holders and re.fullmatch(r"[^ ]+", b.waits_for)]
    if not waiting:
        return None
    waits = ", ".join(f"{b.thread} waits for {b.waits_for}" for b in waiting)
    what = listed(b.waits_for for b in waiting)
    return Pattern("missed signal", f"{waits}, and nobody is left who would release {what}")


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
