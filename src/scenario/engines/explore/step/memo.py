"""The stepper with a memory: a step that depends on nothing that has changed is not computed again.

This is no reduction: all states are looked at, and the same steps lead from each. A step depends on the shared part and on its
thread's part alone, mostly on a few variables of it (`footprints`); whether a run is over, on the shared part; who is
blocked, on both parts.
"""

from __future__ import annotations

from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Guard
from scenario.engines.explore.model.interning import Interner
from scenario.engines.explore.model.parts import ThreadPart
from scenario.engines.explore.step.footprints import UNCHANGED, Change, Footprint, Footprints, applied, changed
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
        self._alike: dict[Footprint, list[tuple[Effect, int]]] = {}
        """By what the step reads, its effects where that was read first, each with the number of its change."""
        self._changes: Interner[Change] = Interner()
        self._unchanged = self._changes.add(UNCHANGED)
        self._after: dict[tuple[int, int], int] = {}
        self._asks_all: dict[int, bool] = {}
        self._over: dict[int, bool] = {}
        self._blocked: dict[tuple[int, int, int], bool] = {}

    def effects(self, state: State, thread: Thread) -> Effects:
        number = thread.number
        key = (state[0], state[1 + number], number)
        known = self._effects.get(key)
        if known is None:
            known = self._where_the_same_is_read(state, thread)
            if not self._depends_on_all(state[1 + number]):
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
            changes = [(effect, changed(shared, self.shared[effect.shared], footprint)) for effect in effects.ways]
            known = [
                (effect, self._changes.add(change))
                for effect, change in changes
                if change is not None and not effect.others
            ]
            if len(known) == len(changes):
                self._alike[footprint] = known
        return effects

    def _changed(self, shared: int, effect: Effect, change: int) -> Effect:
        kind, weight, _, part, _ = effect
        after = shared if change == self._unchanged else self._after.get((shared, change))
        if after is None:
            new = self.always.checked(applied(self.shared[shared], self._changes[change]))
            after = self._after[shared, change] = self.shared.add(new)
        return Effect(kind, weight, after, part, ())

    def _depends_on_all(self, part: int) -> bool:
        """Whether the step of a thread with this part asks who is blocked, which the other threads' parts tell."""
        known = self._asks_all.get(part)
        if known is None:
            known = self._asks_all[part] = self._asks_who_is_blocked(self.parts[part])
        return known

    def _asks_who_is_blocked(self, part: ThreadPart) -> bool:
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
