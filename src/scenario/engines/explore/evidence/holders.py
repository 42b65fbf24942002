"""Who holds which lock, and took which semaphore's places: a plain lock does not know, the way there does."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.step.primitives.model import Held
from scenario.engines.explore.step.stepper import Stepper
from scenario.engines.explore.step.transitions import State
from scenario.results.schedule import Move
from scenario.results.waiting import Holder


class Holding:
    """Who holds what, step by step. Who waits on a condition has its lock back since the step that first took it."""

    def __init__(self, stepper: Stepper) -> None:
        self.held: dict[int, tuple[Holder, ...]] = {}
        self._stepper = stepper
        self._lent: dict[tuple[int, str], Holder] = {}  # while a condition's wait has let the lock go

    def after(self, before: State, after: State, move: Move) -> Holding:
        """Another, one step further."""
        other = Holding(self._stepper)
        other.held.update(self.held)
        other._lent.update(self._lent)
        other.step(before, after, move)
        return other

    def step(self, before: State, after: State, move: Move) -> None:
        old, new = self._stepper.shared[before[0]].objects, self._stepper.shared[after[0]].objects
        for number, model in enumerate(self._stepper.layout.models):
            if old[number] != new[number]:
                self._change(number, model.taken(new[number]) - model.taken(old[number]), before, move)

    def _change(self, number: int, taken: int, before: State, move: Move) -> None:
        key = number, move.thread
        if taken > 0:
            holder = self._lent.pop(key, Holder(move.thread, move.span))
            self.held[number] = (*self.held.get(number, ()), holder)
        held = self.held.get(number, ())
        for _ in range(int(min(len(held), -taken))):  # more may be given back than were taken, and halves
            gone, self.held[number] = _without(self.held.get(number, ()), move.thread)
            if gone is not None and _waits(self._stepper, before, move):
                self._lent[key] = gone


def _waits(stepper: Stepper, before: State, move: Move) -> bool:
    """Whether the step was the beginning of a wait for which it is lent."""
    thread = next(thread for thread in stepper.layout.threads if thread.ref == move.thread)
    instruction = stepper.context(before, thread).instruction
    return isinstance(instruction, Operate) and instruction.verb.holds == "lends"


def _without(holding: tuple[Holder, ...], thread: str) -> tuple[Holder | None, tuple[Holder, ...]]:
    """One holder fewer: the last of the thread that released, else the first (anyone may release a lock or semaphore)."""
    own = [i for i, holder in enumerate(holding) if holder.thread == thread]
    place = own[-1] if own else 0
    return next(iter(holding[place:]), None), (*holding[:place], *holding[place + 1 :])


def held_after(stepper: Stepper, states: Sequence[State], moves: Sequence[Move]) -> Held:
    """Who holds what at the end of a path."""
    holding = Holding(stepper)
    for before, after, move in zip(states, states[1:], moves, strict=False):
        holding.step(before, after, move)
    return holding.held
