"""A schedule read back: followed from a first state, each step with what real threads must be told to take it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from scenario.engines.explore.evidence.fates import forever_stuck, goes_on, going, spinning
from scenario.engines.explore.evidence.holders import holders
from scenario.engines.explore.evidence.trace import follow
from scenario.engines.explore.evidence.waits import blocked, in_file_order
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.step.beginnings import Begun, at_the_start, beginnings, chosen
from scenario.engines.explore.step.layout import layout
from scenario.engines.explore.step.stepper import State, Stepper
from scenario.program.program import Program
from scenario.results.schedule import Move, Schedule
from scenario.results.script import Cue, Script
from scenario.settings import Settings


def stepper_of(program: Program, max_seconds: float = math.inf) -> Stepper:
    """The stepper for the program under its own settings. It raises Unexplored once the time is up."""
    settings = program.explore or Settings()
    plan = layout(
        program, virtual=settings.clock == "virtual", fifo=settings.wake == "fifo", spurious=settings.spurious
    )
    return Stepper(plan, Budget(max_seconds=max_seconds))


def unknown_threads(program: Program, schedule: Schedule) -> tuple[str, ...]:
    """The threads that a schedule moves and the program has not."""
    known = {thread.ref for thread in stepper_of(program).layout.threads}
    return tuple(dict.fromkeys(move.thread for move in schedule.moves if move.thread not in known))


def taken(stepper: Stepper, schedule: Schedule) -> Iterator[tuple[State, Schedule, list[tuple[int, int]]]]:
    """For each first state from which the schedule can be followed: itself, the schedule in words, its choices."""
    numbers = {thread.ref: thread.number for thread in stepper.layout.threads}
    if any(move.thread not in numbers for move in schedule.moves):
        return
    choices = [(numbers[move.thread], move.alternative) for move in schedule.moves]
    for number, (_, start) in enumerate(stepper.initial()):
        if schedule.start not in (None, number):
            continue
        try:
            told, _ = follow(stepper, start, choices, schedule.cycle)
        except LookupError:
            continue
        yield start, told, choices


def retrace(program: Program, schedule: Schedule) -> Iterator[Script]:
    """One script for each first state from which the schedule can be followed (one, if it says which)."""
    stepper = stepper_of(program)
    openings = at_the_start(stepper)
    for start, told, choices in taken(stepper, schedule):
        cues = tuple(_cues(stepper, start, told.moves, choices))
        states = [start]
        for thread, alternative in choices:
            states.append(stepper.successors_of(states[-1], thread)[alternative].state)
        stuck = () if schedule.cycle is not None else forever_stuck(stepper, states[-1])
        held = holders(stepper, states, told.moves)
        waiting = tuple(blocked(stepper, states[-1], n, held) for n in in_file_order(stepper, stuck))
        rounds = going(stepper, states[-1]) if stuck else spinning(stepper, states[-1])
        goes = tuple(goes_on(stepper, states, told.moves, n) for n in rounds) if schedule.cycle is None else ()
        yield Script(told, cues, _by_thread(openings[told.start or 0]), waiting, goes, stepper.is_over(states[-1]))


def _cues(stepper: Stepper, state: State, moves: tuple[Move, ...], choices: list[tuple[int, int]]) -> Iterator[Cue]:
    for move, (number, alternative) in zip(moves, choices, strict=True):
        thread = stepper.layout.threads[number]
        if stepper.layout.virtual and not any(stepper.of_thread(state, t) for t in stepper.layout.threads):
            state = stepper.next_moment(state)
        yield _cue(stepper, state, move, number, alternative)
        state = list(stepper.of_thread(state, thread))[alternative].state


def _cue(stepper: Stepper, state: State, move: Move, number: int, alternative: int) -> Cue:
    thread = stepper.layout.threads[number]
    left = alternative
    for taken, _, after in stepper.outcomes(stepper.context(state, thread), state, thread, tracing=True):
        begun = beginnings(stepper, after.shared_part(), [stepper.layout.threads[n] for n in after.started])
        if left < len(begun):
            wakes = tuple(taken.label.removeprefix("wakes ").split(", ")) if taken.label.startswith("wakes ") else ()
            if taken.kind == "spurious":
                wakes = ()
            values = {**_by_thread(begun[left]), thread.ref: chosen(after.deeds or ())}
            return Cue(move, taken.kind, wakes, values, stepper.shared[state[0]].now)
        left -= len(begun)
    raise LookupError(f"{thread.ref} has no alternative {alternative}")


def _by_thread(begun: Sequence[Begun]) -> dict[str, tuple[object, ...]]:
    return {one.thread: one.chosen for one in begun if one.chosen}
