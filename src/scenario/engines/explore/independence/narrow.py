"""Which threads need be looked at in a state: a set that nobody outside of it ever interferes with (a persistent set).

Whoever is in it brings in all others that may, as long as it stands where it is, do something that does not commute with its
next step; or, if it can not go on, something that lets it. One of them can go on, and then the others may as well wait.
"""

from __future__ import annotations

from collections.abc import Mapping

from scenario.engines.explore.independence.alone import Alone
from scenario.engines.explore.independence.future import Deed, Node
from scenario.engines.explore.independence.learned import Learned
from scenario.engines.explore.independence.touches import ANYTHING
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Access, Operate
from scenario.engines.explore.model.parts import ThreadPart
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.engines.explore.step.transitions import State, Successor
from scenario.program import ops

MOST = 24
"""Threads among which such sets are looked for: every state asks for one."""


def is_worth_trying(layout: Layout) -> bool:
    """Whether threads are few, and none starts or joins another, which would have to be in the set as well."""
    instructions = [i for code in layout.codes.values() for i in code.instructions]
    starts = any(isinstance(i, Operate) and i.verb in (ops.Start, ops.Join) for i in instructions)
    return 1 < len(layout.threads) <= MOST and layout.main is None and not starts


class Narrow(Alone):
    """The steps of a smallest such set alone, as long as it is searched."""

    def __init__(self, layout: Layout, budget: Budget, learned: Learned) -> None:
        super().__init__(layout, budget, learned)
        self.asked = self.taken = 0
        """Threads of the states, and those of them that were looked at."""
        self._is_wide = False
        self._needed: dict[tuple[Node, bool, Node], bool] = {}
        self._known_at = 0
        self._never_waits: dict[int, bool] = {}

    def is_asked_on(self) -> None:
        """From here on all steps are asked for."""
        super().is_asked_on()
        self._is_wide = True

    def successors(self, state: State) -> list[Successor]:
        if self._is_wide:
            return super().successors(state)
        return [] if self.is_over(state) else list(self._steps_of(state, self._chosen(state)))

    def _chosen(self, state: State) -> list[Thread]:
        """The smallest set that begins with one who can move; all if each of them does what claims may see."""
        nodes = self._nodes(state)
        best = None
        for first in nodes:
            if best is not None and len(best) == 1:
                break
            if self._is_able(state, first):
                found = self._closed(state, first, nodes, len(best or nodes))
                if found is not None and not any(self._is_seen(nodes[n]) for n in found):
                    best = found
        self.asked += len(nodes)
        self.taken += len(best or nodes)
        return [self.layout.threads[n] for n in sorted(best or nodes)]

    def _nodes(self, state: State) -> dict[int, Node]:
        """Where those stand who have not ended: what each is about to do is known then."""
        group = self.learned.group
        nodes = {n: (group[n], part) for n, part in enumerate(state[1:]) if self.parts[part].frames}
        for number, (_, part) in nodes.items():
            self._standing(number, part)
        if self._known_at != self.future.version:
            self._needed, self._known_at = {}, self.future.version
        return nodes

    def _is_able(self, state: State, number: int) -> bool:
        part = state[1 + number]
        if part not in self._never_waits:
            self._never_waits[part] = self._is_access(self.parts[part])
        return self._never_waits[part] or bool(self.effects(state, self.layout.threads[number]).ways)

    def _is_access(self, part: ThreadPart) -> bool:
        """Whether the next step is to read or write, for which nobody waits: what it does need not be known yet."""
        code, pc, _, phase = part.frames[-1]
        return isinstance(self.layout.codes[code].instructions[pc], Access) and phase is None

    def _closed(self, state: State, first: int, nodes: Mapping[int, Node], most: int) -> set[int] | None:
        """Those of the set who can move; None where they are no fewer than so many."""
        inside, pending, able = {first}, [first], {first}
        while pending:
            one = pending.pop()
            for other, there in nodes.items():
                if other not in inside and self._needs(nodes[one], one in able, there):
                    inside.add(other)
                    pending.append(other)
                    able |= {other} if self._is_able(state, other) else set()
            if len(able) >= most:
                return None
        return able

    def _is_seen(self, node: Node) -> bool:
        return any(self.learned.is_visible(touch) for touch, _ in self.future.here[node])

    def _needs(self, here: Node, is_able: bool, there: Node) -> bool:
        key = (here, is_able, there)
        known = self._needed.get(key)
        if known is None:
            theirs = self.future.ahead(there)
            known = any(self._interferes(mine, is_able, other) for mine in self.future.here[here] for other in theirs)
            self._needed[key] = known
        return known

    def _interferes(self, mine: Deed, is_able: bool, theirs: Deed) -> bool:
        """Whether what the other may do does not commute with this step, or lets it be taken."""
        learned, (touch, hold), (other, held) = self.learned, mine, theirs
        if ANYTHING in (touch, other):
            return True
        if touch.root != other.root:
            return False
        if touch.manner == "take" and not is_able and other.manner in ("take", "give"):
            return other.manner == "give"
        return not learned.commute(touch, other) and not learned.excluded(hold, held)
