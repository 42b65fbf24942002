"""Event: a set releases all that are queued, and a later clear does not call them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import (
    Alternative,
    Alternatives,
    argument,
    blocked,
    finishing,
    put,
    unusable,
)
from scenario.engines.explore.step.primitives.model import Phase, Queueing, Standing, Steps
from scenario.program import ops
from scenario.record import record
from scenario.results.waiting import Wait


class EventState(NamedTuple):
    """`queue`: who waits and has not been released, in the order of their numbers."""

    is_set: bool = False
    queue: tuple[int, ...] = ()


@record
class Queued(Phase):
    """It stands in the queue, or did."""


class EventModel(Queueing):
    """An event."""

    def first(self) -> EventState:
        return EventState()

    def asked(self, objects: Sequence[object]) -> dict[str, object]:
        state = objects[self.number]
        assert isinstance(state, EventState)
        return {"is_set": state.is_set}

    def taken(self, _: EventState) -> int:
        return 0

    def role(self, state: EventState, thread: int) -> bool:
        return thread in state.queue

    def renamed(self, state: EventState, new: Mapping[int, int]) -> EventState:
        return EventState(state.is_set, tuple(sorted(new[n] for n in state.queue)))

    def apart(self, state: EventState, thread: int) -> tuple[bool, EventState]:
        return thread in state.queue, EventState(state.is_set, tuple(n for n in state.queue if n != thread))

    def back(self, state: EventState, thread: int) -> EventState:
        return EventState(state.is_set, tuple(sorted((*state.queue, thread))))

    def touched(self) -> tuple[int, ...]:
        return (self.number,)

    def wait(self, at: Standing) -> Wait:
        return Wait("event", at.w.layout.name_of(self.number))

    def wait_set(self, w: Context, op: Operate) -> Alternatives:
        state: EventState = w.objects[self.number]
        me = w.thread.number
        if w.phase is None:
            if state.is_set:
                return (Alternative(finishing(value=True)),)
            return (Alternative(self._queue, part="first"),)
        timeout = argument(w, op, "timeout")
        left = self.apart(state, me)[1]
        if (refused := unusable(timeout)) is not None:
            return (Alternative(lambda v: self._refuse(v, left, refused)),)
        if me not in state.queue:
            return (Alternative(finishing(value=True), part="second"),)
        return blocked(w, timeout, put(self.number, left, value=False))

    def _queue(self, w: Context) -> None:
        state: EventState = w.objects[self.number]
        w.objects[self.number] = EventState(state.is_set, tuple(sorted((*state.queue, w.thread.number))))
        w.stay(Queued())

    def _refuse(self, w: Context, state: EventState, refused: ScenarioError) -> None:
        w.objects[self.number] = state
        raise refused

    def set_(self, _: Context, __: Operate) -> Alternatives:
        return (Alternative(put(self.number, EventState(is_set=True))),)

    def clear(self, w: Context, _: Operate) -> Alternatives:
        return (Alternative(put(self.number, EventState(queue=w.objects[self.number].queue))),)

    steps: ClassVar[Steps] = {ops.WaitEvent: wait_set, ops.SetEvent: set_, ops.ClearEvent: clear}
