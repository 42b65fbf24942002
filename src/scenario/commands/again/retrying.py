"""What failed before is tried first: one schedule tells at once whether it still does."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import cast

from scenario.judge import judge
from scenario.kinds import FailureKind
from scenario.memory.kept import Kept, kept
from scenario.program.program import Program
from scenario.record import record
from scenario.results.exploration import Exploration
from scenario.results.token import decode

LONG = 1.0
"""Seconds of a search that is not made again while its failure is still there; a quicker one also shows the table."""

WORDS = "kept from an earlier run and tried first: it is still there (--keep-going searches on)"


@record
class Retried:
    """A kept failure that is still there; `enough`: the search that found it took long."""

    exploration: Exploration
    enough: bool


def still_failing(file: str, program: Program, max_seconds: float) -> Retried | None:
    """The kept failure that the program as it is now shows again. An edited file is searched anew, if that is quick.

    It is looked for as long as that search may take.
    """
    if program.claims.fails is not None or program.claims.outcomes is not None:
        return None  # all failures are asked for, not one
    end = time.monotonic() + max_seconds
    for one in kept(file, program):
        schedule = decode(one.schedule)
        if one.settings != program.settings or (schedule.digest != program.digest and one.seconds < LONG):
            continue
        if (exploration := _again(program, one, end)) is not None:
            return Retried(exploration, one.seconds >= LONG)
    return None


def _again(program: Program, one: Kept, end: float) -> Exploration | None:
    from scenario.engines.explore.again import recheck

    began = time.monotonic()
    schedule = replace(decode(one.schedule), digest=program.digest)
    finding = recheck(program, schedule, cast("FailureKind", one.kind), judge=judge, max_seconds=end - began)
    if finding is None:
        return None
    steps = len(finding.schedule.moves)
    return Exploration(
        exhausted=False, states=steps + 1, steps=steps, seconds=time.monotonic() - began, findings=(finding,)
    )
