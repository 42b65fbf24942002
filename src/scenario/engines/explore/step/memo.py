"""The stepper with a memory: a step that depends on nothing that has changed is not computed again.

This is no reduction: all states are looked at, and the same steps lead from each. A step depends on the shared part and on its
thread's part alone, mostly on a few variables of it (`footprints`); whether a run is over, on the shared part; who is
blocked, on both parts.
"""

from __future__ import annotations

from collections.abc import Hashable

from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Guard
from scenario.engines.explore.step.footprints import UNCHANGED, Change, Footprints, changed
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.engines.explore.step.stepper import Effect, Effects, Stepper
from scenario.engines.explore.step.transitions import State

NOTHING = Effects(())
"""The next step of a thread that has ended."""


class Memo(Stepper):
    """The same relation as its base, and the same numbers of states."""

    def __init__(self, layout: Layout, budget: Budget) -> None:
        super().__init__(layout, budget)
        self._footprints = Footprints(layout)
        self._effects: dict[tuple[int, int, int], Effects] = {}
        self._alike: dict[Hashable, list[tuple[Effect, Change]]] = {}
        self._over: dict[int, bool] = {}
        self._blocked: dict[tuple[int, int, int], bool] = {}

    def effects(self, state: State, thread: Thread) -> Effects:
        number = thread.number
        key = (state[0], state[1 + number], number)
        known = self._effects.get(key)
        if known is None:
            known = self._where_the_same_is_read(state, thread)
            if not self._depends_on_all(state, thread):
                self._effects[key] = known
        return known

    def _where_the_same_is_read(self, state: State, thread: Thread) -> Effects:
        """The effects, computed only if the step has not been taken yet where it reads the same."""
        shared, part = self.shared[state[0]], self.part(state, thread.number)
        if not part.frames:
            return NOTHING
        footprint = self._footprints.read(shared, state[1 + thread.number], part, thread)
        known = self._alike.get(footprint) if footprint is not None else None
        if known is not None:
            return Effects(tuple([self._changed(state[0], effect, change) for effect, change in known]))
        effects = super().effects(state, thread)
        if footprint is not None:
            changes = [(effect, changed(shared, self.shared[effect.shared], footprint.read)) for effect in effects.ways]
            known = [(effect, change) for effect, change in changes if change is not None and not effect.others]
            if len(known) == len(changes):
                self._alike[footprint] = known
        return effects

    def _changed(self, shared: int, effect: Effect, change: Change) -> Effect:
        if change == UNCHANGED:
            after = shared
        else:
            after = self._footprints.apply(self.shared, shared, change)
            if self.always.claims:
                after = self.shared.add(self.always.checked(self.shared[after]))
        return Effect(effect.kind, effect.weight, after, effect.part, ())

    def _depends_on_all(self, state: State, thread: Thread) -> bool:
        """Whether it asks who is blocked, which the other threads' parts tell."""
        part = self.part(state, thread.number)
        if not part.frames:
            return False
        code, pc, _, _ = part.frames[-1]
        instruction = self.layout.codes[code].instructions[pc]
        return isinstance(instruction, Guard) and any(attribute == "blocked" for _, attribute in instruction.asks)

    def is_over(self, state: State) -> bool:
        known = self._over.get(state[0])
        if known is None:
            known = self._over[state[0]] = super().is_over(state)
        return known

    def is_blocked(self, state: State, thread: Thread) -> bool:
        key = (state[0], state[1 + thread.number], thread.number)
        known = self._blocked.get(key)
        if known is None:
            known = self._blocked[key] = super().is_blocked(state, thread)
        return known
