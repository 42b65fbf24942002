"""What stands around a place in a body: loops and clean-ups; and what it has come to."""

from __future__ import annotations

from collections.abc import Callable

from scenario.record import mutable, record
from scenario.steps.values import Value
from scenario.syntax import Local, Shared


@mutable
class Loop:
    """Where `break` and `continue` go, and how many `finally` clauses were open outside of the loop."""

    continue_to: int
    breaks: list[int]
    depth: int


@mutable
class Cleanup:
    """What leaves the region must run first: `emit` appends it, with what is around outside of the region."""

    emit: Callable[[], None]
    handler: int | None
    loops: tuple[Loop, ...]
    caught: tuple[Local, ...]


@record
class Reached:
    """A value that may raise, and the shared variable that is read for it."""

    value: Value
    variable: Shared
