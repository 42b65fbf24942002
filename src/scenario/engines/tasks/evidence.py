"""An execution on asyncio, made to order: by its decisions, or by the schedule in which they stand; and shown as one.

A schedule has a move for each step of a task, a line of the file. What was decided before that step (which times were over, what
was chosen) is its alternative, all of it as one number: the first decision is its remainder by the number of
options, and so on. So a schedule without alternatives is the usual execution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace

from scenario.engines.tasks import collect
from scenario.engines.tasks.around import Around
from scenario.engines.tasks.deciding import Between, Decision, Decisions, Seen, Spent, by_steps, in_order
from scenario.engines.tasks.fingerprint import fingerprint
from scenario.engines.tasks.loop import Loop
from scenario.engines.tasks.recording import Recording
from scenario.engines.tasks.running import conducted, interruptible, module_of
from scenario.engines.tasks.runtime import Run
from scenario.engines.tasks.waits import look
from scenario.program.bounded.limits import MOST_ROUNDS
from scenario.program.program import Program
from scenario.real.showing import film, moves
from scenario.record import record
from scenario.results.frames import Film
from scenario.results.outcome import Outcome
from scenario.results.recorded import UNRECORDED, Recorded
from scenario.results.schedule import Deed, Schedule


@record
class Made:
    """An execution: what it left, its steps (if they were recorded), and decisions."""

    outcome: Outcome
    recorded: Recorded
    taken: tuple[Decision, ...]
    run: Run

    @property
    def picks(self) -> tuple[int, ...]:
        """Its decisions."""
        return tuple(one.pick for one in self.taken)


class _Enough(Exception):
    """More of the execution is not wanted."""

    def __init__(self, run: Run, outcome: Outcome) -> None:
        self.run = run
        self.outcome = outcome


def _never(_: Run) -> bool:
    """All of it is wanted."""
    return False


class Player:
    """Makes executions of a program, one after the other, on one loop; up to a moment of `time.monotonic`."""

    def __init__(self, program: Program, until: float, loop: Loop, between: Between) -> None:
        self._program = program
        self._until = until
        self._loop = loop
        self._between = between

    @property
    def moved(self) -> frozenset[str]:
        """Who moved in the round that is over."""
        return self._between.moved

    def look(self) -> None:
        """To be called on the way by what looks at the whole of a state. Raises Spent, KeyboardInterrupt, InvalidScenario."""
        self._between.look()

    def play(self, decisions: Decisions, seen: Seen | None = None, recording: Recording | None = None) -> Made:
        """One execution. Raises Spent, KeyboardInterrupt, InvalidScenario, and what `seen` raises."""
        ended = {"ended": recording.ended} if recording is not None else {}
        around = Around(
            self._until,
            self._between.clock,
            decisions.choose,
            computes=False,
            memory=self._between.memory,
            patience=MOST_ROUNDS,
            **ended,
        )
        run = Run(module_of(self._program), 0, around=around)
        self._between.begin(run, decisions, seen)
        with recording.of(run) if recording is not None else nullcontext():
            try:
                outcome = conducted(run, self._loop)
            except _Enough as end:
                outcome = end.outcome
            else:
                self._between.heed_budget()
                self._between.heed()
        if self._program.settings.clock != "virtual":
            outcome = replace(outcome, elapsed=None)
        return Made(outcome, recording.recorded() if recording else UNRECORDED, tuple(decisions.taken), run)

    def recorded(self, picks: Sequence[int], enough: Callable[[Run], bool] = _never) -> Made:
        """The execution with these decisions, and its steps; up to where that is enough."""
        recording = Recording()
        decisions = Decisions(in_order(picks), recording.count)

        def seen(run: Run, _loop: Loop) -> None:
            if enough(run):
                raise _Enough(run, collect.outcome(run, "ended"))

        return self.play(decisions, seen, recording)


@contextmanager
def players(program: Program, until: float, max_memory: int | None = None) -> Iterator[Player]:
    """Who makes executions of the program, under its own settings, in so many MiB. Raises KeyboardInterrupt at its end, if Ctrl-C came meanwhile."""
    between = Between(program.settings, until, max_memory)
    with interruptible(between, between.interrupt, between.clock) as loop:
        yield Player(program, until, loop, between)
    between.heed()


def replayed(program: Program, schedule: Schedule, until: float) -> tuple[Outcome, Schedule]:
    """The execution that a schedule tells of, with all that a reader wants to see of it."""
    made = _replayed(program, schedule, until)
    cycle = schedule.cycle if len(made.recorded.steps) == len(schedule.moves) else None
    return made.outcome, scheduled(program, made.recorded, made.taken, cycle)


def filmed(program: Program, schedule: Schedule, until: float) -> Film | None:
    """The same as pictures; None where the time is up."""
    try:
        made = _replayed(program, schedule, until)
    except Spent:
        return None
    shown = film(program, made.recorded, made.outcome)
    told = decided(program, made).moves[: len(shown.schedule.moves)]
    return replace(shown, schedule=replace(shown.schedule, moves=told, cycle=schedule.cycle))


def _replayed(program: Program, schedule: Schedule, until: float) -> Made:
    recording = Recording()
    source = by_steps([move.alternative for move in schedule.moves], recording.count)
    with players(program, until) as player:
        seen = None if schedule.cycle is None else _Round(program, schedule, recording, player)
        return player.play(Decisions(source, recording.count), seen, recording)


class _Round:
    """Ends an execution that goes round for ever where its schedule says so, if the state there is the one in which the round begins."""

    def __init__(self, program: Program, schedule: Schedule, recording: Recording, player: Player) -> None:
        self._by_time = program.settings.clock == "virtual"
        self._schedule, self._recording, self._player = schedule, recording, player
        self._begins: set[bytes | None] = set()

    def __call__(self, run: Run, loop: Loop) -> None:
        count, end = self._recording.count(), len(self._schedule.moves)
        if count not in (self._schedule.cycle, end):
            if count > end:
                raise _Enough(run, collect.outcome(run, "ended"))
            return
        mark = fingerprint(run, loop, self._player.look, by_time=self._by_time)
        if count < end:
            self._begins.add(mark)
        elif mark is not None and mark in self._begins:
            raise _Enough(run, self._outcome(run))

    def _outcome(self, run: Run) -> Outcome:
        """Who is stuck beside those who go round is deadlocked."""
        seen = look(run)
        stuck = [actor for actor in seen.stuck() if not actor.daemon]
        if stuck:
            return collect.outcome(run, "deadlock", seen.in_deadlock(stuck))
        return collect.livelock(
            run, tuple(dict.fromkeys(move.thread for move in self._schedule.moves[self._schedule.cycle :]))
        )


def replayed_picks(player: Player, schedule: Schedule) -> tuple[int, ...]:
    """The decisions that a schedule tells of. Raises Spent."""
    recording = Recording()
    source = by_steps([move.alternative for move in schedule.moves], recording.count)
    return player.play(Decisions(source, recording.count), recording=recording).picks


def decided(program: Program, made: Made) -> Schedule:
    """The schedule, in which each step says what was decided before it: whose time was over, what was chosen."""
    schedule = scheduled(program, made.recorded, made.taken)
    told: dict[int, list[Deed]] = {}
    for one in made.taken:
        if one.deed is not None:
            told.setdefault(one.before, []).append(one.deed)
    moves = (
        replace(move, deeds=(*move.deeds, *(replace(deed, span=move.span) for deed in told.get(number, ()))))
        for number, move in enumerate(schedule.moves)
    )
    return replace(schedule, moves=tuple(moves))


def scheduled(program: Program, recorded: Recorded, taken: Sequence[Decision], cycle: int | None = None) -> Schedule:
    """The schedule of an execution; `cycle`: the step at which a round begins that goes on for ever."""
    alternatives = [0] * (len(recorded.steps) + 1)
    for decision in reversed(taken):
        at = min(decision.before, len(recorded.steps))
        alternatives[at] = alternatives[at] * decision.of + decision.pick
    made = zip(moves(program, recorded), alternatives, strict=False)
    return Schedule(program.digest, tuple(replace(move, alternative=alternative) for move, alternative in made), cycle)
