"""A path of the graph as a schedule that a person reads and a replay follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scenario.engines.explore.evidence.dependence import Trail, with_sources
from scenario.engines.explore.evidence.facts import facts
from scenario.engines.explore.evidence.holders import Holding
from scenario.engines.explore.evidence.waits import blocked
from scenario.engines.explore.model.code import Access, Guard, Instruction
from scenario.engines.explore.model.parts import SharedPart
from scenario.engines.explore.model.views import plain
from scenario.engines.explore.step.beginnings import Begun, at_the_start, beginnings, named_locals
from scenario.engines.explore.step.context import Context, Note, Place
from scenario.engines.explore.step.layout import Thread
from scenario.engines.explore.step.stepper import State, Stepper
from scenario.results.schedule import Deed, Move, Schedule
from scenario.results.waiting import Wait


def follow(
    stepper: Stepper, start: State, choices: list[tuple[int, int]], cycle: int | None = None
) -> tuple[Schedule, State]:
    """Takes the (thread, alternative) steps from a first state; the schedule and the state they lead to.

    Raises LookupError where a thread has no such alternative.
    """
    path = _Path(stepper, start)
    for number, alternative in choices:
        path.take(number, alternative)
    return path.schedule(cycle), path.state


class _Path:
    """What has been done so far, who holds what, and each thread's locals."""

    def __init__(self, stepper: Stepper, start: State) -> None:
        self.state = start
        self._stepper = stepper
        self._moves: list[Move] = []
        self._trails: list[Trail] = []
        self._last = -1
        self._holding = Holding(stepper)
        starts = [first for _, first in stepper.initial()]
        self._number = starts.index(start)
        self._start = self._number if len(starts) > 1 else None
        self._begun = at_the_start(stepper)[self._number]
        self._locals: dict[str, dict[str, Any]] = {one.thread: dict(one.locals) for one in self._begun}

    def take(self, number: int, alternative: int) -> None:
        stepper, state = self._stepper, self.state
        thread = stepper.layout.threads[number]
        if stepper.layout.virtual and not any(
            True for t in stepper.layout.threads for _ in stepper.of_thread(state, t)
        ):
            state = stepper.next_moment(state)
        successors = list(stepper.of_thread(state, thread))
        if alternative >= len(successors):
            raise LookupError(f"{thread.ref} can not take alternative {alternative} at step {len(self._moves) + 1}")
        move = replace(self._move(state, thread, alternative), preempts=self._preempts(state, number))
        after = successors[alternative].state
        self._holding.step(state, after, move)
        self._moves.append(replace(move, waits=self._waits(after, thread)))
        self.state, self._last = after, number

    def _preempts(self, state: State, number: int) -> bool:
        """Whether the thread that moved last could have gone on."""
        stepper = self._stepper
        if self._last in (-1, number):
            return False
        return any(s.kind == "ok" for s in stepper.of_thread(state, stepper.layout.threads[self._last]))

    def _waits(self, state: State, thread: Thread) -> Wait | None:
        if not self._stepper.is_blocked(state, thread):
            return None
        return blocked(self._stepper, state, thread.number, self._holding.held).wait

    def _move(self, state: State, thread: Thread, alternative: int) -> Move:
        """What the step does, how it goes, and which shared variables it reads and writes."""
        stepper = self._stepper
        before = stepper.context(state, thread)
        instruction, atomic = before.instruction, before.atomic > 0
        standing = tuple(Place(i, frame.code.name, frame.pc) for i, frame in enumerate(before.frames, 1))
        passed = 0
        for taken, _, after in stepper.outcomes(before, state, thread, tracing=True):
            begun = beginnings(stepper, after.shared_part(), [stepper.layout.threads[n] for n in after.started])
            if passed + len(begun) > alternative:
                self._learn(after, begun[alternative - passed])
                deeds = (*(after.deeds or ()), *_theirs(begun[alternative - passed]))
                notes = after.notes or ()
                self._trails.append(Trail(standing, tuple(after.trail or ())))
                reads = _looked(instruction, notes).union(*(access.reads for access, _ in notes))
                writes = frozenset().union(*(access.writes for access, wrote in notes if wrote))
                return Move(
                    thread.ref, alternative, instruction.span, deeds, taken.label,
                    reads=tuple(sorted(reads)), writes=tuple(sorted(writes)), atomic=atomic, **facts(before, taken, after),
                )  # fmt: skip
            passed += len(begun)
        self._trails.append(Trail())
        return Move(thread.ref, alternative, instruction.span)

    def _learn(self, after: Context, begun: Sequence[Begun]) -> None:
        """The locals that are known after the step, its own and those of the threads that it has started."""
        self._locals.setdefault(after.thread.ref, {}).update(named_locals(after))
        self._locals.update({one.thread: dict(one.locals) for one in begun})

    def schedule(self, cycle: int | None) -> Schedule:
        shared = self._stepper.shared[self.state[0]]
        moves = with_sources(self._stepper.layout.codes, self._moves, self._trails)
        return Schedule(
            self._stepper.layout.program.digest, tuple(moves), cycle, self._start, _opening(self._begun),
            {ref: _plain(named, shared) for ref, named in self._locals.items() if named},
        )  # fmt: skip


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


def _plain(named: dict[str, Any], shared: SharedPart) -> dict[str, object]:
    return {name: plain(value, shared) for name, value in named.items()}
