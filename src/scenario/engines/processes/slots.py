"""Where each process of a run stands, in memory that all of them share: each writes its own place alone, so nothing is locked.

A wait is written down before it may block, and taken back after it. The number of steps says whether anything has happened between
two looks. Who holds a lock stands at the lock: it is written after an acquire and taken back before a release, so that
nobody else writes there meanwhile.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext
from threading import get_ident
from typing import get_args

from scenario.real.children import cpu
from scenario.record import record
from scenario.results.waiting import WaitKind

KINDS: tuple[WaitKind, ...] = get_args(WaitKind)
_STEPS, _KIND, _PLACE, _LINE, _TIMED, _POLLED, _POLLS, _STATE, _PID, _AT, _FIELDS = range(11)
NEW, ALIVE, ENDED, KILLED = range(4)


@record
class Waiting:
    """An operation that is under way: what it waits for, on which object (or member), in which emitted line.

    `timed`: it ends by itself. `polled`: it is tried again and again.
    """

    kind: WaitKind
    place: int
    line: int
    timed: bool
    polled: bool


class Slots:
    """`members` processes, main the last of them, and `places` objects. `apart` is where those write who are no members."""

    def __init__(self, context: SpawnContext, members: int, places: int) -> None:
        self.members = self.apart = members
        self._fields = context.RawArray("q", (members + 1) * _FIELDS)
        self._holders = context.RawArray("q", 2 * places)
        self._taken = context.RawArray("q", 2 * places * (members + 1))

    # --- what a process writes of itself ------------------------------------------------------------------

    def wait(self, me: int, waiting: Waiting) -> None:
        base = me * _FIELDS
        fields = self._fields
        fields[base + _STEPS] += 1
        fields[base + _PLACE], fields[base + _LINE] = waiting.place, waiting.line
        fields[base + _TIMED], fields[base + _POLLED] = waiting.timed, waiting.polled
        fields[base + _KIND] = KINDS.index(waiting.kind) + 1

    def go_on(self, me: int) -> None:
        base = me * _FIELDS
        self._fields[base + _KIND] = 0
        self._fields[base + _STEPS] += 1

    def poll(self, me: int) -> None:
        """One more look of who waits by looking."""
        self._fields[me * _FIELDS + _POLLS] += 1

    def stands_at(self, me: int, line: int) -> None:
        """Where it is, asked for when the time is over."""
        self._fields[me * _FIELDS + _AT] = line

    def becomes(self, member: int, state: int) -> None:
        """Started, ended or killed."""
        self._fields[member * _FIELDS + _STATE] = state

    def started(self, member: int, pid: int) -> None:
        """Its process is there."""
        self._fields[member * _FIELDS + _PID] = pid

    # --- who holds what -------------------------------------------------------------------------------------

    def take(self, me: int, place: int, line: int) -> None:
        self._holders[2 * place], self._holders[2 * place + 1] = me + 1, line

    def give_back(self, place: int) -> None:
        self._holders[2 * place] = 0

    def holder(self, place: int) -> tuple[int, int] | None:
        """(the member, the line) that has a lock."""
        who = self._holders[2 * place]
        return (who - 1, self._holders[2 * place + 1]) if who else None

    def take_one(self, me: int, place: int, line: int) -> None:
        """A semaphore's."""
        at = 2 * (place * (self.members + 1) + me)
        self._taken[at + 1] = line
        self._taken[at] += 1

    def give_one(self, me: int, place: int) -> None:
        """Its own, else somebody's: anyone may release."""
        for member in (me, *range(self.members)):
            at = 2 * (place * (self.members + 1) + member)
            if self._taken[at] > 0:
                self._taken[at] -= 1
                return

    def takers(self, place: int) -> Iterator[tuple[int, int]]:
        """Who has places of a semaphore."""
        for member in range(self.members):
            at = 2 * (place * (self.members + 1) + member)
            for _ in range(self._taken[at]):
                yield member, self._taken[at + 1]

    # --- what is read of others -----------------------------------------------------------------------------

    def waiting(self, member: int) -> Waiting | None:
        base, fields = member * _FIELDS, self._fields
        kind = fields[base + _KIND]
        if not kind:
            return None
        timed, polled = bool(fields[base + _TIMED]), bool(fields[base + _POLLED])
        return Waiting(KINDS[kind - 1], fields[base + _PLACE], fields[base + _LINE], timed, polled)

    def steps(self, member: int) -> int:
        return int(self._fields[member * _FIELDS + _STEPS])

    def polls(self, member: int) -> int:
        return int(self._fields[member * _FIELDS + _POLLS])

    def state(self, member: int) -> int:
        return int(self._fields[member * _FIELDS + _STATE])

    def pid(self, member: int) -> int:
        return int(self._fields[member * _FIELDS + _PID])

    def at(self, member: int) -> int:
        return int(self._fields[member * _FIELDS + _AT])

    def is_blocked(self, member: int) -> bool:
        """`blocked`: queued at an operation that can not go on now. Who has told of it and is still on the way is awake."""
        waiting = self.waiting(member)
        if self.state(member) != ALIVE or waiting is None or waiting.kind in _NEVER_BLOCKED:
            return False
        pid = self.pid(member)
        return waiting.polled or not pid or cpu.is_asleep(pid, pid)


_NEVER_BLOCKED = frozenset({"sleep", "await", "relock"})


class Here:
    """This process's own place; `filename` is that of the emitted code, whose lines are the steps."""

    def __init__(self, slots: Slots, me: int, filename: str) -> None:
        self.slots, self.me = slots, me
        self.filename = filename
        self._outer: list[Waiting] = []

    def line(self) -> int:
        """The emitted line that is being run."""
        frame = sys._getframe(1)
        while frame.f_code.co_filename != self.filename:
            if frame.f_back is None:
                return 0
            frame = frame.f_back
        return frame.f_lineno

    def wait(self, kind: WaitKind, place: int, *, timed: bool = False, polled: bool = False) -> None:
        """It may block from now on, until `go_on`; within another wait it is an inner one."""
        waiting = Waiting(kind, place, self._outer[-1].line if self._outer else self.line(), timed, polled)
        self._outer.append(waiting)
        self.slots.wait(self.me, waiting)

    def go_on(self) -> None:
        self._outer.pop()
        if self._outer:
            self.slots.wait(self.me, self._outer[-1])
        else:
            self.slots.go_on(self.me)

    def acts(self) -> list[Waiting]:
        """A barrier's action: its waits are its own, until `acted`."""
        outer, self._outer = self._outer, []
        self.slots.go_on(self.me)
        return outer

    def acted(self, outer: list[Waiting]) -> None:
        self._outer = outer
        if outer:
            self.slots.wait(self.me, outer[-1])

    def is_inside(self, kind: WaitKind) -> bool:
        """Whether it is in the middle of a wait of that kind."""
        return bool(self._outer) and self._outer[-1].kind == kind


_here: list[Here] = []
_apart: dict[int, Here] = {}


def here() -> Here:
    """This process's; that of a callback in another thread of it is apart."""
    return _apart.get(get_ident(), _here[0]) if _apart else _here[0]


@contextmanager
def apart() -> Iterator[None]:
    """What this thread does is not told as what the process does."""
    own = _here[0]
    _apart[get_ident()] = Here(own.slots, own.slots.apart, own.filename)
    try:
        yield
    finally:
        del _apart[get_ident()]


def settle(own: Here) -> None:
    """From now on this is it."""
    _here[:] = [own]
