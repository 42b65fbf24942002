"""What a thread waits for, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from scenario.report.values import are
from scenario.results.waiting import Blocked, Wait


def words(wait: Wait) -> str:
    """What follows `waits for`."""
    match wait.kind:
        case "lock" | "semaphore":
            return f"{wait.kind} {wait.name}"
        case "relock":
            return f"the lock of condition {wait.name}, to go on after its wait"
        case "event":
            return f"event {wait.name} to be set"
        case "condition":
            return f"condition {wait.name} to be notified"
        case "barrier":
            return f"the other parties of barrier {wait.name} ({wait.has} of {wait.needs} {are(wait.has)} there)"
        case "action":
            return f"the action of barrier {wait.name} to end"
        case "item":
            return f"an item in queue {wait.name}"
        case "room":
            return f"room in queue {wait.name}"
        case "tasks":
            return f"all tasks of queue {wait.name} to be done"
        case "thread":
            return f"{wait.name} to end"
        case "future":
            return "".join(("a future", *_call(wait)))
        case "futures":
            return f"{wait.needs} of its futures to be done ({wait.has} {are(wait.has)})"
        case "calls":
            return f"the calls of {wait.name} to end"
        case "wake-up":
            return f"the wake-up that lets the workers of {wait.name} end"
        case "woken":
            return f"all that it has notified at {wait.name} to wake{_killed(wait.by)}"
        case "await":
            return "its condition to hold"
        case "sleep":
            return "its sleep to end"
        case "time":
            return "its time to come"
        case "code":
            return f"own code to return ({wait.name} in {wait.routine})"
        case "turn":
            return "its turn"
        case "nothing":
            return "nothing: it has ended"
        case _:
            assert_never(wait.kind)


def _killed(threads: Sequence[str]) -> str:
    return f" ({', '.join(threads)} {'was' if len(threads) == 1 else 'were'} killed)" if threads else ""


def _call(wait: Wait) -> Iterator[str]:
    """Who runs a future's call, or where it is queued; or which of the scenario's own it is."""
    if wait.by:
        yield f" ({wait.by[0]} runs its call)"
    elif wait.routine:
        yield f" (its call of {wait.routine} is queued in {wait.name})"
    elif wait.name:
        yield f" ({wait.name}, which the scenario completes itself)"


def who_waits(blocked: Iterable[Blocked]) -> str:
    """`A waits for lock b, B waits for lock a`."""
    return ", ".join(f"{one.thread} waits for {words(one.wait)}" for one in blocked)
