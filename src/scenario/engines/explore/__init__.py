"""The explore engine: every interleaving of a program, decided."""

from scenario.engines.explore.explore import explore
from scenario.engines.explore.model.values import Unexplored

__all__ = ["Unexplored", "explore"]
