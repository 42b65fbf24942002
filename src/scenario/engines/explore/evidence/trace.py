"""A path of the graph as a schedule that a person reads and a replay follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scenario.engines.explore.evidence.dependence import Trail, with_sources
from scenario.engines.explore.evidence.facts import facts
from scenario.engines.explore.evidence.holders import Holding
from scenario.engines.explore.evidence.waits import blocked
from scenario.engines.explore.model.code import Access, Begin, Guard, Instruction, Note, Place
from scenario.engines.explore.model.parts import SharedPart
from scenario.engines.explore.model.views import plain
from scenario.engines.explore.step.beginnings import Begun, at_the_start, beginnings, by_thread, chosen, named_locals
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.deeds import coming
from scenario.engines.explore.step.layout import Thread
from scenario.engines.explore.step.primitives.alternatives import Alternative
from scenario.engines.explore.step.primitives.model import Held
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import Choice, State
from scenario.record import record
from scenario.results.schedule import Deed, Move, Schedule
from scenario.results.script import Cue
from scenario.results.waiting import Wait
from scenario.source import Span


@record
class Followed:
    """A path that was taken: in words, the states on it, who holds what then, and what real threads must be told of each step.

    Nothing is known of the last where some steps are without words.
    """

    schedule: Schedule
    states: tuple[State, ...]
    cues: tuple[Cue, ...]
    held: Held


ALWAYS_TOLD = 60
"""Steps at the end that are put in words, however late it is: as many as a person is shown there."""


def follow(stepper: Stepper, start: State, choices: Sequence[Choice], cycle: int | None = None) -> Followed:
    """Takes the steps from a first state. Raises LookupError where a thread has no such alternative.

    When there is no time for words any more, those up to the last few are taken without.
    """
    path = _Path(stepper, start)
    for left, choice in zip(range(len(choices), 0, -1), choices, strict=True):
        if left <= ALWAYS_TOLD or stepper.budget.has_words():
            path.take(choice)
        else:
            path.pass_over(choice)
    return path.followed(cycle)


class _Path:
    """What has been done so far, who holds what, and each thread's locals."""

    def __init__(self, stepper: Stepper, start: State) -> None:
        self._stepper = stepper
        self._states = [start]
        self._moves: list[Move] = []
        self._cues: list[Cue] = []
        self._trails: list[Trail] = []
        self._last = -1
        self._untold = 0
        self._holding = Holding(stepper)
        starts = [first for _, first in stepper.initial()]
        number = starts.index(start)
        self._start = number if len(starts) > 1 else None
        self._begun = at_the_start(stepper)[number]
        self._locals: dict[str, dict[str, object]] = {one.thread: dict(one.locals) for one in self._begun}

    def take(self, choice: Choice) -> None:
        stepper, thread = self._stepper, self._stepper.layout.threads[choice[0]]
        after = stepper.step(self._states[-1], choice).state
        state = stepper.on_time(self._states[-1])
        move = replace(self._move(state, thread, choice[1]), preempts=self._preempts(state, thread))
        self._holding.step(state, after, move)
        self._arrive(after, replace(move, waits=self._waits(after, thread)), thread)

    def pass_over(self, choice: Choice) -> None:
        """Takes a step without words: where it stands in the file, and whom it preempts."""
        stepper, thread = self._stepper, self._stepper.layout.threads[choice[0]]
        after = stepper.step(self._states[-1], choice).state
        state = stepper.on_time(self._states[-1])
        span = stepper.context(state, thread).instruction.span
        move = Move(thread.ref, choice[1], span, preempts=self._preempts(state, thread))
        self._holding.step(state, after, move)
        self._arrive(after, move, thread)
        self._untold += 1

    def _arrive(self, after: State, move: Move, thread: Thread) -> None:
        self._moves.append(move)
        self._states.append(after)
        self._last = thread.number

    def _preempts(self, state: State, thread: Thread) -> bool:
        """Whether the thread that moved last could have gone on."""
        if self._last in (-1, thread.number):
            return False
        last = self._stepper.layout.threads[self._last]
        return any(effect.kind == "ok" for effect in self._stepper.effects(state, last).ways)

    def _waits(self, state: State, thread: Thread) -> Wait | None:
        if not self._stepper.is_blocked(state, thread):
            return None
        return blocked(self._stepper, state, thread.number, self._holding.held).wait

    def _move(self, state: State, thread: Thread, alternative: int) -> Move:
        step = taken(self._stepper, state, thread, alternative)
        self._learn(step.after, step.begun)
        self._trails.append(step.trail)
        told = {**by_thread(step.begun), thread.ref: chosen(step.after.logged.deeds)}
        now = self._stepper.shared[state[0]].now
        way = "ok" if step.way.interrupt else step.way.kind
        self._cues.append(Cue(step.move, way, step.move.woken, told, now, step.way.interrupt))
        return step.move

    def _learn(self, after: Context, begun: Sequence[Begun]) -> None:
        """The locals that are known after the step, its own and those of the threads that it has started."""
        self._locals.setdefault(after.thread.ref, {}).update(named_locals(after))
        self._locals.update({one.thread: dict(one.locals) for one in begun})

    def followed(self, cycle: int | None) -> Followed:
        shared = self._stepper.shared[self._states[-1][0]]
        moves = self._moves
        if not self._untold:  # what values come from is known of a whole way alone
            moves = with_sources(self._stepper.layout.codes, moves, self._trails)
        schedule = Schedule(
            self._stepper.layout.program.digest, tuple(moves), cycle, self._start, _opening(self._begun),
            {ref: _plain(named, shared) for ref, named in self._locals.items() if named}, untold=self._untold,
        )  # fmt: skip
        told = zip(self._cues, schedule.moves, strict=True) if not self._untold else ()
        cues = tuple(replace(cue, move=move) for cue, move in told)
        return Followed(schedule, tuple(self._states), cues, self._holding.held)


@record
class Taken:
    """One step in words, and where it has led its thread."""

    move: Move
    way: Alternative
    after: Context
    begun: tuple[Begun, ...]
    trail: Trail


def taken(stepper: Stepper, state: State, thread: Thread, alternative: int) -> Taken:
    """What the step does, how it goes, and which shared variables it reads and writes. Raises LookupError where there is none."""
    before = stepper.context(state, thread)
    standing = tuple(Place(i, frame.code.name, frame.pc) for i, frame in enumerate(before.frames, 1))
    way, after, begun = _way(stepper, before, state, alternative)
    log = after.logged
    if way.interrupt:
        span, atomic, looked = coming(before, way.interrupt).span, None, frozenset[str]()
    else:
        span, atomic, looked = before.instruction.span, _block(before), _looked(before.instruction, log.accesses)
    reads = looked.union(*(access.reads for access, _ in log.accesses))
    writes = frozenset().union(*(access.writes for access, wrote in log.accesses if wrote))
    move = Move(
        thread.ref, alternative, span, (*log.deeds, *_theirs(begun)),
        reads=tuple(sorted(reads)), writes=tuple(sorted(writes)), atomic=atomic, **facts(before, way, after),
    )  # fmt: skip
    return Taken(move, way, after, begun, Trail(standing, tuple(log.places)))


def _way(
    stepper: Stepper, before: Context, state: State, alternative: int
) -> tuple[Alternative, Context, tuple[Begun, ...]]:
    """The alternative with that number, what it leads to, and how those begin whom it starts."""
    for way, _, after in stepper.outcomes(before, state, before.thread, tracing=True):
        started = [stepper.layout.threads[n] for n in after.started]
        ways = beginnings(stepper, after.shared_part(), started)
        if alternative < len(ways):
            return way, after, ways[alternative]
        alternative -= len(ways)
    raise LookupError(f"{before.thread.ref} has no such alternative")


def _block(w: Context) -> Span | None:
    """The outermost atomic block that the thread is in."""
    begun = (
        of.span
        for frame in w.frames
        for pc, of in enumerate(frame.code.instructions)
        if isinstance(of, Begin) and pc < frame.pc <= of.until
    )
    return next(begun, None) if w.atomic else None


def _looked(instruction: Instruction, notes: Sequence[Note]) -> frozenset[str]:
    """What is read without a note: by `await`, and by an access that has raised before anything was noted."""
    if isinstance(instruction, Guard) or (isinstance(instruction, Access) and not notes):
        return instruction.reads
    return frozenset()


def _opening(begun: Sequence[Begun]) -> tuple[Move, ...]:
    """What was done before any step."""
    return tuple(Move(one.thread, 0, one.deeds[0].span, one.deeds) for one in begun if one.deeds)


def _theirs(begun: Sequence[Begun]) -> tuple[Deed, ...]:
    """What the threads have done that a step has started."""
    return tuple(replace(deed, thread=one.thread) for one in begun for deed in one.deeds)


def _plain(named: dict[str, object], shared: SharedPart) -> dict[str, object]:
    return {name: plain(value, shared) for name, value in named.items()}
