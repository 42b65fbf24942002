"""Executions beside one that is known: the same up to a step, there another thread, and then straight on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from scenario.engines.code.actors import Actor
from scenario.engines.code.world import Chooser, World
from scenario.record import record


@record
class Turn:
    """Who went in which way, and in how many each could have gone; threads by their numbers."""

    thread: int
    way: int
    enabled: tuple[tuple[int, int], ...]

    def others(self) -> Iterator[tuple[int, int]]:
        """What could have been chosen instead."""
        choices = ((thread, way) for thread, ways in self.enabled for way in range(ways))
        return (one for one in choices if one != (self.thread, self.way))


class Recorded:
    """Chooses as another does; `turns` are what it chose, in order."""

    def __init__(self, chooser: Chooser) -> None:
        self._chooser = chooser
        self.turns: list[Turn] = []

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int] | None:
        """As the other."""
        chosen = self._chooser.choose(world, enabled)
        if chosen is not None:
            ways = tuple((actor.number, count) for actor, count in enabled.items())
            self.turns.append(Turn(chosen[0].number, chosen[1], ways))
        return chosen


class Straight:
    """Whoever moved last goes on."""

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int] | None:
        """In its first way."""
        return world.favourite(enabled), 0


class Departing:
    """Along these turns, and then one more; what follows goes straight on. Where that can not be done again it ends."""

    def __init__(self, turns: Sequence[tuple[int, int]]) -> None:
        self._turns = turns

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int] | None:
        """By the number of steps so far."""
        at = len(world.steps)
        if at >= len(self._turns):
            return world.favourite(enabled), 0
        thread, way = self._turns[at]
        actor = world.actors[thread] if thread < len(world.actors) else None
        return (actor, way) if actor is not None and way < enabled.get(actor, 0) else None


def departures(turns: Sequence[Turn], steps: Collection[int]) -> Iterator[Departing]:
    """At each of these steps, the last first, to each that could have gone instead."""
    path = [(turn.thread, turn.way) for turn in turns]
    for at in sorted(steps, reverse=True):
        for other in turns[at].others() if at < len(turns) else ():
            yield Departing((*path[:at], other))
