"""One failure in a line each: what it is, and the pattern behind it."""

from __future__ import annotations

from scenario.judge.patterns import pattern
from scenario.report.words.failures import message
from scenario.report.words.patterns import sentence
from scenario.results.failures import Failure
from scenario.results.result import Evidence


def headline(failure: Failure) -> str:
    """`final: counter == 2 is false`."""
    return f"{failure.kind}: {message(failure)}"


def why(evidence: Evidence) -> str:
    """The pattern's name and sentence; empty where none is known."""
    known = pattern(evidence)
    return f"{known.name}: {sentence(known)}" if known is not None else ""
