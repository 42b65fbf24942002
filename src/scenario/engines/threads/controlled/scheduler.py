"""The seam between threads that are held at gates and whoever says which of them goes on.

All that a program leaves open is asked of one scheduler: who takes the next step and how, how a wait in a real object will
end, which value a `choose` takes. A strategy is a scheduler in a file of its own: `scripted` follows a schedule, `uniform`
goes by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from scenario.engines.threads.controlled.player import Player
from scenario.results.script import Cue


class Scheduler(Protocol):
    """Asked between two steps by the conductor, and in the middle of one by the thread whose step it is."""

    def next(self, able: Callable[[], Sequence[Player]], /) -> Cue | None:
        """The next step; None: there is none. `able` looks who could take one, which costs some."""
        ...

    def way(self, player: Player, /) -> str:
        """How the wait in a real object may end that the player begins, if nobody wakes it: a `Cue.way`; else nothing."""
        ...

    def choose(self, player: Player, values: Sequence[object], /) -> object:
        """One of the values, which are some."""
        ...
