"""How a replay has left its schedule, and what it decided instead of CPython, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from scenario.report.words.waits import words
from scenario.results.script import Absent, Divergence, Exemption, Free, Kept, Late, Parting
from scenario.results.waiting import Wait

EXEMPT: Mapping[Exemption, str] = {
    "spurious": "spurious wake-ups are imitated: CPython's own locks never wake without a reason",
    "waiter": "a notification wakes another waiter than the one that today's CPython would choose",
    "worker": "which idle worker of a pool takes a call is the schedule's choice",
}


def left(divergence: Divergence) -> str:
    """What follows `left the schedule at`."""
    where = "the end" if divergence.step is None else f"step {divergence.step}"
    return f"{where}: {_how(divergence.how)}"


def _how(how: Parting) -> str:
    match how:
        case Absent(thread):
            return f"there is no thread {thread} yet"
        case Late(thread, Wait() as wait):
            return f"{thread} does not come to this step: it still waits for {words(wait)}"
        case Late(thread, state):
            return f"{thread} does not come to this step: it is {state}"
        case Kept(thread, wait):
            return f"{thread} does not come through this step: it waits for {words(wait)}"
        case Free(threads):
            return f"{', '.join(threads)} can go on"
        case _:
            assert_never(how)
