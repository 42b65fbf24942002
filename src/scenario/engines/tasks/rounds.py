"""A round of an execution that may go on for ever: made once more, for what a reader wants to see of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from scenario.engines.tasks import collect
from scenario.engines.tasks.deciding import Decisions, in_order
from scenario.engines.tasks.evidence import Player, scheduled
from scenario.engines.tasks.graph import Edge, State
from scenario.engines.tasks.loop import Loop
from scenario.engines.tasks.recording import Recording
from scenario.engines.tasks.runtime import Run
from scenario.engines.tasks.waits import look
from scenario.program.program import Program
from scenario.record import record
from scenario.results.outcome import Judged, Outcome
from scenario.results.schedule import Schedule


class _Done(Exception):
    """The round is closed."""


@record
class Going:
    """What goes on for ever: how it stands in the end, what is judged of it, and the schedule with its round."""

    outcome: Outcome
    judged: Judged
    schedule: Schedule


def going(
    program: Program, player: Player, start: State, edges: Sequence[Edge], judge: Callable[[Outcome], Judged]
) -> Going:
    """The round of these edges from the state on. Values that are not the same all the time are None."""
    recording = Recording()
    picks = (*start.way, *(pick for edge in edges for pick in edge.decisions))
    decisions = Decisions(in_order(picks), recording.count)
    watch = _Watch(start, frozenset().union(*(edge.moved for edge in edges)), len(edges), recording, judge)
    with suppress(_Done):
        player.play(decisions, watch, recording)
    recorded = recording.recorded()
    cycle = watch.begins if watch.begins is not None and watch.begins < len(recorded.steps) else None
    last = watch.outcomes[-1]
    return Going(last, _steady(watch.judged), scheduled(program, recorded, decisions.taken, cycle))


def _steady(judged: Sequence[Judged]) -> Judged:
    """What is so all the time."""
    last = judged[-1]
    varies = {name for one in judged for name, value in one.values if dict(last.values).get(name) != value}
    values = tuple((name, None if name in varies else value) for name, value in last.values)
    return Judged(last.failures, last.permitted, last.end, values, last.label, last.because, varies=frozenset(varies))


class _Watch:
    """Looks at each state of the round, and ends the execution when it is closed."""

    def __init__(
        self, start: State, moved: frozenset[str], length: int, recording: Recording, judge: Callable[[Outcome], Judged]
    ) -> None:
        self.begins: int | None = None
        self.outcomes: list[Outcome] = []
        self.judged: list[Judged] = []
        self._start = start
        self._moved = moved
        self._ends = start.round + length
        self._recording = recording
        self._judge = judge
        self._rounds = 0

    def __call__(self, run: Run, _loop: Loop) -> None:
        self._rounds += 1
        if self._rounds < self._start.round:
            return
        if self.begins is None:
            self.begins = self._recording.count()
        outcome = self._outcome(run)
        self.outcomes.append(outcome)
        self.judged.append(self._judge(outcome))
        if self._rounds == self._ends:
            raise _Done

    def _outcome(self, run: Run) -> Outcome:
        seen = look(run)
        stuck = [actor for actor in run.members.all() if actor.ref in self._start.stuck]
        if stuck:
            return collect.outcome(run, "deadlock", seen.in_deadlock(stuck))
        order = [actor.ref for actor in run.members.all() if actor.ref in self._moved]
        return collect.livelock(run, tuple(order))
