"""The explore engine: every interleaving of a program, decided."""

from scenario.engines.explore.explore import explore
from scenario.engines.explore.search.recheck import recheck

__all__ = ["explore", "recheck"]
