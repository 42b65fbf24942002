"""A script taken again on real threads: where they leave it, how they end, and whether the stuck ones really are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from scenario.engines.threads.controlled import witness
from scenario.engines.threads.controlled.conductor import Conductor
from scenario.engines.threads.controlled.ending import Ending, Round, ending_of, free_ending, outcome_of
from scenario.engines.threads.controlled.scheduler import Scheduler
from scenario.engines.threads.controlled.scripted import Scripted
from scenario.engines.threads.controlled.stage import Diverged, Stage
from scenario.program.program import Program
from scenario.record import record
from scenario.results.outcome import Outcome
from scenario.results.script import Cue, Divergence, Exemption, Script

LONGEST = 10_000
"""Steps of an execution, which may go on for ever."""


@record
class Replayed:
    """What the real threads did. `diverged` says where they left the schedule; `exempt` what was not CPython's own."""

    outcome: Outcome
    steps: int
    diverged: Divergence | None = None
    exempt: tuple[Exemption, ...] = ()


def replay(program: Program, script: Script, *, on_step: Callable[[int, Cue], None] | None = None) -> Replayed:
    """Takes the script's steps on real threads; `on_step` is called after each with its number (from 0)."""
    conductor = Conductor(program, Scripted(script))
    stage, watch, done, diverged = conductor.stage, _Watch(script.schedule.cycle), 0, None
    conductor.begin()
    watch.look(conductor.stage, 0)
    try:
        for done, cue in enumerate(conductor.steps(), 1):
            watch.look(stage, done)
            if on_step is not None:
                on_step(done - 1, cue)
    except Diverged as error:
        diverged = Divergence(error.how, done + 1)
    diverged = diverged or _finish(stage, script)
    outcome = outcome_of(stage, ending_of(stage, script, watch.round) if diverged is None else Ending("interrupted"))
    if diverged is None and script.stuck:
        diverged = witness.differs(stage, script)
    conductor.end()
    return Replayed(outcome, done, diverged, tuple(stage.exempt))


def _finish(stage: Stage, script: Script) -> Divergence | None:
    """The threads that take all the steps they have left, one after the other."""
    try:
        for ref in script.schedule.rest:
            stage.let_finish(stage.players[ref])
    except Diverged as error:
        return Divergence(error.how)
    return None


class _Watch:
    """Looks at the round of a livelock from where the schedule says that it begins."""

    def __init__(self, cycle: int | None) -> None:
        self.round: Round | None = None
        self._cycle = cycle

    def look(self, stage: Stage, done: int) -> None:
        if done == self._cycle:
            self.round = Round(stage)
        if self.round is not None:
            self.round.look(stage)


def execute(program: Program, scheduler: Scheduler, longest: int = LONGEST) -> Outcome:
    """One execution on real threads as the scheduler has it, up to so many steps; time stands still (no virtual clock)."""
    conductor = Conductor(program, scheduler)
    conductor.begin()
    for _ in islice(conductor.steps(), longest):
        pass
    outcome = outcome_of(conductor.stage, free_ending(conductor.stage))
    conductor.end()
    return outcome
