"""By random priorities that change a few times (PCT: Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010).

Of those that can go on the thread of the highest priority does; before each of `depth - 1` random steps that thread falls below all.
A failure that needs `depth` ordering constraints (a lost update: 2) shows in an execution of n threads and k steps with a probability
of at least 1 / (n k^(depth - 1)). Who goes round for long falls too, since others may be waited for.
"""

from __future__ import annotations

from random import Random

from scenario.engines.code.actors import Actor
from scenario.engines.code.world import WEARY, World


class Priorities:
    """`depth`: of the failures that are looked for. Threads and steps are counted as executions show them."""

    redundant = 0

    def __init__(self, chance: Random, depth: int) -> None:
        self._chance, self._depth = chance, depth
        self.threads = self.length = 1
        self._priority: dict[int, float] = {}
        self._changes: set[int] = set()
        self._lowest = 0.0

    def begin(self) -> None:
        """Before each execution: new priorities, and where they change."""
        self._priority, self._lowest = {}, 0.0
        steps = range(1, self.length + 1)
        self._changes = set(self._chance.sample(steps, min(self._depth - 1, len(steps))))

    def finish(self, world: World) -> None:
        """When an execution is over."""
        self.threads = max(self.threads, len(world.actors))
        self.length = max(self.length, len(world.steps))

    def advance(self) -> bool:
        """After each execution."""
        return True

    def least_chance(self) -> float:
        """With which a failure of the depth shows in one execution, at least."""
        return float(1 / (self.threads * self.length ** (self._depth - 1)))

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int]:
        first = self._first(enabled)
        if len(world.steps) in self._changes or (world.streak and world.streak % WEARY == 0):
            self._lowest -= 1
            self._priority[first.number] = self._lowest
            first = self._first(enabled)
        return first, self._chance.randrange(enabled[first])

    def _first(self, enabled: dict[Actor, int]) -> Actor:
        return max(sorted(enabled, key=lambda each: each.number), key=self._of)

    def _of(self, actor: Actor) -> float:
        """Its priority, above 0 until it falls."""
        return self._priority.setdefault(actor.number, 1 + self._chance.random())
