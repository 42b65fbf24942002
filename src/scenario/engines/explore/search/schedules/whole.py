"""A failure of a smaller program, as one of the whole: its steps taken there, and who goes before and after them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scenario.engines.explore.evidence.retrace import paths, stepper_of
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.reductions.shortened import Shortened
from scenario.engines.explore.search.schedules.recheck import recheck
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import Choice, State, along
from scenario.program.program import Program
from scenario.results.exploration import Exploration, Finding
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Move, Schedule


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


A_MOMENT = 0.3
"""Seconds in which one is followed whose search was to be over already."""


def beside_the_rest(
    program: Program, first: frozenset[str], judge: Callable[[Program, Outcome], Judged], finding: Finding
) -> Finding | None:
    """The failure of a program without `main`, and without the groups that go `first`, if the whole can be followed to it in a moment."""
    try:
        stepper = stepper_of(program, A_MOMENT)
        with PATIENCE.until(stepper.budget.deadline):
            schedule = _beside_the_rest(stepper, first, finding.schedule)
    except (Unexplored, LookupError):
        return None
    return recheck(program, schedule, finding.failure.kind, judge=judge, max_seconds=A_MOMENT)


def _beside_the_rest(stepper: Stepper, first: frozenset[str], schedule: Schedule) -> Schedule:
    """`main` starts all, those groups go to their ends, the steps are taken, and `main` joins. Raises LookupError, Unexplored."""
    layout = stepper.layout
    numbers = {thread.ref: thread.number for thread in layout.threads}
    begun = 0 if layout.main is None else sum(len(group.names) for group in layout.program.groups)
    _, state = stepper.initial()[schedule.start or 0]
    way = _alone(stepper, state, layout.main, begun)
    for thread in layout.threads:
        if thread.group in first:
            way += _alone(stepper, along(stepper, state, way)[-1], thread.number)
    before = len(way)
    way += [(numbers[move.thread], move.alternative) for move in schedule.moves]
    if schedule.cycle is None:
        way += _alone(stepper, along(stepper, state, way)[-1], layout.main)
    moves = tuple(Move(layout.threads[number].ref, alternative) for number, alternative in way)
    cycle = None if schedule.cycle is None else schedule.cycle + before
    return Schedule(layout.program.digest, moves, cycle, start=schedule.start)


def _alone(stepper: Stepper, state: State, thread: int | None, most: int | None = None) -> list[Choice]:
    """The steps that a thread takes by itself from there, as far as it can."""
    way: list[Choice] = []
    while most is None or len(way) < most:
        step = next((step for step in stepper.successors(state) if step.thread == thread), None)
        if step is None:
            break
        way.append((step.thread, step.alternative))
        state = step.state
    return way
