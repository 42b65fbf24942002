"""What was seen of a run while it went on: which steps were begun when, and what there was before each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.results.waiting import Wait
from scenario.source import Span

What: TypeAlias = Literal["begins", "leaves", "ends"]

MOST = 5_000
"""Steps that are recorded."""
LONGEST = 4.0
"""Seconds of the processor that all looks may take: with more of them the run would be another one."""


@record
class Glance:
    """One moment: the shared variables, by thread what it waits for, by thread what it holds; and whom somebody has killed.

    `printed`, `marked`: how many lines and marks there were.
    """

    shared: Mapping[str, object]
    waits: Mapping[str, Wait]
    holds: Mapping[str, tuple[str, ...]]
    killed: tuple[str, ...] = ()
    printed: int = 0
    marked: int = 0


@record
class Begun:
    """A thread begins a step, comes to the end of a `with`, or is over. `locals` are its own, `before` what there was just then."""

    thread: str
    span: Span
    before: Glance
    locals: Mapping[str, object]
    what: What = "begins"


@record
class Recorded:
    """The steps of a run in the order in which they were begun; `is_whole`: there were no more. `last`: what there was in the end."""

    steps: tuple[Begun, ...]
    last: Glance
    is_whole: bool = True


UNRECORDED = Recorded((), Glance({}, {}, {}))
"""Of what nobody has looked at."""
