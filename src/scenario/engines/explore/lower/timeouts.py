"""A timeout that runs while several steps are taken: its deadline, and what is left of it."""

from __future__ import annotations

from scenario.engines.explore.lower.builder import Builder
from scenario.engines.explore.lower.expressions import flat
from scenario.record import record
from scenario.syntax import Expr, Local


@record
class Timeout:
    seconds: Local
    deadline: Local


def read(b: Builder, timeout: Expr | None) -> Local | None:
    """The seconds that the file gives, if it does."""
    return None if timeout is None else b.to_local(flat(b, timeout))


def begun(b: Builder, seconds: Local | None) -> Timeout | None:
    """It runs from here on."""
    return None if seconds is None else Timeout(seconds, b.local(f"w.deadline_of({b.source(seconds)})", seconds))


def left(b: Builder, timeout: Timeout | None) -> Local | None:
    if timeout is None:
        return None
    seconds, deadline = timeout.seconds, timeout.deadline
    return b.local(f"w.left_of({b.source(seconds)}, {b.source(deadline)})", seconds, deadline)
