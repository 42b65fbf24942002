"""Random inputs of a kind: a seed stands for the first of its own that fits."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def examples(usual: int) -> int:
    """How many are drawn; SCENARIO_EXAMPLES=2000 asks for more of them."""
    return int(os.environ.get("SCENARIO_EXAMPLES", usual))


def seeds(usual: int) -> range:
    """Those of the programs that are drawn; SCENARIO_PROGRAMS=5000 asks for more of them, from SCENARIO_FIRST on."""
    first = int(os.environ.get("SCENARIO_FIRST", "0"))
    return range(first, first + int(os.environ.get("SCENARIO_PROGRAMS", usual)))


STRIDE = 1_000_003


def first_fitting(seed: int, make: Callable[[int], T | None]) -> T:
    """What `make` gives of the seed, or of a further one where it gives None."""
    made = (make(seed + STRIDE * i) for i in range(100))
    return next(found for found in made if found is not None)
