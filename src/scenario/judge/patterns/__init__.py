"""The well-known pattern behind a failure, in one plain sentence about these threads and these names.

Only what the evidence shows is named; where no pattern is sure, none is.
"""

from __future__ import annotations

from scenario.judge.patterns.found import Finder, Pattern
from scenario.judge.patterns.rounds import ROUNDS
from scenario.judge.patterns.values import VALUES
from scenario.judge.patterns.waiting import WAITING
from scenario.kinds import FailureKind
from scenario.run.result import Evidence

__all__ = ["Pattern", "pattern"]

_VALUE_CHECKS = frozenset({"final", "assert", "always", "outcome", "error", "raises", "output"})


def pattern(evidence: Evidence) -> Pattern | None:
    """The first pattern that the evidence shows."""
    return next((found for finder in _finders(evidence.failure.kind) if (found := finder(evidence)) is not None), None)


def _finders(kind: FailureKind) -> tuple[Finder, ...]:
    if kind == "deadlock":
        return WAITING
    if kind == "livelock":
        return ROUNDS
    return VALUES if kind in _VALUE_CHECKS else ()
