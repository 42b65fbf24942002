"""A schedule as pictures: what there is before its first step and after each."""

from __future__ import annotations

from typing import Literal, TypeAlias

from scenario.record import record
from scenario.results.outcome import Outcome
from scenario.results.schedule import Schedule
from scenario.results.waiting import Wait
from scenario.source import Span

State: TypeAlias = Literal["not started", "can move", "waits", "over"]


@record
class Stands:
    """Where a thread is: at which step (None: before its first or after its last), and for what it waits, if it does."""

    thread: str
    state: State
    span: Span | None = None
    wait: Wait | None = None


@record
class Frame:
    """`outcome`: the values of all that claims may ask, as if the execution ended here."""

    outcome: Outcome
    stands: tuple[Stands, ...]


@record
class Film:
    """One frame more than the schedule has moves."""

    schedule: Schedule
    frames: tuple[Frame, ...]
