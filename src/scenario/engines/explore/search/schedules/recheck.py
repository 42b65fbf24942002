"""A schedule that was found once: whether it still shows a failure of its kind, and that failure anew."""

from __future__ import annotations

import math
from collections.abc import Callable

from scenario.engines.explore.evidence.fates import forever_stuck, spinning
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.retrace import paths, stepper_of
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.search.schedules.findings import described, starving
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.kinds import FailureKind
from scenario.program.program import Program
from scenario.results.exploration import Finding
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Schedule


def recheck(
    program: Program,
    schedule: Schedule,
    kind: FailureKind,
    *,
    judge: Callable[[Program, Outcome], Judged],
    max_seconds: float = math.inf,
) -> Finding | None:
    """The finding, if the steps can be taken in that time and end in such a failure; no other schedule is looked at."""
    if schedule.rest:  # too many steps to be taken here
        return None
    try:
        stepper = stepper_of(program, max_seconds)
        with PATIENCE.until(stepper.budget.deadline):
            return _recheck(stepper, schedule, kind, judge)
    except Unexplored:  # the file has come to do what is not explored, or takes too long
        return None


def _recheck(
    stepper: Stepper, schedule: Schedule, kind: FailureKind, judge: Callable[[Program, Outcome], Judged]
) -> Finding | None:
    program = stepper.layout.program
    for followed in paths(stepper, schedule):
        told, last = followed.schedule, followed.states[-1]
        if schedule.cycle is not None and followed.states[schedule.cycle] != last:
            continue  # it goes round no more
        starve = starving(stepper, followed)
        if starve is None or (starve and program.settings.fairness == "strong"):
            continue  # one who could move now does not
        stuck = () if schedule.cycle is not None else forever_stuck(stepper, last)
        looped = () if schedule.cycle is None else {move.thread for move in told.moves[schedule.cycle :]}
        rounds = () if schedule.cycle is None else spinning(stepper, last)
        cycle = tuple(t.ref for t in stepper.layout.threads if t.ref in looped or t.number in rounds)
        end = _end(stepper, last, schedule, stuck)
        held = followed.held
        there = outcome(stepper, last, end=end, stuck=stuck, cycle=cycle, starving=starve, held=held)
        judged = judge(program, there)
        moved = told.moves[-1].thread if told.moves else ""
        same = [failure for failure in judged.failures if failure.kind == kind]  # what is allowed fails no file
        if same:
            failure = min(same, key=lambda f: f.thread != moved)
            return described(stepper, failure, followed, stuck, starve)
    return None


def _end(stepper: Stepper, state: State, schedule: Schedule, stuck: tuple[int, ...]) -> str:
    if schedule.cycle is not None:
        return "livelock"
    if stepper.is_over(state):
        return "finished"
    return "deadlock" if stuck else "interrupted"
