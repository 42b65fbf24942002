"""How less was searched than all there is, or by what a file was proved, in words."""

from __future__ import annotations

from typing import assert_never

from scenario.results.ways import (
    AnyRounds,
    ClosedLoops,
    CommutingUpdates,
    Counting,
    PartialOrder,
    Passing,
    Sections,
    Symmetry,
    Way,
)


def words(way: Way) -> str:
    """What stands behind `reduced by` and `proved by`."""
    match way:
        case Symmetry(group):
            return f"symmetry of {group}"
        case Sections(locks):
            return f"sections of {', '.join(locks)}"
        case Passing(queues):
            return f"puts and gets of {', '.join(queues)}"
        case CommutingUpdates(variables):
            return f"commuting updates of {', '.join(variables)}"
        case ClosedLoops():
            return "loops in closed form"
        case PartialOrder():
            return "partial order"
        case Counting():
            return "counting threads"
        case AnyRounds():
            return "loops of any number of rounds"
        case _:
            assert_never(way)
