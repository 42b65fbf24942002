"""Jumps out of a block, which no `except` of a scenario sees."""

from __future__ import annotations

from typing import Any

from scenario.engines.threads.actors import Abandoned
from scenario.program.bounded.limits import Refused


class Signal(BaseException):
    """A jump to somewhere around the step that makes it."""


class BreakLoop(Signal):
    pass


class ContinueLoop(Signal):
    pass


class Returned(Signal):
    """The body is over, with this value."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


UNSEEN = (Abandoned, Signal, Refused)
"""What passes by every handler."""
