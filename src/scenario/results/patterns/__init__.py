"""The well-known patterns behind failures, as facts: one record a pattern, `name` as the field calls it."""

from typing import TypeAlias

from scenario.results.patterns.calls import Calls
from scenario.results.patterns.rounds import Rounds
from scenario.results.patterns.values import Values
from scenario.results.patterns.waiting import Missing, Waiting

__all__ = ["Pattern"]

Pattern: TypeAlias = Waiting | Missing | Values | Calls | Rounds
