"""What a thread's next step touches: elements, objects and ends told apart as the thread's own locals tell them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from scenario.engines.explore.model.code import Access, Emit, Guard, Operate
from scenario.engines.explore.model.parts import Frame, ThreadPart, thaw_locals
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.layout import Layout
from scenario.program import ops
from scenario.program.program import BoundedSemaphore, Lock, RLock, Semaphore, ThreadPool
from scenario.syntax import Const

Manner: TypeAlias = Literal["read", "write", "take", "give", "start", "join", "other"]
"""`take`: waits until it is free, and has it then; `give`: gives back what the thread has, or takes it once more; `other`: anything else."""

Root: TypeAlias = 'tuple[Literal["variable", "object", "life", "output", "anything"], object]'

Hold: TypeAlias = frozenset[int]
"""The locks and semaphores that a thread has for sure, by number."""

NOTHING: Hold = frozenset()


class Touch(NamedTuple):
    """`key`: the element of a variable; None is all of it."""

    root: Root
    manner: Manner
    key: object = None


ANYTHING = Touch(("anything", None), "other")

_UNKNOWN: list[object] = []
"""Locals that are kept with the fields of a `local`."""


class Touches:
    """Reads them off instructions and locals."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._elements = {v.name: _elements(v.value) for v in layout.program.vars}

    def standing(self, part: ThreadPart, hold: Hold) -> frozenset[Touch]:
        """By the next step of a thread that stands here. Of an atomic block only what it begins with."""
        if not part.frames:
            return frozenset()
        if any(frame[3] is not None for frame in part.frames[:-1]):
            return frozenset({ANYTHING})  # a routine runs in the middle of an operation, and ends it
        code, pc, values, phase = part.frames[-1]
        frame = Frame(self.layout.codes[code], pc, _UNKNOWN if values[0] == "T" else thaw_locals(values), phase)
        return frozenset(self._of(frame, hold))

    def inside(self, w: Context, hold: Hold) -> frozenset[Touch]:
        """By the step that is being taken."""
        return frozenset(self._of(w.frame, hold))

    def _of(self, frame: Frame, hold: Hold) -> Iterator[Touch]:
        match frame.code.instructions[frame.pc]:
            case Access() as at:
                key = self._key(at, frame)
                for name in at.reads | at.writes | at.reaches:
                    yield Touch(("variable", name), "write" if name in at.writes else "read", key)
                yield from self._asked(at.asks)
            case Guard() as at:
                yield from (Touch(("variable", name), "read") for name in at.reads)
                yield from self._asked(at.asks)
            case Operate() as at:
                yield from self._operated(at, frame, hold)
            case Emit() as at:
                yield Touch(("output", at.stream), "write")
            case _:  # a thread that goes round without a step takes none
                pass

    def _key(self, at: Access, frame: Frame) -> object:
        """The element, if the access is to one that has always been there, and to nothing else."""
        index = at.element
        if index is None:
            return None
        (name,) = at.reads | at.writes
        key = index.value if isinstance(index, Const) else _local(frame, index.name)
        return key if type(key) in (int, str) and key in self._elements[name] else None

    # --- objects -----------------------------------------------------------------------------------

    def _asked(self, asks: frozenset[tuple[str, str]]) -> Iterator[Touch]:
        for name, _ in asks:
            numbers = self._named(name)
            yield from (Touch(("object", n), "other") for n in numbers)
            if not numbers:  # a thread, or a future
                yield ANYTHING

    def _named(self, name: str) -> list[int]:
        return [number for (other, _), number in self.layout.objects.items() if other == name]

    def _operated(self, op: Operate, frame: Frame, hold: Hold) -> Iterator[Touch]:
        index = frame.locals[op.index] if op.index is not None and frame.locals is not _UNKNOWN else None
        if op.verb in (ops.Start, ops.Join) and op.name in self.layout.groups:
            yield from self._lives(op, index)
            if op.name == "main" and any(isinstance(kind, ThreadPool) for kind in self.layout.kinds):
                yield ANYTHING  # which it waits for, too
            return
        members = self._named(op.name)
        number = self.layout.objects.get((op.name, index)) if index is None or type(index) is int else None
        for one in members if number is None else [number]:
            touched = self.layout.models[one].touched()
            for n in () if touched is None else touched:
                yield Touch(
                    ("object", n), self._manner(op, n, hold) if frame.phase is None and touched == (n,) else "other"
                )
            if touched is None:
                yield ANYTHING
        if not members:
            yield ANYTHING

    def _lives(self, op: Operate, index: object) -> Iterator[Touch]:
        members = self.layout.groups[op.name]
        at = 0 if op.index is None else index
        chosen = [members[at]] if type(at) is int and 0 <= at < len(members) else members
        manner: Manner = "start" if op.verb is ops.Start else "other" if "timeout" in op.args else "join"
        for number in chosen:
            yield Touch(("life", number), manner)

    def _manner(self, op: Operate, number: int, hold: Hold) -> Manner:
        kind = self.layout.kinds[number]
        if op.args or not isinstance(kind, Lock | RLock | Semaphore | BoundedSemaphore):
            return "other"
        if op.verb is ops.Acquire:
            return "give" if number in hold and isinstance(kind, RLock) else "take"
        if op.verb is ops.Release and (number in hold or isinstance(kind, Semaphore)):
            return "give"
        return "other"


def _local(frame: Frame, name: str) -> object:
    slots = frame.code.slots
    return frame.locals[slots.index(name)] if name in slots and frame.locals is not _UNKNOWN else None


def _elements(value: object) -> frozenset[object]:
    """The indices or keys of what holds no containers: where each element is a place of its own."""
    match value:
        case list() if not any(isinstance(item, list | dict | set) for item in value):
            return frozenset(range(len(value)))
        case dict() if not any(isinstance(item, list | dict | set) for item in value.values()):
            return frozenset(value)
        case _:
            return frozenset()
