"""What comes in the middle of a thread: one more alternative of its next step, a body of its own on the thread's stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, Kind
from scenario.engines.explore.step.primitives.model import Phase
from scenario.record import record


@record
class Interrupted(Phase):
    """The thread stands before a step, `atomic` blocks deep, while an interrupt runs in a frame above."""

    atomic: int

    @property
    def runs(self) -> bool:
        return True

    def returned(self, w: Context, _value: object) -> None:
        """It goes on before the step where it was."""
        self.left(w)

    def left(self, w: Context) -> None:
        w.enter_atomic(self.atomic)
        w.stay(None)


def may_come(w: Context) -> bool:
    """Whether an interrupt may come here: not in an operation of several steps or an atomic block that has begun, nor in another."""
    return bool(w.came) and not w.inside and all(frame.phase is None for frame in w.frames)


def interrupting(w: Context, own: Alternatives) -> Iterator[Alternative]:
    """The interrupts that may come before the thread's next step, whose own alternatives are `own`.

    None comes before a timer fires.
    Where the step can not be taken, the thread has not come to it yet, or is blocked for good: one that comes is explored, and
    none counts as being able to move.
    """
    if not may_come(w) or _is_a_timer_that_waits(w):
        return
    kind: Kind = "ok" if any(one.kind == "ok" for one in own) else "spurious"
    for number, interrupt in enumerate(w.thread.interrupts):
        if w.came[number] < interrupt.times:
            yield Alternative(_coming(number), kind, interrupt=interrupt.routine)


def _coming(number: int) -> Callable[[Context], None]:
    def come(w: Context) -> None:
        phase = Interrupted(w.atomic)
        w.leave_atomic(w.atomic)
        w.interrupt(number, phase)

    return come


def _is_a_timer_that_waits(w: Context) -> bool:
    return isinstance(w.instruction, Operate) and w.instruction.part == "fire"
