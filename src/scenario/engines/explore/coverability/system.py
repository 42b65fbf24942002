"""Threads that nothing tells apart, by how many are where: a thread-transition system (Kaiser, Kroening, Wahl, CAV 2010).

A configuration is a shared value and a number of threads at each place. A place is all that a step depends on besides what is
shared: the kind of thread, where it stands with its locals, whether it is queued. Both are small integers here; what they
stand for, `anonymous` knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from scenario.record import record
from scenario.source import Span

MANY = math.inf
"""Of threads: as many as you like."""

Counts: TypeAlias = Mapping[int, float]
"""How many threads are at each place; places without any are left out."""


class Wake(NamedTuple):
    """Who is let out of an object's queue: one of those in it, whoever, or all; nobody where it is empty."""

    object: int
    all: bool


class Move(NamedTuple):
    """One way on of a thread: what is shared then, where the thread is, whom it has woken.

    `fails`: the step shows a failure, and nothing after it is asked for. `spurious`: it does not count as being able to move.
    """

    shared: int
    place: int
    wake: Wake | None = None
    fails: bool = False
    spurious: bool = False


class Crowd(NamedTuple):
    """So many threads that begin at any of these places (None: any number, at least one)."""

    places: tuple[int, ...]
    size: int | None


@record
class Beginning:
    """What is shared at first, and who is there; `fails`: some failure shows before the first step."""

    shared: int
    crowds: tuple[Crowd, ...]
    fails: bool = False


class Uncounted(Exception):
    """What the step at `span` does depends on how many threads wait, in more ways than waking one or all."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


class System(Protocol):
    """All that is asked of threads. Any question may raise Unexplored or Uncounted."""

    def beginning(self) -> Beginning: ...

    def moves(self, shared: int, place: int, /) -> Sequence[Move]:
        """The ways on of a thread at the place; none where it waits or has ended."""
        ...

    def woken(self, place: int, queue: int, /) -> int | None:
        """Where a thread goes that is let out of the object's queue; None if it does not stand there."""
        ...

    def has_ended(self, place: int, /) -> bool:
        """Whether a thread there is over."""
        ...

    def is_bounded(self, place: int, /) -> bool:
        """Whether a thread there surely takes no more than so many steps."""
        ...


class Marking(NamedTuple):
    """A configuration as a value: counts in the order of places."""

    shared: int
    counts: tuple[tuple[int, float], ...]


def marking(shared: int, counts: Counts) -> Marking:
    return Marking(shared, tuple(sorted(counts.items())))


def queued(system: System, counts: Iterable[int], queue: int) -> Iterator[tuple[int, int]]:
    """The places from which a wake lets somebody out, and where they go."""
    for place in counts:
        after = system.woken(place, queue)
        if after is not None:
            yield place, after
