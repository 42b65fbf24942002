"""Who holds which lock, and took which semaphore's places: a plain lock does not know, the way there does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from scenario.engines.explore.code import Operate
from scenario.engines.explore.stepper import State, Stepper
from scenario.program import ops
from scenario.program.program import BoundedSemaphore, Lock, RLock, Semaphore
from scenario.run.schedule import Move
from scenario.run.waiting import Holder

Held: TypeAlias = dict[int, tuple[Holder, ...]]
"""For each lock or semaphore that is held: the threads that took it, and the steps that did."""


def holders(stepper: Stepper, states: Sequence[State], moves: Sequence[Move]) -> Held:
    """Who holds what after the moves. Who waits on a condition has its lock back since the step that first took it."""
    held: Held = {}
    lent: dict[tuple[int, str], Holder] = {}  # while a condition's wait has let the lock go
    for before, after, move in zip(states, states[1:], moves, strict=False):
        old, new = stepper.shared[before[0]].objects, stepper.shared[after[0]].objects
        for number, kind in enumerate(stepper.layout.kinds):
            if old[number] == new[number] or not isinstance(kind, Lock | RLock | Semaphore | BoundedSemaphore):
                continue
            taken = _taken(kind, new[number]) - _taken(kind, old[number])
            key = number, move.thread
            if taken > 0:
                held[number] = (*held.get(number, ()), lent.pop(key, Holder(move.thread, move.span)))
            for _ in range(-taken):
                gone, held[number] = _without(held.get(number, ()), move.thread)
                if gone is not None and _waits(stepper, before, move):
                    lent[key] = gone
    return held


def _waits(stepper: Stepper, before: State, move: Move) -> bool:
    """Whether the step was the beginning of a condition's wait."""
    thread = next(thread for thread in stepper.layout.threads if thread.ref == move.thread)
    instruction = stepper.world(before, thread).instruction
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
