"""What a search has found to fail: each kind and place once, where it shows first."""

from __future__ import annotations

from collections.abc import Collection

from scenario.engines.explore.search.graph import Graph
from scenario.kinds import FailureKind
from scenario.record import mutable, record
from scenario.results.failures import Failure
from scenario.results.outcome import Judged
from scenario.settings import Fairness
from scenario.source import Span


@record
class Place:
    """A state's number and the threads that are stuck there.

    `inside`: the states among which others go on for ever, which is fair in this sense.
    """

    number: int
    stuck: tuple[int, ...] = ()
    inside: frozenset[int] = frozenset()
    fairness: Fairness = "strong"


@mutable
class Found:
    """A failure and where it shows: `places` are all states of the least depth, of a deadlock all where it ends.

    `ends`: only an execution that is over shows it.
    """

    failure: Failure
    places: list[Place]
    ends: bool = False

    @property
    def is_deadlock(self) -> bool:
        """Whether threads are stuck (a deadlock that was expected and never came is none)."""
        return self.failure.kind == "deadlock" and bool(self.places[0].stuck)


class Failures:
    """Of the states of `graph`; the members of a group in `alike` are one thread, for nothing tells them apart.

    `before`: those of the graph of which it is a copy.
    """

    def __init__(self, graph: Graph, alike: Collection[str], before: Failures | None = None) -> None:
        self.found: list[Found] = [_copied(one) for one in before.found] if before else []
        self.permitted: list[Found] = [_copied(one) for one in before.permitted] if before else []
        """A shortest deadlock and a shortest livelock that are allowed: evidence, no failure."""
        self._graph = graph
        self._alike = alike
        self._known = {self._key(one.failure): one for one in self.found}

    def add_end(self, judged: Judged, place: Place) -> None:
        """What an execution that is over shows."""
        for failure in judged.failures:
            self.add(failure, place, ends=True)
        for failure in judged.permitted:
            self._permit(failure, place)

    def add(self, failure: Failure, place: Place, *, ends: bool = False) -> None:
        """Keeps the first, that is the shortest, of each kind and place."""
        key = self._key(failure)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Found(failure, [place], ends)
            self.found.append(known)
        else:
            self._also(known, place)

    def _key(self, failure: Failure) -> tuple[FailureKind, Span, str]:
        thread = failure.thread or ""
        group = thread.rpartition("[")[0]
        return failure.kind, failure.span, group if group in self._alike else thread

    def _permit(self, failure: Failure, place: Place) -> None:
        known = next((found for found in self.permitted if found.failure.kind == failure.kind), None)
        if known is None:
            self.permitted.append(Found(failure, [place], ends=True))
        else:
            self._also(known, place)

    def _also(self, found: Found, place: Place) -> None:
        """Another state that shows it. Deadlocked threads may be stuck long before the end, so all ends count."""
        depths = self._graph.depths
        same_depth = depths[place.number] == depths[found.places[0].number]
        if found.is_deadlock or (same_depth and not place.inside):
            found.places.append(place)


def _copied(found: Found) -> Found:
    return Found(found.failure, found.places.copy(), found.ends)
