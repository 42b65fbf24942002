"""The facade for whoever has an execution: it is taken again, filmed, played with; and the nearest one that passes, or why there is none."""

from scenario.engines.explore.evidence.frames import film
from scenario.engines.explore.evidence.retrace import retrace, unknown_threads
from scenario.engines.explore.sample.execution import execution
from scenario.engines.explore.search.game import game
from scenario.engines.explore.search.schedules.nearest import nearest_passing
from scenario.engines.explore.search.schedules.recheck import recheck
from scenario.engines.explore.search.told.unexplored import unexplored

__all__ = ["execution", "film", "game", "nearest_passing", "recheck", "retrace", "unexplored", "unknown_threads"]
