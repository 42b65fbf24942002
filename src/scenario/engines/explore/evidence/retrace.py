"""A schedule read back: followed from a first state, each step with what real threads must be told to take it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from scenario.engines.explore.evidence.fates import Beside, beside, forever_stuck, goes_on, spinning
from scenario.engines.explore.evidence.trace import Followed, follow
from scenario.engines.explore.evidence.waits import blocked, in_file_order
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.parts import ENDED
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.step.beginnings import at_the_start, by_thread
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.numbering import layout
from scenario.engines.explore.step.stepper import Stepper
from scenario.program.program import Program
from scenario.results.schedule import Move, Schedule
from scenario.results.script import Script


def stepper_of(program: Program, max_seconds: float = math.inf) -> Stepper:
    """The stepper for the program under its own settings. It raises Unexplored once the time is up; so does making it."""
    budget = Budget(max_seconds=max_seconds)
    return Memo(layout(program, budget.look), budget)


def unknown_threads(program: Program, schedule: Schedule) -> tuple[str, ...]:
    """The threads that a schedule moves and the program has not."""
    known = {thread.ref for thread in layout(program).threads}
    named = (*(move.thread for move in schedule.moves), *schedule.rest)
    return tuple(dict.fromkeys(ref for ref in named if ref not in known))


def paths(stepper: Stepper, schedule: Schedule) -> Iterator[Followed]:
    """The schedule as a path from each first state from which it can be followed."""
    numbers = {thread.ref: thread.number for thread in stepper.layout.threads}
    if any(move.thread not in numbers for move in schedule.moves):
        return
    choices = [(numbers[move.thread], move.alternative) for move in schedule.moves]
    for number, (_, start) in enumerate(stepper.initial()):
        if schedule.start not in (None, number):
            continue
        try:
            followed = follow(stepper, start, choices, schedule.cycle)
            yield _with_rest(followed, schedule.rest) if schedule.rest else followed
        except LookupError:
            continue


def _with_rest(followed: Followed, rest: tuple[str, ...]) -> Followed:
    """The steps, after which threads go on to their ends: what their locals are then is not known."""
    return replace(followed, schedule=replace(followed.schedule, rest=rest, locals={}))


def to_the_ends(stepper: Stepper, followed: Followed, most: int) -> Schedule:
    """With the steps that are left to its last threads, one by one. Raises LookupError where there are more than so many in all."""
    moves, state = [*followed.schedule.moves], followed.states[-1]
    numbers = {thread.ref: thread.number for thread in stepper.layout.threads}
    for ref in followed.schedule.rest:
        while stepper.shared[state[0]].status[numbers[ref]] not in ENDED:
            if len(moves) >= most:
                raise LookupError(ref)
            state = stepper.step(state, (numbers[ref], 0)).state
            moves.append(Move(ref))
    return replace(followed.schedule, moves=tuple(moves), rest=())


def retrace(program: Program, schedule: Schedule, max_seconds: float = math.inf) -> Iterator[Script]:
    """One script for each first state from which the schedule can be followed (one, if it says which).

    Raises Unexplored when the time is up.
    """
    stepper = stepper_of(program, max_seconds)
    scripts = (_script(stepper, followed) for followed in paths(stepper, schedule))
    while True:
        with PATIENCE.until(stepper.budget.deadline):  # not while the script is played
            script = next(scripts, None)
        if script is None:
            return
        yield script


def _script(stepper: Stepper, followed: Followed) -> Script:
    told, end = followed.schedule, followed.states[-1]
    opening = by_thread(at_the_start(stepper)[told.start or 0])
    over = stepper.is_over(end)
    if told.rest:
        return Script(told, followed.cues, opening)
    stuck = forever_stuck(stepper, end) if told.cycle is None else ()
    others = beside(stepper, end) if stuck else Beside(spinning(stepper, end))
    there = in_file_order(stepper, (*stuck, *others.daemons))
    waiting = tuple(blocked(stepper, end, n, followed.held) for n in there)
    goes = tuple(goes_on(stepper, followed.states, told.moves, n) for n in others.going)
    return Script(told, followed.cues, opening, waiting, goes, over)
