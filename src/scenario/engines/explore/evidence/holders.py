"""Who holds which lock, and took which semaphore's places: a plain lock does not know, the way there does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.step.stepper import State, Stepper
from scenario.program import ops
from scenario.program.program import BoundedSemaphore, Lock, RLock, Semaphore
from scenario.results.schedule import Move
from scenario.results.waiting import Holder

Held: TypeAlias = dict[int, tuple[Holder, ...]]
"""For each lock or semaphore that is held: the threads that took it, and the steps that did."""


def holders(stepper: Stepper, states: Sequence[State], moves: Sequence[Move]) -> Held:
    """Who holds what after the moves."""
    holding = Holding(stepper)
    for before, after, move in zip(states, states[1:], moves, strict=False):
        holding.step(before, after, move)
    return holding.held


class Holding:
    """Who holds what, step by step. Who waits on a condition has its lock back since the step that first took it."""

    def __init__(self, stepper: Stepper) -> None:
        self.held: Held = {}
        self._stepper = stepper
        self._lent: dict[tuple[int, str], Holder] = {}  # while a condition's wait has let the lock go

    def step(self, before: State, after: State, move: Move) -> None:
        old, new = self._stepper.shared[before[0]].objects, self._stepper.shared[after[0]].objects
        for number, kind in enumerate(self._stepper.layout.kinds):
            if old[number] != new[number] and isinstance(kind, Lock | RLock | Semaphore | BoundedSemaphore):
                self._change(number, _taken(kind, new[number]) - _taken(kind, old[number]), before, move)

    def _change(self, number: int, taken: int, before: State, move: Move) -> None:
        key = number, move.thread
        if taken > 0:
            holder = self._lent.pop(key, Holder(move.thread, move.span))
            self.held[number] = (*self.held.get(number, ()), holder)
        for _ in range(-taken):
            gone, self.held[number] = _without(self.held.get(number, ()), move.thread)
            if gone is not None and _waits(self._stepper, before, move):
                self._lent[key] = gone


def _waits(stepper: Stepper, before: State, move: Move) -> bool:
    """Whether the step was the beginning of a condition's wait."""
    thread = next(thread for thread in stepper.layout.threads if thread.ref == move.thread)
    instruction = stepper.context(before, thread).instruction
    return isinstance(instruction, Operate) and instruction.verb is ops.WaitCondition


def _taken(kind: object, state: object) -> int:
    """How many holders more than none; of a semaphore, counted down from its value."""
    if isinstance(kind, Semaphore | BoundedSemaphore):
        assert isinstance(state, int)
        return -state
    return 1 if state else 0


def _without(holding: tuple[Holder, ...], thread: str) -> tuple[Holder | None, tuple[Holder, ...]]:
    """One holder fewer: the last of the thread that released, else the first (anyone may release a lock or semaphore)."""
    own = [i for i, holder in enumerate(holding) if holder.thread == thread]
    place = own[-1] if own else 0
    return next(iter(holding[place:]), None), (*holding[:place], *holding[place + 1 :])
