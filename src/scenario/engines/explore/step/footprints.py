"""Steps that need not be computed again: what a step reads of the shared part, and what it changes there.

An access depends on the variables it names (one to an element of a list, on the element) and an operation on its own object,
so in two states that agree there (and in the thread's part) the same step does the same. This is no reduction: the states are
all looked at, only the semantics run once for each distinct footprint instead of once for each distinct shared part.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from scenario.engines.explore.model.code import Access, Code, Fail, Instruction, Operate
from scenario.engines.explore.model.parts import ENDING, SPINNING, SharedPart, ThreadPart, thaw_locals
from scenario.engines.explore.model.values import Key
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.program import ops
from scenario.program.program import ThreadPool
from scenario.syntax import Const, Local


class At(NamedTuple):
    """An element of a list and its value."""

    element: int
    value: object


Change: TypeAlias = tuple[
    tuple[tuple[int, object], ...], tuple[tuple[int, object], ...], tuple[tuple[int, object], ...]
]
"""What a step writes: variables, objects and statuses by number."""

UNCHANGED: Change = ((), (), ())


Footprint: TypeAlias = tuple[int, int, object, At | tuple[object, ...], tuple[object, ...], object, object]
"""What a step depends on: the thread's part and number, statuses, variables, objects, and what has failed and was raised so far."""

Touched: TypeAlias = tuple[tuple[int, ...], tuple[int, ...], int | None]
"""Variables and objects by number, and the element of the only variable, if it is to one element."""


class Footprints:
    """For each thread's part which variables and objects its next step touches, where that is known."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._places: dict[int, Touched | None] = {}
        worded = (isinstance(i, Fail) and i.looks for code in layout.codes.values() for i in code.instructions)
        # a loaded object is anybody's, a call's end settles futures, time is everybody's, and the words of a failed check may read what they like
        self.known = not (
            layout.followed
            or layout.counted
            or layout.virtual
            or layout.program.interrupts
            or any(isinstance(k, ThreadPool) for k in layout.kinds)
            or any(worded)
        )
        self._passing = passing(layout)

    def read(self, shared: SharedPart, number: int, part: ThreadPart, thread: Thread) -> Footprint | None:
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
        names, objects, index = places
        values = shared.vars
        element = None if index is None else _plain(values[names[0]], index)
        return (
            number,
            thread.number,
            shared.status if thread.code in self._passing else shared.status[thread.number],
            element or tuple([values[i] for i in names]),
            tuple([shared.objects[i] for i in objects]),
            shared.failed,
            shared.errors,
        )

    def _touched(self, part: ThreadPart) -> Touched | None:
        if not part.frames or part.atomic or any(frame[3] is not None for frame in part.frames[:-1]):
            return None  # a block of many steps; an action's end opens its barrier
        code, pc, values, phase = part.frames[-1]
        instruction = self.layout.codes[code].instructions[pc]
        if isinstance(instruction, Access) and phase is None and not instruction.asks:
            names = instruction.reads | instruction.writes | instruction.reaches
            element = self._element(instruction, self.layout.codes[code], values)
            return tuple(sorted(self.layout.vars[name] for name in names)), (), element
        if isinstance(instruction, Operate) and instruction.name and phase not in (ENDING, SPINNING):
            return self._operated(instruction, values)
        return None

    def _element(self, at: Access, code: Code, values: Key) -> int | None:
        """Which element of its variable the access is to, if it is to nothing else."""
        match at.element:
            case Const(int() as value):
                found: object = value
            case Local(name) if name in code.slots and values[0] != "T":
                found = thaw_locals(values)[code.slots.index(name)]
            case _:
                return None
        return found if type(found) is int and found >= 0 else None

    def _operated(self, op: Operate, values: Any) -> Touched | None:
        index = None
        if op.index is not None:
            if values[0] == "T":
                return None
            index = thaw_locals(values)[op.index]
        number = self.layout.objects.get((op.name, index)) if index is None or type(index) is int else None
        if number is None:  # a thread, a negative index, or what raises
            return None
        objects = self.layout.models[number].touched()
        return None if objects is None else ((), objects, None)


def passing(layout: Layout) -> frozenset[str]:
    """The codes in which `all` may pass over a thread, in local work: then it counts who has begun."""
    found = {name for name, code in layout.codes.items() if any(map(_may_pass, code.instructions))}
    return frozenset(layout.codes) if any(name.startswith("routine ") for name in found) else frozenset(found)


def _may_pass(instruction: Instruction) -> bool:
    return isinstance(instruction, Operate) and instruction.part == "all" and instruction.verb in (ops.Start, ops.Join)


def _plain(container: Key, index: int) -> At | None:
    """The element, if it is one of a list and no object of its own: nothing else of the list says what is done with it."""
    if type(container) is not tuple or container[0] != "l" or index + 1 >= len(container):
        return None
    value = container[1 + index]
    return At(index, value) if _is_plain(value) else None


def _is_plain(value: Key) -> bool:
    return type(value) is not tuple or value[0] in ("b", "f")


def changed(old: SharedPart, new: SharedPart, footprint: Footprint) -> Change | None:
    """The change from one to the other; None if it is more than variables, objects and statuses.

    Where one element was read, the change is to that alone, or not known.
    """
    read = footprint[3]
    if old[3:] != new[3:]:
        return None
    variables = _differences(old.vars, new.vars)
    if isinstance(read, At):
        if not all(_is_plain(value[1 + read.element]) for _, value in variables):
            return None
        variables = tuple((number, At(read.element, value[1 + read.element])) for number, value in variables)
    return variables, _differences(old.objects, new.objects), _differences(old.status, new.status)


def applied(old: SharedPart, change: Change) -> SharedPart:
    """The shared part after the change."""
    return SharedPart(_with(old.vars, change[0]), _with(old.objects, change[1]), _with(old.status, change[2]), *old[3:])


def _differences(old: tuple[object, ...], new: tuple[object, ...]) -> tuple[tuple[int, Key], ...]:
    if old == new:
        return ()
    return tuple((i, after) for i, (before, after) in enumerate(zip(old, new, strict=True)) if before != after)


def _with(values: tuple[object, ...], changes: tuple[tuple[int, object], ...]) -> tuple[Any, ...]:
    if not changes:
        return values
    result: list[Key] = list(values)
    for i, value in changes:
        if isinstance(value, At):
            result[i] = (*result[i][: 1 + value.element], value.value, *result[i][2 + value.element :])
        else:
            result[i] = value
    return tuple(result)
