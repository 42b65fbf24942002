"""Random inputs of a kind: a seed stands for the first of its own that fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

STRIDE = 1_000_003


def first_fitting(seed: int, make: Callable[[int], T | None]) -> T:
    """What `make` gives of the seed, or of a further one where it gives None."""
    made = (make(seed + STRIDE * i) for i in range(100))
    return next(found for found in made if found is not None)
