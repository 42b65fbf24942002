"""A timeout that runs while several steps are taken: its deadline, and what is left of it."""

from __future__ import annotations

from scenario.record import record
from scenario.steps.lower.builder import Builder
from scenario.steps.lower.expressions import flat
from scenario.steps.values import Deadline, Left
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
    return None if seconds is None else Timeout(seconds, b.local(Deadline(seconds)))


def left(b: Builder, timeout: Timeout | None) -> Local | None:
    return None if timeout is None else b.local(Left(timeout.seconds, timeout.deadline))
