"""The scheduler that follows a script: each step as a schedule has it, whoever else could move."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from scenario.engines.threads.controlled.player import Player
from scenario.results.script import Cue, Script


class Scripted:
    """Gives the cues one after the other (`scheduler.Scheduler`)."""

    def __init__(self, script: Script) -> None:
        self._cues = deque(script.cues)
        self._chosen = {ref: deque(values) for ref, values in script.opening.items()}

    def next(self, _able: Callable[[], Sequence[Player]]) -> Cue | None:
        if not self._cues:
            return None
        cue = self._cues.popleft()
        self._chosen.update({ref: deque(values) for ref, values in cue.chosen.items()})
        return cue

    def way(self, player: Player) -> str:
        return next((cue.way for cue in self._cues if cue.move.thread == player.ref), "")

    def choose(self, player: Player, values: Sequence[object]) -> object:
        chosen = self._chosen.get(player.ref)
        return chosen.popleft() if chosen else values[0]
