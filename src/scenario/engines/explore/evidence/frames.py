"""The states along a schedule, as people look at them."""

from __future__ import annotations

from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.retrace import paths, stepper_of
from scenario.engines.explore.evidence.waits import blocked
from scenario.engines.explore.model.parts import ALIVE, CANCELLED, OVER, PENDING
from scenario.engines.explore.step.layout import Thread
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.program.program import Program
from scenario.results.frames import Film, Frame, Stands
from scenario.results.schedule import Schedule


def film(program: Program, schedule: Schedule, max_seconds: float) -> Film:
    """Raises Unexplored when the time is up, LookupError where the schedule can not be followed."""
    stepper = stepper_of(program, max_seconds)
    followed = next(paths(stepper, schedule), None)
    if followed is None:
        raise LookupError("the schedule can not be followed")
    return Film(followed.schedule, tuple(_frame(stepper, state) for state in followed.states))


def _frame(stepper: Stepper, state: State) -> Frame:
    return Frame(
        outcome(stepper, state, end="ended"),
        tuple(_stands(stepper, state, thread) for thread in stepper.layout.threads),
    )


def _stands(stepper: Stepper, state: State, thread: Thread) -> Stands:
    status = stepper.shared[state[0]].status[thread.number]
    if status in (OVER, CANCELLED):
        return Stands(thread.ref, "over")
    at = blocked(stepper, state, thread.number)
    if stepper.can_move(state, thread):
        return Stands(thread.ref, "can move", at.span)
    return (
        Stands(thread.ref, "waits", at.span, at.wait)
        if status in (ALIVE, PENDING)
        else Stands(thread.ref, "not started")
    )
