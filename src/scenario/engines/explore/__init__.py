"""The explore engine: every interleaving of a program, decided."""

from scenario.engines.explore.explore import explore
from scenario.engines.explore.search.again import again

__all__ = ["again", "explore"]
