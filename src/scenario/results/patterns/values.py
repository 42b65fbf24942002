"""Patterns behind wrong values."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from scenario.kinds import PatternName
from scenario.record import record


@record
class ByAnother:
    """A thread, a variable that it used, and the other thread that changed it."""

    thread: str
    variable: str
    other: str


@record
class LostUpdate(ByAnother):
    """`thread` wrote what it had made of a value from before `other` wrote."""

    name: ClassVar[PatternName] = "lost update"


@record
class ActedOnAnOldLook(ByAnother):
    """`other` changed what `thread` had looked at before it acted; `lock` was given back in between."""

    name: ClassVar[PatternName] = "check-then-act"
    lock: str = ""


@record
class LookedLate(ByAnother):
    """`thread` changed a variable and looked at it later, and `other` changed it in between."""

    name: ClassVar[PatternName] = "check-then-act"


@record
class BothLooked:
    """Two threads were let in by the same look."""

    name: ClassVar[PatternName] = "check-then-act"
    threads: tuple[str, str]
    variable: str


@record
class BothRead:
    """Two threads go on with the same value."""

    name: ClassVar[PatternName] = "check-then-act"
    threads: tuple[str, str]
    variable: str


@record
class StaleValue(ByAnother):
    """`thread` used what it had read before `other` changed it; `lock` was given back in between."""

    name: ClassVar[PatternName] = "stale value"
    lock: str = ""


@record
class ShortSection:
    """`thread` wrote with the lock, gave it back, and read again after `other` had written."""

    name: ClassVar[PatternName] = "section too short"
    thread: str
    variable: str
    lock: str
    other: str


@record
class TornRead:
    """`thread` read these together while `writer` was between its writes of them."""

    name: ClassVar[PatternName] = "torn read"
    thread: str
    variables: tuple[str, ...]
    writer: str


@record
class PollingWithALock:
    """`thread` looks again and again while it keeps a lock."""

    name: ClassVar[PatternName] = "polling while holding a lock"
    thread: str
    variable: str
    lock: str


@record
class SpuriousWakeup:
    """A waiter that nobody notified went on without a second look."""

    name: ClassVar[PatternName] = "spurious wake-up"
    thread: str


@record
class IfForWhile(ByAnother):
    """`other` changed what a notified waiter had waited for, and it did not look again."""

    name: ClassVar[PatternName] = "`if` for `while`"


Values: TypeAlias = (
    LostUpdate | ActedOnAnOldLook | LookedLate | BothLooked | BothRead | StaleValue | ShortSection | TornRead
    | PollingWithALock | SpuriousWakeup | IfForWhile
)  # fmt: skip
"""Patterns behind wrong values."""
