"""What exploring knows of a program, and what an execution shows of it: both as rows of final values and an end."""

from __future__ import annotations

from typing import Any

from scenario.engines.explore import explore
from scenario.judge import judge
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.results.outcome import Outcome
from scenario.settings import ExploreOptions

Row = tuple[str, str | None]


def found(made: Program, *, max_states: int = 600, **how: Any) -> Exploration:
    """All that a search of so many states finds."""
    return explore(made, ExploreOptions(keep_going=True, max_states=max_states, max_seconds=60, **how), judge=judge)


def rows(exploration: Exploration) -> set[Row]:
    return {(repr(row.values), row.end) for row in exploration.rows}


def kinds(exploration: Exploration) -> set[str]:
    """The kinds of failure that were found."""
    return {finding.failure.kind for finding in exploration.findings}


def row_of(made: Program, outcome: Outcome) -> Row:
    judged = judge(made, outcome)
    return repr(judged.values), judged.end


def with_its_rows(made: Program | None) -> tuple[Program, set[Row]] | None:
    """Not where some are unknown, or a run may take for ever."""
    if made is None:
        return None
    explored = found(made)
    return (made, rows(explored)) if explored.exhausted and not explored.livelock else None
