"""What each thread may still come to touch from where it stands, as far as a search has seen threads go on from there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from scenario.engines.explore.independence.touches import Hold, Touch

Node = tuple[int, int]
"""A thread (the first of those that it may change places with) and the number of its part."""

Deed = tuple[Touch, Hold]


class Future:
    """`version` grows whenever something turns out to be ahead of a thread that was not known to be."""

    def __init__(self) -> None:
        self.version = 0
        self.here: dict[Node, set[Deed]] = defaultdict(set)
        self._ahead: dict[Node, set[Deed]] = defaultdict(set)
        self._before: dict[Node, set[Node]] = defaultdict(set)
        self._asked: set[Node] = set()

    def ahead(self, node: Node) -> set[Deed]:
        """All that may be done from here on, the next step included."""
        self._asked.add(node)
        return self._ahead[node]

    def touches(self, node: Node, deeds: Iterable[Deed]) -> None:
        """The next step from here touches these."""
        more = set(deeds) - self.here[node]
        if more:
            self.here[node] |= more
            self.version += 1
            self._spread(node, more)

    def leads(self, node: Node, to: Node) -> None:
        """A step leads from here to there."""
        if node not in self._before[to]:
            self._before[to].add(node)
            self._spread(node, self._ahead[to])

    def _spread(self, node: Node, deeds: set[Deed]) -> None:
        pending = [(node, frozenset(deeds))]
        while pending:
            place, more = pending.pop()
            new = more - self._ahead[place]
            if new:
                self._ahead[place] |= new
                self.version += place in self._asked
                pending += [(before, new) for before in self._before[place]]
