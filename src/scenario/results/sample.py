"""What walks by chance showed, and what follows from it."""

from __future__ import annotations

from math import exp, expm1, log1p
from typing import Literal, TypeAlias

from scenario.record import record

Way: TypeAlias = Literal["interleavings", "steps", "priorities"]
"""How a walk is drawn: each interleaving is as likely as another; each thread that can move is, at each step; by PCT."""

CONFIDENCE = 0.95
"""Of the interval."""


@record
class Weighed:
    """The share of bad ones among all interleavings, of walks that were not drawn so: each counts as often as it is rare.

    Those weights make the walks as good as `effective` that were drawn so.
    """

    share: float
    effective: float


@record
class Bound:
    """What PCT gives: a failure of that depth, within `length` steps, shows in a walk with at least this probability."""

    threads: int
    depth: int
    length: int

    @property
    def of_one(self) -> float:
        return float(self.length) ** (1 - self.depth) / self.threads

    def of(self, walks: int) -> float:
        """That one walk of so many shows it."""
        return -expm1(walks * log1p(-self.of_one)) if self.of_one < 1 else 1.0

    def missed(self, walks: int) -> float:
        """That none does."""
        return exp(walks * log1p(-self.of_one)) if self.of_one < 1 else 0.0


@record
class Sample:
    """`bad` of `walks` walks (of `asked`) were what `expect` does not allow; of `cut` it is not known.

    Of those, `broken_off` were ended before the most steps that a walk may take: the time was up, or what came next is not followed.
    `low` to `high` has the probability that a walk is bad, at 95 % confidence, `longest` steps the longest took. `interleavings`: how
    many there are, where each was as likely as another.
    """

    way: Way
    asked: int
    walks: int
    bad: int
    cut: int
    seed: int
    low: float
    high: float
    longest: int
    broken_off: int = 0
    interleavings: int | None = None
    weighed: Weighed | None = None
    bound: Bound | None = None

    @property
    def share(self) -> float | None:
        """Of the walks of which it is known, those that were bad; None if it is of none."""
        return self.bad / (self.walks - self.cut) if self.walks > self.cut else None
