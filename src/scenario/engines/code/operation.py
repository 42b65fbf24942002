"""What a thread is about to do at a gate: what it touches, when it can go on, in how many ways."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from scenario.engines.code.places import Place
from scenario.results.waiting import Holder, Wait, WaitKind

Location: TypeAlias = Hashable
"""What an access touches: `(id(object), name)` for an attribute, `("content", id(object))` for what is in a container or
of the state of a foreign object, the one of its place for a name."""
Touches: TypeAlias = tuple[tuple[Location, bool], ...]
"""Locations, each with whether it may be changed."""
Look: TypeAlias = Callable[[], Touches]
"""What is touched, as things are when it is asked."""

WAITS: dict[str, WaitKind] = {
    "acquires": "lock", "takes back": "relock", "is set": "event", "gets from": "item", "puts into": "room", "joins": "thread",
    "awaits": "await", "is notified": "condition", "fires": "sleep",
}  # fmt: skip
"""By the verb of an operation, where it alone tells."""
EVERYTHING: Location = "everything"
"""Touched by what can not be looked into: it depends on all that others do."""


LIBRARY: Location = "library"
"""What Python's own modules keep (`runtime/library.py`)."""


class Kept:
    """What modules of Python's keep, by identity: for as long as code is prepared, and no longer.

    Modules are one for the process, and so is this: whoever asks where a value lies need not be told of it. It is looked for
    when it is first asked for (`known`: None before).
    """

    def __init__(self) -> None:
        self._look: Callable[[], Mapping[int, object]] = dict
        self._may_be: Callable[[type], bool] = bool
        self.known: Mapping[int, object] | None = {}

    def __contains__(self, value: object) -> bool:
        if self.known is None:
            if not self._may_be(type(value)):
                return False
            self.known = self._look()
        return id(value) in self.known

    @contextmanager
    def holding(self, look: Callable[[], Mapping[int, object]], may_be: Callable[[type], bool]) -> Iterator[None]:
        """Meanwhile what `look` gives is kept, by identity; afterwards what was before. `may_be`: whether something of a type can be among it."""
        was = self._look, self._may_be, self.known
        self._look, self._may_be, self.known = look, may_be, None
        try:
            yield
        finally:
            self._look, self._may_be, self.known = was


KEPT = Kept()


def content(value: object) -> Location:
    """Where what is in a container, or the state of a primitive or a foreign object, lies."""
    known = KEPT.known
    return LIBRARY if (value in KEPT if known is None else id(value) in known) else ("content", id(value))


class Operation:
    """One step to come.

    `ready`: whether it can go on now (None: always); `timed`: whether, where it is not ready, it may go on as timed out.
    `ways`: how many alternatives it has (None: one). `takes`: the lock that it takes, which is free then; `frees`: the one that it gives free if it is `held` then (None: it is), so that
    nobody could take it before. `holders`: who must move first, for the report. `again`: what it touches by now, where
    that depends on what others do meanwhile (None: never): what is in a container that it goes through, say. `goes_round`: while it has to wait, its thread goes round a loop that does nothing.
    """

    __slots__ = (
        "again",
        "frees",
        "goes_round",
        "held",
        "holders",
        "place",
        "ready",
        "takes",
        "timed",
        "touches",
        "verb",
        "ways",
    )

    def __init__(
        self,
        place: Place,
        verb: str,
        touches: Touches,
        *,
        ready: Callable[[], bool] | None = None,
        timed: Callable[[], bool] | None = None,
        ways: Callable[[], int] | None = None,
        takes: Location | None = None,
        frees: Location | None = None,
        held: Callable[[], bool] | None = None,
        holders: Callable[[], tuple[str, ...]] | None = None,
        again: Look | None = None,
        goes_round: bool = False,
    ) -> None:
        self.again, self.goes_round = again, goes_round
        self.place, self.verb, self.touches = place, verb, touches
        self.ready, self.timed, self.ways = ready, timed, ways
        self.takes, self.frees, self.held, self.holders = takes, frees, held, holders

    def choices(self) -> int:
        """How many ways there are to go on: 0 where it has to wait."""
        if self.ready is None or self.ready():
            return 1 if self.ways is None else self.ways()
        return 1 if self.timed is not None and self.timed() else 0

    def look_again(self) -> int:
        """Before anybody decides by what it touches; returns its choices."""
        if self.again is not None:
            self.touches = self.again()
        return 1 if self.ready is None and self.ways is None else self.choices()

    def begin(self) -> None:
        """Just before it is done."""
        if self.held is not None and not self.held():
            self.frees = None

    def widen(self) -> None:
        """What follows belongs to it too, whatever that may touch."""
        self.touches = (*self.touches, (EVERYTHING, True))

    def wait(self, name: str) -> Wait:
        """For what a thread waits that stands before it; `name`: that of the object."""
        taken = () if self.holders is None else self.holders()
        if self.verb == "joins":
            return Wait("thread", taken[0] if taken else name, by=taken[:1])
        holders = (Holder(taken[0]),) if taken else ()
        if self.verb == "is notified" and holders:
            return Wait("relock", name, holders)
        return Wait(WAITS.get(self.verb, "turn"), name, holders)

    def times_out(self) -> bool:
        """Whether going on now is timing out."""
        return self.timed is not None and self.ready is not None and not self.ready()


def dependent(one: Touches, other: Touches) -> bool:
    """Whether their order can make a difference."""
    for location, changes in one:
        for touched, changed in other:
            if EVERYTHING in (location, touched):
                return True
            if (changes or changed) and location == touched:
                return True
    return False


def exclusive(done: Operation, later: Operation) -> bool:
    """Whether the later one was not possible before the one that was done: a lock is taken that was given free."""
    return done.frees is not None and done.frees == later.takes
