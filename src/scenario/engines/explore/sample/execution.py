"""One execution of a program, to be shown: by chance, but with few switches, as people read best."""

from __future__ import annotations

from scenario.chance import seeded
from scenario.engines.explore.evidence.retrace import retrace, stepper_of
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.search.told.unexplored import unexplored
from scenario.engines.explore.step.transitions import Successor
from scenario.program.program import Program
from scenario.results.schedule import Move, Schedule
from scenario.results.script import Script

LONGEST = 400
"""Steps that are taken of a program that may go on for ever."""
STAYS = 0.75
"""The chance that a thread goes on which can."""


def execution(program: Program, seed: int, max_seconds: float) -> Script:
    """The same one for the same seed. Raises Unexplored."""
    for reason in unexplored(program):
        raise Unexplored(reason)
    stepper, random = stepper_of(program, max_seconds), seeded(seed)
    firsts = stepper.initial()
    start = random.randrange(len(firsts))
    state, moves = firsts[start][1], list[Move]()
    last = -1
    while len(moves) < LONGEST and (ways := _real(stepper.successors(state))):
        threads = sorted({way.thread for way in ways})
        last = last if last in threads and random.random() < STAYS else random.choice(threads)
        step = random.choice([way for way in ways if way.thread == last])
        moves.append(Move(stepper.layout.threads[last].ref, step.alternative))
        state = step.state
    schedule = Schedule(program.digest, tuple(moves), start=start if len(firsts) > 1 else None)
    return next(retrace(program, schedule, max_seconds))


def _real(ways: list[Successor]) -> list[Successor]:
    """Those of threads that do something of their own, and not only give up or wake up for nothing, where there are any."""
    own = [way for way in ways if way.kind == "ok"]
    return own or [way for way in ways if way.kind == "timeout"]
