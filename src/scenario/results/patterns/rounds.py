"""Patterns of what goes on for ever."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from scenario.kinds import PatternName
from scenario.record import record
from scenario.results.waiting import Wait


@record
class TryingInVain:
    """`thread` tries to get a lock that `holder` has each time; `gives_back`: and gives back in between."""

    name: ClassVar[PatternName] = "trying in vain"
    thread: str
    lock: str
    holder: str
    gives_back: bool


@record
class Answering:
    """Watchers look at what changers change, again and again; they may be the same threads."""

    name: ClassVar[PatternName] = "livelock"
    watchers: frozenset[str]
    changers: frozenset[str]
    variables: frozenset[str]
    threads: frozenset[str]


@record
class Polling:
    """Threads look at what nobody changes, or (`changed`) change back and forth themselves."""

    name: ClassVar[PatternName] = "livelock by polling"
    threads: frozenset[str]
    variables: frozenset[str]
    changed: bool


@record
class InEachOthersWay:
    """Threads take and give back locks, and none gets all that it needs."""

    name: ClassVar[PatternName] = "livelock"
    threads: frozenset[str]
    locks: frozenset[str]


@record
class Starvation:
    """`thread` waits and could go on at times, and `threads` are faster; `takers` give back what it waits for and take it again."""

    name: ClassVar[PatternName] = "starvation"
    thread: str
    wait: Wait
    threads: frozenset[str]
    takers: frozenset[str]


Rounds: TypeAlias = Starvation | TryingInVain | Answering | Polling | InEachOthersWay
"""Patterns of what goes on for ever."""
