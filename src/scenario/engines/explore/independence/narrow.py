"""Which threads need be looked at in a state: a set that nobody outside of it ever interferes with (a persistent set).

Whoever is in it brings in all others that may, as long as it stands where it is, do something that does not commute with its
next step; or, if it can not go on, something that lets it. One of them can go on, and then the others may as well wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Literal, TypeAlias

from scenario.engines.explore.independence.alone import Alone
from scenario.engines.explore.independence.future import Deed, Node
from scenario.engines.explore.independence.learned import Learned
from scenario.engines.explore.independence.touches import ANYTHING
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.code import Access
from scenario.engines.explore.model.parts import UNSTARTED, ThreadPart
from scenario.engines.explore.step.layout import Layout, Thread
from scenario.engines.explore.step.transitions import State, Successor

Mood: TypeAlias = Literal["goes", "waits", "unstarted"]

Places: TypeAlias = Mapping[Node, list[int]]
"""Who stands where, of those who have not ended."""


def is_worth_trying(layout: Layout) -> bool:
    """Whether there is anything to leave out."""
    return len(layout.threads) > 1


class Needs:
    """Which places interfere with a step, among those that were asked about."""

    def __init__(self) -> None:
        self._asked: set[Node] = set()
        self._yes: set[Node] = set()

    def among(
        self, places: AbstractSet[Node], interfering: Callable[[AbstractSet[Node]], set[Node]]
    ) -> AbstractSet[Node]:
        """Those of the places; what has not been asked about yet is asked of the function."""
        if new := places - self._asked:
            self._asked |= new
            self._yes |= interfering(new)
        return self._yes & places


class Narrow(Alone):
    """The steps of a smallest such set alone, as long as it is searched."""

    def __init__(self, layout: Layout, budget: Budget, learned: Learned) -> None:
        super().__init__(layout, budget, learned)
        self.asked = self.taken = 0
        """Threads of the states, and those of them that were looked at."""
        self._is_wide = False
        self._needed: dict[tuple[Node, Mood], Needs] = {}
        self._known_at = 0
        self._nodes: list[dict[int, Node | None]] = [{} for _ in layout.threads]
        self._never_waits: dict[int, bool] = {}

    def is_asked_on(self) -> None:
        """From here on all steps are asked for."""
        super().is_asked_on()
        self._is_wide = True

    def successors(self, state: State) -> list[Successor]:
        if self._is_wide:
            return super().successors(state)
        return [] if self.is_over(state) else self._steps_of(state, self._chosen(state))

    def _chosen(self, state: State) -> list[Thread]:
        """The smallest set that begins with one who can move; all if each of them does what claims may see."""
        places = self._places(state)
        here = {number: node for node, numbers in places.items() for number in numbers}
        best = set(here)
        for first in self.budget.each(sorted(here)):
            if len(best) == 1:
                break
            if self._mood(state, first) == "goes":
                found = self._closed(state, first, here, places, len(best))
                if found is not None and not any(self._is_seen(here[n]) for n in found):
                    best = found
        self.asked += len(here)
        self.taken += len(best)
        return [self.layout.threads[n] for n in sorted(best)]

    def _places(self, state: State) -> Places:
        """What each is about to do where it stands is known then."""
        places = dict[Node, list[int]]()
        for number, part in enumerate(state[1:]):
            nodes = self._nodes[number]
            node = nodes[part] if part in nodes else nodes.setdefault(part, self._node(number, part))
            if node is not None:
                places.setdefault(node, []).append(number)
        if self._known_at != self.future.version:
            self._needed, self._known_at = {}, self.future.version
        return places

    def _node(self, number: int, part: int) -> Node | None:
        """Where a thread stands that has not ended, once it is known what it is about to do there."""
        if not self.parts[part].frames:
            return None
        self._standing(number, part)
        return self.learned.group[number], part

    def _mood(self, state: State, number: int) -> Mood:
        if self.layout.main is not None and self.shared[state[0]].status[number] == UNSTARTED:
            return "unstarted"
        part = state[1 + number]
        if part not in self._never_waits:
            self._never_waits[part] = self._is_access(self.parts[part])
        goes = self._never_waits[part] or bool(self.effects(state, self.layout.threads[number]).ways)
        return "goes" if goes else "waits"

    def _is_access(self, part: ThreadPart) -> bool:
        """Whether the next step is to read or write, for which nobody waits: what it does need not be known yet."""
        code, pc, _, phase = part.frames[-1]
        return isinstance(self.layout.codes[code].instructions[pc], Access) and phase is None

    def _closed(self, state: State, first: int, here: Mapping[int, Node], places: Places, most: int) -> set[int] | None:
        """Those of the set who can move; None where they are no fewer than so many."""
        inside, pending, able, left = {first}, [first], {first}, set(places)
        while pending:
            one = pending.pop()
            needed = self._needs(here[one], self._mood(state, one), left)
            left -= needed
            more = [other for node in needed for other in places[node] if other not in inside]
            inside.update(more)
            pending += more
            able.update(other for other in more if self._mood(state, other) == "goes")
            if len(able) >= most:
                return None
        return able

    def _is_seen(self, node: Node) -> bool:
        return any(self.learned.is_visible(touch) for touch, _ in self.future.here[node])

    def _needs(self, here: Node, mood: Mood, places: AbstractSet[Node]) -> AbstractSet[Node]:
        """Where those stand who interfere with the next step of one who is there, or let him take it."""
        known = self._needed.get((here, mood)) or self._needed.setdefault((here, mood), Needs())
        return known.among(places, partial(self._interfering, here, mood))

    def _interfering(self, here: Node, mood: Mood, places: Iterable[Node]) -> set[Node]:
        if mood == "unstarted":
            return {there for there in places if any(_starts(deed, here[0]) for deed in self.future.ahead(there))}
        mine, is_able = self.future.here[here], mood == "goes"
        joined = set() if is_able else {touch.root[1] for touch, _ in mine if touch.manner == "join"}
        return {
            there
            for there in places
            if there[0] in joined
            or any(self._interferes(one, is_able, other) for one in mine for other in self.future.ahead(there))
        }

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


def _starts(deed: Deed, thread: int) -> bool:
    """Whether it may start the thread."""
    touch, _ = deed
    return touch == ANYTHING or (touch.root == ("life", thread) and touch.manner == "start")
