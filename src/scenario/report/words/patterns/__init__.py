"""The pattern behind a failure, in one plain sentence about these threads and these names."""

from __future__ import annotations

from scenario.judge.patterns import pattern
from scenario.legible import legible
from scenario.report.words.patterns.calls import call
from scenario.report.words.patterns.rounds import round_
from scenario.report.words.patterns.values import value
from scenario.report.words.patterns.waiting import missing, waiting
from scenario.results.patterns import Pattern
from scenario.results.patterns.calls import Calls
from scenario.results.patterns.rounds import Rounds
from scenario.results.patterns.waiting import Missing, Waiting
from scenario.results.result import Evidence


def sentence(pattern: Pattern) -> str:
    """What happened here."""
    return legible(_sentence(pattern))


def why(evidence: Evidence) -> str:
    """The pattern's name and its sentence; empty where none is known."""
    known = pattern(evidence)
    return f"{known.name}: {sentence(known)}" if known is not None else ""


def _sentence(pattern: Pattern) -> str:
    if isinstance(pattern, Waiting):
        return waiting(pattern)
    if isinstance(pattern, Missing):
        return missing(pattern)
    if isinstance(pattern, Calls):
        return call(pattern)
    return round_(pattern) if isinstance(pattern, Rounds) else value(pattern)
