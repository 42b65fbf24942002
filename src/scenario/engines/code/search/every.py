"""Every interleaving, one after the other: all of them, or those with so many preemptions at most (CHESS).

A preemption is leaving a thread whose next step is possible otherwise than by a timeout.
"""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.places import Place
from scenario.engines.code.search.searcher import not_repeated, places
from scenario.engines.code.world import World


class Fork:
    """A state of the current path: its alternatives (thread, way, preemptions so far), and which is being tried."""

    __slots__ = ("alternatives", "places", "position")

    def __init__(self, alternatives: list[tuple[int, int, int]], at: tuple[Place | None, ...]) -> None:
        self.alternatives, self.places, self.position = alternatives, at, 0

    def advance(self) -> bool:
        """Goes over to the next alternative; False: all were tried."""
        self.position += 1
        return self.position < len(self.alternatives)


class Every:
    """`bound`: preemptions; None: any number. `first`: what was executed first."""

    def __init__(self, bound: int | None = None) -> None:
        self._bound = bound
        self._path: list[Fork] = []
        self._depth = 0
        self.left_out = False
        self.redundant = 0
        self.first: Sequence[Step] = ()

    def begin(self) -> None:
        """Before each execution."""
        self._depth = 0

    def finish(self, world: World) -> None:
        """When an execution is over."""
        self.first = self.first or world.steps

    def advance(self) -> bool:
        """After each execution; False: all were tried."""
        del self._path[self._depth :]
        while self._path and not self._path[-1].advance():
            self._path.pop()
        return bool(self._path)

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int] | None:
        """Follows the path, then goes on with whoever moved last."""
        at = places(enabled)
        if self._depth == len(self._path):
            self._path.append(Fork(self._alternatives(world, enabled), at))
        fork = self._path[self._depth]
        if fork.places != at:
            not_repeated(world, fork.places)
            return None
        self._depth += 1
        number, way, _ = fork.alternatives[fork.position]
        return world.actors[number], way

    def _alternatives(self, world: World, enabled: dict[Actor, int]) -> list[tuple[int, int, int]]:
        last = world.steps[-1].actor if world.steps else None
        spent = 0
        if self._depth:
            before = self._path[self._depth - 1]
            spent = before.alternatives[before.position][2]
        goes_on = last in enabled and last is not None and last.next is not None and not last.next.times_out()
        found = []
        favourite = world.favourite(enabled)
        for actor in (favourite, *[each for each in enabled if each is not favourite]):
            cost = spent + (goes_on and actor is not last)
            if self._bound is None or cost <= self._bound:
                found += [(actor.number, way, cost) for way in range(enabled[actor])]
            else:
                self.left_out = True
        return found
