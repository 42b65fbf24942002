"""The explore engine: every interleaving of a program, decided; and schedules that were found, taken again."""

from scenario.engines.explore.evidence.frames import film
from scenario.engines.explore.evidence.retrace import retrace, unknown_threads
from scenario.engines.explore.explore import explore
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.sample.execution import execution
from scenario.engines.explore.search.game import game
from scenario.engines.explore.search.nearest import nearest_passing
from scenario.engines.explore.search.recheck import recheck

__all__ = [
    "Unexplored",
    "execution",
    "explore",
    "film",
    "game",
    "nearest_passing",
    "recheck",
    "retrace",
    "unknown_threads",
]
