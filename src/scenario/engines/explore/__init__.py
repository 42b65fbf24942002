"""The explore engine: every interleaving of a program, decided."""

from scenario.engines.explore.again import again
from scenario.engines.explore.explore import explore

__all__ = ["again", "explore"]
