"""Chance that is to be had again by its seed: what a run chooses, the walks of a sample.

Nothing here is a secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random, SystemRandom
from typing import SupportsFloat


def seeded(seed: int | str) -> Random:
    """The same draws for the same seed, on every Python and machine."""
    return Random(seed)  # noqa: S311 (as above)


def any_seed(chosen: int | None) -> int:
    """The seed that was chosen; without one any, which the report tells."""
    return SystemRandom().randrange(2**32) if chosen is None else chosen


def drawn(random: Random, weights: Sequence[SupportsFloat]) -> int:
    """A place, by its weight."""
    return random.choices(range(len(weights)), [float(weight) for weight in weights])[0]


def drawn_exactly(random: Random, counts: Sequence[int], of: int) -> int | None:
    """A place, by its count (which may be of any size); None for what the counts leave of `of`."""
    lot = random.randrange(of)
    for place, count in enumerate(counts):
        lot -= count
        if lot < 0:
            return place
    return None
