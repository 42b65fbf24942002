"""What failed before is tried first: a failure that took a long search is shown at once while it is still there."""

from __future__ import annotations

import time
from dataclasses import replace

from scenario.engines.explore.retrace import retrace
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.program.program import ExploreSettings, Program
from scenario.run.exploration import Exploration, Finding
from scenario.run.token import decode
from scenario.suite.kept import Kept, keep, kept

LONG = 5.0
"""Seconds of a search that is not made again before its failure has been tried; a quicker one finds the shortest way."""


def still_failing(file: str, program: Program) -> Exploration | None:
    """The kept failure, if the program as it is now shows it again on real threads; also of an edited file."""
    settings = program.explore or ExploreSettings()
    if program.claims.fails is not None or program.claims.outcomes is not None:
        return None  # all failures are asked for, not one
    for one in kept(file, program):
        if one.seconds < LONG or (one.clock, one.wake, one.spurious) != (
            settings.clock,
            settings.wake,
            settings.spurious,
        ):
            continue
        exploration = _again(program, one)
        if exploration is not None:
            keep(file, program, replace(exploration, seconds=one.seconds))
            return exploration
    return None


def _again(program: Program, one: Kept) -> Exploration | None:
    began = time.monotonic()
    for script in retrace(program, replace(decode(one.schedule), digest=program.digest)):
        replayed = replay(program, script)
        failures = judge(program, replayed.outcome).failures if replayed.diverged is None else ()
        failure = next((failure for failure in failures if failure.kind == one.kind), None)
        if failure is not None:
            outcome, steps = replayed.outcome, len(script.schedule.moves)
            finding = Finding(failure, script.schedule, outcome.blocked, outcome.shared)
            seconds = time.monotonic() - began
            return Exploration(exhausted=False, states=steps + 1, steps=steps, seconds=seconds, findings=(finding,))
    return None
