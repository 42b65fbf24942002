"""What a thread does that only adds to shared numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scenario.engines.explore.reductions.amounts import Place
from scenario.engines.explore.reductions.polynomials import Polynomial
from scenario.program.program import declared_name
from scenario.record import record
from scenario.results.ways import ClosedLoops, CommutingUpdates, Sections, Way
from scenario.results.ways import Passing as BalancedQueues
from scenario.source import Span


@record
class Update:
    """All that one step of the file adds to a place. `bound`: at least as much as it may have added on the way, either way.

    `each`: what one thread adds, where `added` is what all do (`index` being one of any number).
    `guards`: the locks held from the read to the write, `WHOLE`, and the thread.
    """

    place: Place
    each: Polynomial
    added: Polynomial
    bound: Polynomial
    guards: frozenset[str]


@record
class Passing:
    """How many items a thread puts into a queue, or takes out of it."""

    queue: str
    puts: bool
    count: Polynomial


@record
class Sums:
    """What a thread does: its updates, the locks that it takes, the loops that it goes round, the items that it passes, and by which steps."""

    updates: tuple[Update, ...]
    locks: frozenset[str]
    rounds: frozenset[int]
    passings: tuple[Passing, ...] = ()
    steps: frozenset[Span] = frozenset()


def ways(every: Sequence[Sums], *, are_loops_closed: bool) -> Iterator[Way]:
    """What there is to these threads, by which they need not be searched."""
    if locks := sorted({declared_name(lock) for one in every for lock in one.locks}):
        yield Sections(tuple(locks))
    if queues := sorted({passing.queue for one in every for passing in one.passings}):
        yield BalancedQueues(tuple(queues))
    if variables := sorted({update.place.variable for one in every for update in one.updates}):
        yield CommutingUpdates(tuple(variables))
    if are_loops_closed:
        yield ClosedLoops()
