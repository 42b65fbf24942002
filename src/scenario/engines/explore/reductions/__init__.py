"""What need not be searched of a program, and what is left of it: docs/design.md, "Reductions"."""

from scenario.engines.explore.reductions.reduced import Reduced, reduced
from scenario.engines.explore.reductions.shortened import Shortened, shortened

__all__ = ["Reduced", "Shortened", "reduced", "shortened"]
