"""Claims for all values of some params: proved, refuted at the least, or outside of what can be said. Imported where that is asked."""

from scenario.engines.explore.forall.decide import decide
from scenario.engines.explore.forall.least import by_total, least, of_total

__all__ = ["by_total", "decide", "least", "of_total"]
