"""RLock: its owner may take it again, and nobody else releases it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple, TypeAlias

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import Alternative, Alternatives, put, raising
from scenario.engines.explore.step.primitives.locks import Mutex
from scenario.engines.explore.step.primitives.model import ANYBODY, Personal, Steps
from scenario.program import ops


class Owned(NamedTuple):
    """By which thread, taken how often."""

    thread: int
    levels: int


State: TypeAlias = Owned | None


class RLockModel(Personal, Mutex):
    """Its state: who owns it, if anyone."""

    def first(self) -> State:
        return None

    def asked(self, objects: Sequence[object]) -> dict[str, object]:
        return {"locked": objects[self.number] is not None}

    def role(self, state: State, thread: int) -> bool:
        return self.owned(state, thread)

    def renamed(self, state: State, new: Mapping[int, int]) -> State:
        return None if state is None else Owned(new[state.thread], state.levels)

    def apart(self, state: State, thread: int) -> tuple[bool, State]:
        return self.owned(state, thread), self.renamed(state, {thread: ANYBODY}) if self.owned(state, thread) else state

    def back(self, state: State, thread: int) -> State:
        return self.renamed(state, {ANYBODY: thread})

    def free(self, state: State, thread: int) -> bool:
        return state is None or state.thread == thread

    def after(self, state: State, thread: int) -> State:
        return Owned(thread, 1 if state is None else state.levels + 1)

    def owned(self, state: State, thread: int) -> bool:
        return state is not None and state.thread == thread

    def levels(self, state: State) -> int:
        return 0 if state is None else state.levels

    def restored(self, thread: int, levels: int) -> State:
        return Owned(thread, levels)

    def release(self, w: Context, _: Operate) -> Alternatives:
        state: State = w.objects[self.number]
        if state is None or state.thread != w.thread.number:
            return raising("RuntimeError", "cannot release un-acquired lock")
        return (Alternative(put(self.number, Owned(state.thread, state.levels - 1) if state.levels > 1 else None)),)

    steps: ClassVar[Steps] = {ops.Acquire: Mutex.acquire, ops.Release: release}
