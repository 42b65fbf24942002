"""Who is who from state to state: a reduced search renames threads with every step.

What is said of a thread over a whole execution (it never moves again; it is starved) must follow it through
the renamings: state and thread are looked at together (Emerson and Sistla, "Utilizing symmetry when model
checking under fairness assumptions", 1997). Spurious wake-ups are left out: they are no moves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from scenario.engines.explore.search.reachability import Edge, reachable
from scenario.engines.explore.search.search import Search

Place = tuple[int, int]
"""A state's number and a thread's in it."""


class Renamings:
    """The graph's steps without spurious wake-ups, and for each step where every thread goes."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.threads = len(search.stepper.layout.threads)
        self.renames = bool(search.reduction.ways)
        self.edges: list[tuple[Edge, ...]] = [tuple(out or ()) for out in search.hurried(search.graph.edges)]
        self.orders: list[tuple[tuple[int, ...], ...]] = []
        if self.renames or search.stepper.layout.spurious:
            self._look_again()

    def _look_again(self) -> None:
        """Takes each step once more, for its kind and for the order in which the threads stand after it."""
        search = self.search
        for number, out in enumerate(self.edges):
            search.hurry()
            known = {(thread, target) for thread, target, _, _ in out}
            kept, orders = [], []
            for s in search.stepper.successors(search.graph.states[number]) if out else ():
                target = search.graph.numbers.get(search.reduction.canonical(s.state), -1)
                if s.kind != "spurious" and (s.thread, target) in known:
                    kept.append((s.thread, target, s.weight, s.kind != "ok"))
                    orders.append(tuple(search.reduction.order(s.state)))
            self.edges[number] = tuple(kept)
            self.orders.append(tuple(orders))

    def backwards(self, places: Iterable[Place]) -> set[Place]:
        """The places from which one of these can be reached (themselves included)."""
        sources: dict[int, list[tuple[int, tuple[int, ...] | None]]] = {}
        for source, out in enumerate(self.search.hurried(self.edges)):
            for i, step in enumerate(out):
                sources.setdefault(step[1], []).append((source, self.orders[source][i] if self.renames else None))

        def before(place: Place) -> Iterator[Place]:
            number, thread = place
            return ((n, thread if order is None else order[thread]) for n, order in sources.get(number, ()))

        return set(self.search.hurried(reachable(places, before)))

    def identities(self, component: Sequence[int], inside: set[int]) -> Callable[[int, int], Hashable]:
        """Which places of a strongly connected component one and the same thread comes through.

        Going round often enough brings every thread back to where it was, so the places that steps
        connect are exactly those that it visits.
        """
        if not self.renames:
            return lambda _, thread: thread
        leader: dict[Place, Place] = {}

        def find(place: Place) -> Place:
            while (up := leader.setdefault(place, place)) != place:
                leader[place] = leader[up]
                place = up
            return place

        for n in component:
            for step, order in zip(self.edges[n], self.orders[n], strict=True):
                if step[1] in inside:
                    for new, old in enumerate(order):
                        leader[find((n, old))] = find((step[1], new))
        return lambda n, thread: find((n, thread))
