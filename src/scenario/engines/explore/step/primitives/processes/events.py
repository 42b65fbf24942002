"""Event of `multiprocessing`: a semaphore for its flag, and a condition. Who was woken looks at the flag again: a clear may have come.

Where nobody is killed, nothing can tell how its condition counts: all that are queued are released by a set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, argument, finishing
from scenario.engines.explore.step.primitives.events import EventModel, EventState
from scenario.engines.explore.step.primitives.model import Model, Standing, Steps
from scenario.engines.explore.step.primitives.processes import sleepers
from scenario.engines.explore.step.primitives.processes.ends import killed
from scenario.engines.explore.step.primitives.processes.sleepers import Counts, Notified
from scenario.program import ops
from scenario.results.waiting import Holder, Wait


class ProcessEventModel(EventModel):
    """One in a program that kills nobody."""

    def wait_set(self, w: Context, op: Operate) -> Alternatives:
        state: EventState = w.objects[self.number]
        if w.phase is not None and w.thread.number not in state.queue:
            return (Alternative(finishing(value=state.is_set), part="second"),)
        return super().wait_set(w, op)

    steps: ClassVar[Steps] = {**EventModel.steps, ops.WaitEvent: wait_set}


class CountingState(NamedTuple):
    is_set: bool = False
    counts: Counts = Counts()


class CountingEventModel(Model):
    """One in a program that kills."""

    def first(self) -> CountingState:
        return CountingState()

    def asked(self, objects: Sequence[object]) -> Mapping[str, object]:
        return {"is_set": self._state(objects).is_set}

    def _state(self, objects: Sequence[object]) -> CountingState:
        state = objects[self.number]
        assert isinstance(state, CountingState)
        return state

    def ways_to_ask(self, w: Context, _: str) -> Sequence[object]:
        state = self._state(w.objects)
        return (state,) if state.counts.holder is None else ()

    def taken(self, _: CountingState) -> int:
        return 0

    def role(self, state: CountingState, thread: int) -> bool:
        return state.counts.holder == thread

    def renamed(self, state: CountingState, new: Mapping[int, int]) -> CountingState:
        return state._replace(counts=sleepers.renamed(state.counts, new))

    def touched(self) -> tuple[int, ...]:
        return (self.number,)

    def wait(self, at: Standing) -> Wait:
        name, holder = at.w.layout.name_of(self.number), self._state(at.w.objects).counts.holder
        if isinstance(at.w.phase, Notified):
            return Wait("woken", name, by=killed(at.w))
        if holder is not None:
            return Wait("relock", name, (Holder(at.w.layout.threads[holder].ref),))
        return Wait("event", name)

    def wait_set(self, w: Context, op: Operate) -> Alternatives:
        state = self._state(w.objects)
        ways = sleepers.waking(w, state.counts, self._store, argument(w, op, "timeout"))
        if ways is not None:
            return ways
        if state.counts.holder is not None:
            return ()
        if w.phase is None and not state.is_set:
            return (Alternative(lambda v: sleepers.begin(v, state.counts, self._store), part="first"),)
        return (Alternative(finishing(value=state.is_set), part="whole" if w.phase is None else "second"),)

    def _store(self, w: Context, counts: Counts) -> None:
        w.objects[self.number] = self._state(w.objects)._replace(counts=counts)

    def set_(self, w: Context, _: Operate) -> Alternatives:
        state = self._state(w.objects)
        if isinstance(w.phase, Notified):
            return sleepers.all_back(state.counts, self._store, w.phase.sleepers)
        return (Alternative(self._set),) if state.counts.holder is None else ()

    def _set(self, w: Context) -> None:
        state = self._state(w.objects)
        w.objects[self.number] = state._replace(is_set=True)
        sleepers.notify(w, state.counts, self._store, None, w.thread.number)

    def clear(self, w: Context, _: Operate) -> Alternatives:
        return (Alternative(self._clear),) if self._state(w.objects).counts.holder is None else ()

    def _clear(self, w: Context) -> None:
        w.objects[self.number] = self._state(w.objects)._replace(is_set=False)
        w.finish()

    steps: ClassVar[Steps] = {ops.WaitEvent: wait_set, ops.SetEvent: set_, ops.ClearEvent: clear}
