"""A failure of a shortened program, as one of the whole: its steps taken there, and who goes on after them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scenario.engines.explore.evidence.retrace import paths, stepper_of
from scenario.engines.explore.reductions.shortened import Shortened
from scenario.program.program import Program
from scenario.results.exploration import Exploration, Finding
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Move


def judging(
    whole: Program, short: Shortened, judge: Callable[[Program, Outcome], Judged]
) -> Callable[[Program, Outcome], Judged]:
    """What the judge says of the whole program's ends that follow those of the short one."""
    return lambda _, outcome: judge(whole, short.ended(outcome))


def found_in_the_whole(program: Program, short: Shortened, found: Exploration) -> Exploration | None:
    """What was found, if it is the end that is wrong and the steps can be taken in the whole program."""
    findings = [one for one in found.findings if one.failure.kind == "final"]
    moved = _moved(program, short, findings[0]) if findings else None
    if moved is None:
        return None
    return Exploration(
        exhausted=False, states=found.states, steps=found.steps, seconds=found.seconds, findings=(moved,),
        reductions=found.reductions, notes=(*found.notes, short.note),
    )  # fmt: skip


def _moved(program: Program, short: Shortened, finding: Finding) -> Finding | None:
    """The finding with the same steps in the whole program, after those in which `main` starts the threads."""
    moves = (*(Move("main"),) * short.starts, *finding.schedule.moves)
    schedule = replace(finding.schedule, digest=program.digest, moves=moves, rest=short.rest)
    for followed in paths(stepper_of(program), schedule):
        return replace(finding, schedule=followed.schedule, shared=short.values(finding.shared))
    return None
