"""Steps that need not be computed again: what a step reads of the shared part, and what it changes there.

An access depends on the variables it names and an operation on its own object, so in two states that agree
there (and in the thread's part) the same step does the same. This is no reduction: the states are all looked
at, only the semantics run once for each distinct footprint instead of once for each distinct shared part.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, TypeAlias

from scenario.engines.explore.model.code import Access, Fail, Operate
from scenario.engines.explore.model.interning import Interner
from scenario.engines.explore.model.parts import ENDING, SPINNING, SharedPart, ThreadPart, thaw_locals
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.program.program import ThreadPool

Change: TypeAlias = tuple[
    tuple[tuple[int, object], ...], tuple[tuple[int, object], ...], tuple[tuple[int, object], ...]
]
"""What a step writes: variables, objects and statuses by number."""


class Footprints:
    """For each thread's part which variables and objects its next step touches, where that is known."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._places: dict[int, tuple[tuple[int, ...], tuple[int, ...]] | None] = {}
        self._applied: dict[tuple[int, Change], int] = {}
        worded = (isinstance(i, Fail) and i.looks for code in layout.codes.values() for i in code.instructions)
        # a loaded object is anybody's, a call's end settles futures, time is everybody's, and the words of a failed check may read what they like
        self.known = not (
            layout.followed or layout.virtual or any(isinstance(k, ThreadPool) for k in layout.kinds) or any(worded)
        )

    def read(self, shared: SharedPart, number: int, part: ThreadPart, thread: Thread) -> Hashable | None:
        """All of the shared part on which the next step of the thread depends; None where that may be anything.

        `number` is the part's. The failures so far count: a step may add to them, or find its own among them.
        """
        if not self.known:
            return None
        if number in self._places:
            places = self._places[number]
        else:
            places = self._places[number] = self._touched(part)
        if places is None:
            return None
        names, objects = places
        values = shared.vars
        return (
            number,
            thread.number,
            shared.status[thread.number],
            tuple([values[i] for i in names]),
            tuple([shared.objects[i] for i in objects]),
            shared.failed,
            shared.errors,
        )

    def _touched(self, part: ThreadPart) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        if not part.frames or part.atomic or any(frame[3] is not None for frame in part.frames[:-1]):
            return None  # a block of many steps; an action's end opens its barrier
        code, pc, values, phase = part.frames[-1]
        instruction = self.layout.codes[code].instructions[pc]
        if isinstance(instruction, Access) and phase is None and not instruction.asks:
            names = instruction.reads | instruction.writes | instruction.reaches
            return tuple(sorted(self.layout.vars[name] for name in names)), ()
        if isinstance(instruction, Operate) and instruction.name and phase not in (ENDING, SPINNING):
            return self._operated(instruction, values)
        return None

    def _operated(self, op: Operate, values: Any) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        index = None
        if op.index is not None:
            if values[0] == "T":
                return None
            index = thaw_locals(values)[op.index]
        number = self.layout.objects.get((op.name, index)) if index is None or type(index) is int else None
        if number is None:  # a thread, a negative index, or what raises
            return None
        objects = self.layout.models[number].touched()
        return None if objects is None else ((), objects)

    def apply(self, shared: Interner[SharedPart], number: int, change: Change) -> int:
        """The number of the shared part after the change."""
        key = (number, change)
        known = self._applied.get(key)
        if known is None:
            old = shared[number]
            new = SharedPart(
                _with(old.vars, change[0]), _with(old.objects, change[1]), _with(old.status, change[2]), *old[3:]
            )
            known = self._applied[key] = shared.add(new)
        return known


def changed(old: SharedPart, new: SharedPart) -> Change | None:
    """The change from one to the other; None if it is more than variables, objects and statuses."""
    if old[3:] != new[3:]:
        return None
    return (
        _differences(old.vars, new.vars),
        _differences(old.objects, new.objects),
        _differences(old.status, new.status),
    )


def _differences(old: tuple[object, ...], new: tuple[object, ...]) -> tuple[tuple[int, object], ...]:
    if old == new:
        return ()
    return tuple((i, after) for i, (before, after) in enumerate(zip(old, new, strict=True)) if before != after)


def _with(values: tuple[object, ...], changes: tuple[tuple[int, object], ...]) -> tuple[Any, ...]:
    if not changes:
        return values
    result = list(values)
    for i, value in changes:
        result[i] = value
    return tuple(result)
