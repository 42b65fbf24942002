"""A schedule with stage directions: what real threads must be told so that they take the same steps again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.results.outcome import GoesOn
from scenario.results.schedule import Move, Schedule
from scenario.results.waiting import Blocked, Wait

Exemption: TypeAlias = Literal["spurious", "waiter", "worker"]
"""What a replay decides and CPython does not: a spurious wake-up, which waiter is notified, which idle worker takes a call."""


@record
class Cue:
    """One step: `way` is `ok`, `timeout` or `spurious`; `wakes` are the refs of the threads that a notification picks.

    `interrupt`: no step of what the thread is at, but what comes before it, by its key.

    `chosen` are the values of the `choose` steps that follow it, by thread; `moment` is the scenario's clock then.
    """

    move: Move
    way: str = "ok"
    wakes: tuple[str, ...] = ()
    chosen: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    moment: float = 0.0
    interrupt: str = ""


@record
class Script:
    """`opening`: the values chosen before a thread's first step; `stuck`: who can never move again at its end.

    `going`: who goes round there for ever, beside those or without a step.
    """

    schedule: Schedule
    cues: tuple[Cue, ...]
    opening: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    stuck: tuple[Blocked, ...] = ()
    going: tuple[GoesOn, ...] = ()
    over: bool = True


# --- where a replay leaves its schedule ----------------------------------------------------------------------


@record
class Absent:
    """A thread that is to take a step, and has not been made."""

    thread: str


@record
class Late:
    """A thread that does not come to its step: its state, or what it still waits for."""

    thread: str
    at: str | Wait


@record
class Kept:
    """A thread that does not come through its step, for what it waits."""

    thread: str
    wait: Wait


@record
class Free:
    """Threads that can go on, where the schedule's end says that they never can."""

    threads: tuple[str, ...]


Parting: TypeAlias = Absent | Late | Kept | Free


@record
class Divergence:
    """How real threads left a schedule, at the step of that number (from 1; None: at its end)."""

    how: Parting
    step: int | None = None
