"""The scheduler that goes by chance: each thread that can take a step is as likely as another.

A wait that has a timeout may end by it at any moment, as in exploring without the virtual clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from scenario.engines.threads.controlled.player import Player
from scenario.results.schedule import Move
from scenario.results.script import Cue


class Uniform:
    """The same executions for a chance of the same seed (`scheduler.Scheduler`)."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def next(self, able: Callable[[], Sequence[Player]]) -> Cue | None:
        players = able()
        if not players:
            return None
        player = self._chance.choice(players)
        return Cue(Move(player.ref), "ok" if player.ready() else "timeout")

    def way(self, player: Player) -> str:
        return "timeout" if player.limited else ""

    def choose(self, _player: Player, values: Sequence[object]) -> object:
        return self._chance.choice(values)
