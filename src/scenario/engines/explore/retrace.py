"""A schedule read back: followed from a first state, each step with what real threads must be told to take it."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.engines.explore.code import Pick
from scenario.engines.explore.fates import forever_stuck
from scenario.engines.explore.layout import layout
from scenario.engines.explore.outcomes import blocked, plain
from scenario.engines.explore.parts import SharedPart
from scenario.engines.explore.stepper import State, Stepper
from scenario.engines.explore.trace import follow
from scenario.engines.explore.values import thaw
from scenario.engines.explore.world import World
from scenario.program.program import ExploreSettings, Program
from scenario.run.schedule import Move, Schedule
from scenario.run.script import Cue, Script


def stepper_of(program: Program) -> Stepper:
    """The stepper for the program under its own settings."""
    settings = program.explore or ExploreSettings()
    return Stepper(
        layout(program, virtual=settings.clock == "virtual", fifo=settings.wake == "fifo", spurious=settings.spurious)
    )


def taken(stepper: Stepper, schedule: Schedule) -> Iterator[tuple[State, Schedule, list[tuple[int, int]]]]:
    """For each first state from which the schedule can be followed: itself, the schedule in words, its choices."""
    numbers = {thread.ref: thread.number for thread in stepper.layout.threads}
    if any(move.thread not in numbers for move in schedule.moves):
        return
    choices = [(numbers[move.thread], move.alternative) for move in schedule.moves]
    for _, start in stepper.initial():
        try:
            told, _ = follow(stepper, start, choices, schedule.cycle)
        except LookupError:
            continue
        yield start, told, choices


def retrace(program: Program, schedule: Schedule) -> Iterator[Script]:
    """One script for each first state from which the schedule can be followed (nearly always one)."""
    stepper = stepper_of(program)
    first = [t.number for t in stepper.layout.threads if t.pool is None and stepper.layout.main in (None, t.number)]
    starts = [state for _, state in stepper.initial()]
    openings = _beginnings(stepper, stepper.shared[starts[0][0]], first)
    for start, told, choices in taken(stepper, schedule):
        cues = tuple(_cues(stepper, start, told.moves, choices))
        end = follow(stepper, start, choices)[1]
        stuck = () if schedule.cycle is not None else forever_stuck(stepper, end)
        waiting = tuple(blocked(stepper, end, n) for n in stuck)
        yield Script(told, cues, openings[starts.index(start)], waiting, stepper.is_over(end))


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
    for taken, _, after in stepper.outcomes(stepper.world(state, thread), state, thread, tracing=True):
        beginnings = _beginnings(stepper, after.shared_part(), list(after.started))
        if left < len(beginnings):
            wakes = tuple(taken.label.removeprefix("wakes ").split(", ")) if taken.label.startswith("wakes ") else ()
            if taken.kind == "spurious":
                wakes = ()
            chosen = {**beginnings[left], thread.ref: _chosen(after)}
            return Cue(move, taken.kind, wakes, chosen, stepper.shared[state[0]].now)
        left -= len(beginnings)
    raise LookupError(f"{thread.ref} has no alternative {alternative}")


def _chosen(w: World) -> tuple[object, ...]:
    return tuple(plain(thaw(key), w.shared_part()) for note, key, _ in w.notes or () if isinstance(note, Pick))


def _beginnings(stepper: Stepper, shared: SharedPart, numbers: list[int]) -> list[dict[str, tuple[object, ...]]]:
    """What the threads choose before their first step, in the order of the stepper's own alternatives."""
    results: list[tuple[SharedPart, dict[str, tuple[object, ...]]]] = [(shared, {})]
    for number in numbers:
        thread = stepper.layout.threads[number]
        results = [
            (after.shared_part(), {**chosen, thread.ref: _chosen(after)})
            for before, chosen in results
            for _, after in (
                [(None, World(stepper.layout, before, stepper.local.fresh(thread), thread, tracing=True))]
                if thread.timer is not None
                else stepper.local.run(World(stepper.layout, before, stepper.local.fresh(thread), thread, tracing=True))
            )
        ]
    return [chosen for _, chosen in results]
