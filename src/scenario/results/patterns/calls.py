"""Patterns of an operation that raises, or takes too long."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from scenario.kinds import PatternName
from scenario.record import record


@record
class ReleasedFull:
    """A bounded semaphore that had all its places back."""

    name: ClassVar[PatternName] = "over-release"
    thread: str
    semaphore: str


@record
class ReleasedUnheld:
    """A lock that the thread does not hold; `holder` is another who does."""

    name: ClassVar[PatternName] = "over-release"
    thread: str
    lock: str
    holder: str | None = None


@record
class ReleasedMore:
    """More releases than acquires."""

    name: ClassVar[PatternName] = "over-release"
    thread: str
    object: str


@record
class DoneTooOften:
    """One `task_done` too many; `shut` is whose shutdown threw the items out."""

    name: ClassVar[PatternName] = "done too often"
    thread: str
    queue: str
    shut: str | None = None


@record
class UsedAfterShutdown:
    """`shut` is who shut it down; None: `main` had ended, and pools take no more calls."""

    name: ClassVar[PatternName] = "used after its shutdown"
    thread: str
    object: str
    shut: str | None = None


@record
class JoinsItself:
    """A thread, or a call of a pool, that waits for its own end."""

    name: ClassVar[PatternName] = "joining itself"
    thread: str
    pool: str = ""


@record
class JoinedWithALock:
    """The joined thread needed the lock to get to its end."""

    name: ClassVar[PatternName] = "joining with a lock held"
    thread: str
    joined: str
    lock: str


Calls: TypeAlias = (
    ReleasedFull | ReleasedUnheld | ReleasedMore | DoneTooOften | UsedAfterShutdown | JoinsItself | JoinedWithALock
)
"""Patterns of an operation that raises, or takes too long."""
