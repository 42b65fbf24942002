"""By chance: at each step every thread that can go on is as likely as another, and so is each of its ways."""

from __future__ import annotations

from random import Random

from scenario.engines.code.actors import Actor
from scenario.engines.code.world import World


class Uniform:
    """The same executions for a chance of the same seed; it never has covered all."""

    redundant = 0

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def begin(self) -> None:
        """Before each execution."""

    def finish(self, world: World) -> None:
        """When an execution is over."""

    def advance(self) -> bool:
        """After each execution."""
        return True

    def choose(self, _world: World, enabled: dict[Actor, int]) -> tuple[Actor, int]:
        actor = self._chance.choice(sorted(enabled, key=lambda each: each.number))
        return actor, self._chance.randrange(enabled[actor])
