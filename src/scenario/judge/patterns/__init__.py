"""The well-known pattern behind a failure, as a fact about these threads and these names.

Only what the evidence shows is named; where no pattern is sure, none is.
"""

from __future__ import annotations

from scenario.judge.patterns.calls import CALLS, LATE
from scenario.judge.patterns.history import Finder, History
from scenario.judge.patterns.rounds import ROUNDS
from scenario.judge.patterns.values import VALUES
from scenario.judge.patterns.waiting import WAITING
from scenario.judge.patterns.waking import WAKING
from scenario.kinds import FailureKind
from scenario.results.patterns import Pattern
from scenario.results.result import Evidence

__all__ = ["Pattern", "pattern"]

_VALUE_CHECKS = frozenset({"final", "assert", "always", "outcome", "error", "raises", "output"})


def pattern(evidence: Evidence) -> Pattern | None:
    """The first pattern that the evidence shows; none of a schedule of which not all is known."""
    if evidence.schedule is not None and evidence.schedule.untold:
        return None
    history = History(evidence)
    finders = _finders(evidence.failure.kind)
    return next((found for finder in finders if (found := finder(history)) is not None), None)


def _finders(kind: FailureKind) -> tuple[Finder, ...]:
    match kind:
        case "deadlock":
            return WAITING
        case "livelock":
            return ROUNDS
        case "elapsed":
            return LATE
        case _:
            return (*CALLS, *WAKING, *VALUES) if kind in _VALUE_CHECKS else ()
