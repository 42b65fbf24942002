"""What threads have been seen to touch, and under which locks: so which steps commute with all that others ever do.

It is learned while a search goes on that believes it already. What a search sees beyond what it has believed may make a step
that was taken alone dependent after all: then it begins again, and knows more. A search that sees nothing more has believed
what is so (docs/soundness.md, "Partial order").
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from scenario.engines.explore.independence.touches import ANYTHING, NOTHING, Hold, Root, Touch
from scenario.engines.explore.model.parts import ThreadPart
from scenario.engines.explore.step.layout import Layout
from scenario.program.program import Lock, RLock
from scenario.program.walk import walk_all
from scenario.syntax import Query, Shared

_IN_ORDER = frozenset({"take", "give"})

Belief = tuple[int, Touch, Hold]
"""That nobody else ever does anything that does not commute with this, while a thread stands there with these locks."""


class Learned:
    """`group`: for each thread the first of those that it may change places with; `many` are those of several."""

    def __init__(self, layout: Layout, group: Mapping[int, int]) -> None:
        self.group = group
        self._many = {first for number, first in group.items() if number != first}
        self._mutexes = {n for n, kind in enumerate(layout.kinds) if isinstance(kind, Lock | RLock)}
        self._visible = _visible(layout)
        self._seen: dict[Root, dict[tuple[int, Touch], Hold]] = {}
        self._holds: dict[tuple[int, Hashable], Hold] = {}
        self._believed: dict[Root, dict[Belief, None]] = {}
        self.is_wrong = False

    def begin(self) -> None:
        """A new search, with what is known."""
        self._believed.clear()
        self.is_wrong = False

    # --- what is seen -------------------------------------------------------------------------------

    def stands(self, thread: int, part: ThreadPart, hold: Hold) -> None:
        """The thread has come here with these locks; by another way it may have had fewer."""
        key = (self.group[thread], part)
        known = self._holds.get(key)
        if known is None:
            self._holds[key] = hold
        elif part.frames and not known <= hold:
            self._holds[key] = known & hold
            self.is_wrong = True

    def hold(self, thread: int, part: ThreadPart) -> Hold:
        return self._holds.get((self.group[thread], part), NOTHING)

    def touches(self, thread: int, touch: Touch, hold: Hold) -> None:
        """The thread is about to do this, now or when it can."""
        key, seen = (self.group[thread], touch), self._seen.setdefault(touch.root, {})
        known = seen.get(key)
        if known is None or not known <= hold:
            seen[key] = hold if known is None else known & hold
            self.is_wrong = self.is_wrong or not all(self._is_free(*belief) for belief in self._about(touch))

    def _about(self, touch: Touch) -> Iterator[Belief]:
        """What is believed that this may show to be wrong: all, if a lock is used in a way in which it guards no more."""
        is_near = touch.manner in _IN_ORDER or touch.root[0] == "variable"
        roots = [touch.root] if is_near else list(self._believed)
        return (belief for root in roots for belief in self._believed.get(root, ()))

    # --- what follows -------------------------------------------------------------------------------

    def is_free(self, thread: int, touch: Touch, hold: Hold) -> bool:
        """Whether it commutes with whatever any other thread does while this one stands where it is; believed from now on."""
        belief, believed = (self.group[thread], touch, hold), self._believed.setdefault(touch.root, {})
        if belief in believed:
            return True
        if not self._is_free(*belief):
            return False
        believed[belief] = None
        return True

    def _is_free(self, group: int, touch: Touch, hold: Hold) -> bool:
        if touch == ANYTHING or self.is_visible(touch):
            return False
        return not any(
            self._is_another(group, other) and not self.commute(touch, theirs) and not self.excluded(hold, held)
            for root in (touch.root, ANYTHING.root)
            for (other, theirs), held in self._seen.get(root, {}).items()
        )

    def is_visible(self, touch: Touch) -> bool:
        """Whether claims may look at it in every state."""
        return touch.root in self._visible and touch.manner != "read"

    def _is_another(self, group: int, other: int) -> bool:
        return group != other or group in self._many

    def excluded(self, mine: Hold, theirs: Hold) -> bool:
        """Whether the other can not come there while this thread has its locks."""
        return any(self._is_plain(lock) for lock in mine & theirs & self._mutexes)

    def _is_plain(self, lock: object) -> bool:
        """Whether all that is done with it is to wait for it, and to give back what one has."""
        return all(touch.manner in _IN_ORDER for _, touch in self._seen.get(("object", lock), {}))

    def commute(self, mine: Touch, theirs: Touch) -> bool:
        """Whether they do in either order what they do in the other; what the other can not do meanwhile needs no order."""
        if mine.key is not None and theirs.key is not None and mine.key != theirs.key:
            return True
        match mine.manner, theirs.manner:
            case ("read", "read") | ("join", "join"):
                return True
            case ("give", "take" | "give") | ("take", "give"):
                return self._is_plain(mine.root[1])
            case _:
                return False


def _visible(layout: Layout) -> frozenset[Root]:
    """What claims look at in every state."""
    claims = layout.program.claims
    found: set[Root] = set()
    for node in walk_all((claims.always, claims.reachable)):
        match node:
            case Shared(name):
                found.add(("variable", name))
            case Query(ref):
                found |= {("object", number) for (name, _), number in layout.objects.items() if name == ref.name}
            case _:
                pass
    return frozenset(found)
