"""Why each step of a schedule does what it does: whose values it works with, and whose values decided that it is taken.

A step works with what an earlier step of its thread has read if that flows into what it writes or gives on; it is
decided by what flowed into a branch whose join it has not reached yet (the nearest place that every way from the branch
comes by: its immediate postdominator). Exceptions are no ways here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import reduce
from operator import and_
from typing import NamedTuple, TypeAlias

from scenario.engines.explore.model.code import (
    Access,
    Branch,
    Code,
    Compute,
    Enter,
    Fail,
    Guard,
    Instruction,
    Iterate,
    Leave,
    Operate,
    Place,
)
from scenario.record import mutable
from scenario.results.schedule import Move
from scenario.source import Span
from scenario.steps.code import successors

Steps: TypeAlias = frozenset[int]
"""Numbers of moves."""

_NONE: Steps = frozenset()


class Trail(NamedTuple):
    """What a move has come by: where its thread's frames stood, and every instruction since."""

    stack: tuple[Place, ...] = ()
    visited: tuple[Place, ...] = ()


class _Region(NamedTuple):
    """What is executed because a branch went this way, up to its join."""

    branch: int
    join: int
    span: Span
    sources: Steps

    def reaches(self, pc: int) -> bool:
        """Whether the place is inside (an exception or `break` may have left it before its join)."""
        return self.branch <= pc < self.join or (self.join < self.branch <= pc)


@mutable
class _Frame:
    """Where the values of a frame's slots come from, and the regions that it is in."""

    slots: dict[int, Steps] = field(default_factory=dict)
    regions: list[_Region] = field(default_factory=list)
    at: Instruction | None = None

    def stand(self, at: Instruction, pc: int) -> None:
        """It has come to this instruction, and out of the regions that do not reach so far."""
        self.at = at
        self.regions = [region for region in self.regions if region.reaches(pc)]

    def of(self, instruction: Instruction) -> Steps:
        """What flows into it: by its slots, and by branches inside of the same step (`a and b`)."""
        near = [region.sources for region in self.regions if region.span == instruction.span]
        return _NONE.union(*(self.slots.get(slot, _NONE) for slot in instruction.uses), *near)


@mutable
class _Known:
    """What is found out of one move."""

    later: frozenset[str]
    uses: Steps = _NONE
    because: Steps = _NONE
    refuted: Steps = _NONE

    def use(self, sources: Steps, frames: Iterable[_Frame]) -> None:
        """A step: what flows into it, and because of what it is taken."""
        self.uses |= sources
        self.because = self.because.union(*(region.sources for frame in frames for region in frame.regions))

    def refute(self, frame: _Frame) -> None:
        """A check was false: what the branch before it has looked at."""
        self.refuted |= frame.regions[-1].sources if frame.regions else _NONE


def with_sources(codes: Mapping[str, Code], moves: Sequence[Move], trails: Sequence[Trail]) -> list[Move]:
    """The moves, each with its sources; `trails` are the places that each has come by."""
    flow = _Flow(codes)
    known = [
        flow.follow(number, move.thread, trail) for number, (move, trail) in enumerate(zip(moves, trails, strict=True))
    ]
    return [
        replace(
            move,
            uses=tuple(sorted(each.uses - {number})), because=tuple(sorted(each.because - {number})),
            refuted=tuple(sorted(each.refuted)), decides=flow.decides.get(number),
            claims=tuple(sorted(flow.decided.get(number, set()).intersection(move.reads))), later=tuple(sorted(each.later)),
        )
        for number, (move, each) in enumerate(zip(moves, known, strict=True))
    ]  # fmt: skip


class _Flow:
    """The values of all threads on their way."""

    def __init__(self, codes: Mapping[str, Code]) -> None:
        self._codes = codes
        self._joins: dict[str, tuple[int, ...]] = {}
        self._threads: dict[str, list[_Frame]] = {}
        self._writes: dict[str, tuple[frozenset[str], ...]] = {}
        self._checks: dict[str, frozenset[Span]] = {}
        self.decides: dict[int, int] = {}
        self.decided: dict[int, set[str]] = {}

    def follow(self, number: int, thread: str, trail: Trail) -> _Known:
        known = _Known(self._later(trail))
        frames = self._threads.setdefault(thread, [])
        self._callers(frames, trail.stack)
        for place in trail.visited:
            self._visit(number, frames, place, known)
        return known

    def _later(self, trail: Trail) -> frozenset[str]:
        """What may be written from where the move has come to, and from where its callers go on."""
        *_, last = trail.visited or trail.stack or (Place(1, next(iter(self._codes)), 0),)
        following = last._replace(pc=last.pc + 1)
        return frozenset().union(*(self._written(place) for place in (*trail.stack[: last.depth - 1], following)))

    def _written(self, place: Place) -> frozenset[str]:
        if place.code not in self._writes:
            self._writes[place.code] = written_after(self._codes[place.code].instructions)
        writes = self._writes[place.code]
        return writes[place.pc] if place.pc < len(writes) else frozenset()

    def _callers(self, frames: list[_Frame], stack: Sequence[Place]) -> None:
        """Where the frames stand that a thread has entered before its first step."""
        unknown = stack[len(frames) :]
        frames += [_Frame(at=self._codes[place.code].instructions[place.pc]) for place in unknown]

    def _visit(self, number: int, frames: list[_Frame], place: Place, known: _Known) -> None:
        code = self._codes[place.code]
        del frames[place.depth :]
        while len(frames) < place.depth:
            frames.append(_entered(frames))
        frame, instruction = frames[-1], code.instructions[place.pc]
        frame.stand(instruction, place.pc)
        self._flow(number, frames, place, instruction, known)

    def _flow(self, number: int, frames: list[_Frame], place: Place, instruction: Instruction, known: _Known) -> None:
        frame = frames[-1]
        sources = frame.of(instruction)
        match instruction:
            case Branch() | Iterate():
                self._decide(number, frame, place, instruction, sources)
            case Access() | Operate() | Guard():
                known.use(sources, frames)
                sources = sources | {number}
            case Fail():
                known.refute(frame)
            case Leave():
                _returned(frames, sources)
            case Compute(stores=False) if not instruction.defines:  # it changes what a slot holds
                frame.slots.update(dict.fromkeys(instruction.uses, sources))
            case _:
                pass
        frame.slots.update(dict.fromkeys(instruction.defines, sources))

    def _decide(self, number: int, frame: _Frame, place: Place, instruction: Branch | Iterate, sources: Steps) -> None:
        join = self._join(place)
        changes = _writes(self._codes[place.code].instructions[place.pc : max(join, place.pc)])
        for source in sources if instruction.span not in self._checked(place.code) else _NONE:
            self.decides.setdefault(source, number)
            self.decided.setdefault(source, set()).update(changes)
        again = next((i for i, region in enumerate(frame.regions) if region.branch == place.pc), None)
        if again is not None:  # the next round of a loop: what decided the last one is over
            del frame.regions[again:]
        frame.regions.append(_Region(place.pc, join, instruction.span, sources))

    def _checked(self, code: str) -> frozenset[Span]:
        """The asserts: whatever they find, the thread goes on, so nothing is decided there."""
        if code not in self._checks:
            asserts = (
                each for each in self._codes[code].instructions if isinstance(each, Fail) and each.kind == "assert"
            )
            self._checks[code] = frozenset(each.span for each in asserts)
        return self._checks[code]

    def _join(self, place: Place) -> int:
        if place.code not in self._joins:
            self._joins[place.code] = joins(self._codes[place.code].instructions)
        return self._joins[place.code][place.pc]


def _entered(frames: list[_Frame]) -> _Frame:
    """A routine's frame: its parameters are its first slots."""
    caller = frames[-1] if frames else None
    if caller is None or not isinstance(caller.at, Enter):
        return _Frame()
    return _Frame({i: caller.slots.get(slot, _NONE) for i, slot in enumerate(caller.at.uses)})


def _returned(frames: list[_Frame], sources: Steps) -> None:
    caller = frames[-2] if len(frames) > 1 else None
    if caller is not None and isinstance(caller.at, Enter):
        caller.slots.update(dict.fromkeys(caller.at.defines, sources))


def _writes(instructions: Sequence[Instruction]) -> frozenset[str]:
    return frozenset().union(*(each.writes for each in instructions if isinstance(each, Access)))


def written_after(instructions: Sequence[Instruction]) -> tuple[frozenset[str], ...]:
    """For each instruction the variables that it or what may follow it writes (routines that it calls apart)."""
    after = [_writes([each]) for each in instructions]
    changed = True
    while changed:
        changed = False
        for pc in range(len(instructions) - 1, -1, -1):
            found = after[pc].union(*(after[n] for n in successors(instructions[pc], pc)))
            if found != after[pc]:
                after[pc], changed = found, True
    return tuple(after)


# --- where branches join ---------------------------------------------------------------------------------


def joins(instructions: Sequence[Instruction]) -> tuple[int, ...]:
    """The immediate postdominator of each instruction; the body's length where that is its end."""
    end = len(instructions)
    after = _postdominators(instructions)
    return tuple(
        max(_bits(after[pc] & ~(1 << pc)), key=lambda n: after[n].bit_count(), default=end) for pc in range(end)
    )


def _postdominators(instructions: Sequence[Instruction]) -> list[int]:
    """For each instruction a set, as bits, of what every way from it comes by (itself and the end too)."""
    end = len(instructions)
    everything = (1 << (end + 1)) - 1
    after = [everything] * end + [1 << end]
    changed = True
    while changed:
        changed = False
        for pc in range(end - 1, -1, -1):
            following = successors(instructions[pc], pc) or (end,)
            found = reduce(and_, (after[n] for n in following)) | 1 << pc
            if found != after[pc]:
                after[pc], changed = found, True
    return after


def _bits(number: int) -> Iterator[int]:
    return (i for i in range(number.bit_length()) if number >> i & 1)
