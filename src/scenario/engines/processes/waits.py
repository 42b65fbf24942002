"""Who waits, and who can never move again, whatever the others do.

Nothing is decided by time: a process is known to wait when it has said so, has taken no step since the look before, and the
system has had it asleep all the while (its clock has not moved), so that nothing has woken it that it has not told of yet.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence

from scenario.engines.processes.facts import Facts
from scenario.engines.processes.members import Family, Member
from scenario.engines.processes.pools import Pools
from scenario.engines.processes.slots import ALIVE, NEW, Waiting
from scenario.real.children import cpu
from scenario.real.effects import Effect
from scenario.real.emit.module import Module
from scenario.record import record
from scenario.results.waiting import Blocked, Busy, WaitKind

_MOVED_BY: Mapping[WaitKind, str] = {
    "lock": "free", "relock": "free", "semaphore": "free", "event": "set", "condition": "notify", "barrier": "barrier",
    "item": "put", "room": "get", "tasks": "done",
}  # fmt: skip
"""What another process does to the object so that the wait may end, as a footprint counts it."""


@record
class Standing:
    """A process at one moment: what it waits for, its steps and looks so far, its clock (None: it is running)."""

    waiting: Waiting | None
    steps: int
    polls: int
    clock: int | None

    def has_stayed(self, before: Standing | None) -> bool:
        """Whether it has stood here since the look before, and nothing has come to it meanwhile."""
        if before is None or self.waiting is None or self.waiting != before.waiting or self.steps != before.steps:
            return False
        if self.waiting.polled:
            return self.polls >= before.polls + 2  # the last of these began after that look
        return cpu.KNOWN and self.clock is not None and self.clock == before.clock


class Watcher:
    """Looks at the processes again and again. `names` are those of the objects by their places."""

    def __init__(
        self, module: Module, family: Family, pools: Pools, names: Sequence[tuple[str, str]], *, is_default: bool
    ) -> None:
        self._module, self._family, self._names = module, family, names
        self.pools = pools
        self._slots = family.parts.slots
        self._facts = Facts(family.parts, module, names)
        self.members = family.all if is_default else [*family.all, family.main]
        self._before: dict[Member, Standing] = {}
        self._own = threading.get_native_id()

    def look(self) -> Look:
        """Everybody who lives, with what they are known to wait for."""
        now = {member: self._standing(member) for member in self.members if self._lives(member)}
        waits = {
            member: standing.waiting if standing.has_stayed(self._before.get(member)) else None
            for member, standing in now.items()
        }
        self._before = now
        self.pools.look()
        return Look(self, waits)

    def _lives(self, member: Member) -> bool:
        """Whether its process is there: also one that has taken its last step, which somebody may be joining."""
        state = self._slots.state(member.number)
        return state == ALIVE if member.process is None else state != NEW and not self._family.is_gone(member)

    def _standing(self, member: Member) -> Standing:
        """Its steps are read first: what comes in between makes the next look differ."""
        slots, number = self._slots, member.number
        steps, polls, waiting = slots.steps(number), slots.polls(number), slots.waiting(number)
        if waiting is None or waiting.timed or waiting.polled:
            return Standing(waiting, steps, polls, None)
        return Standing(waiting, steps, polls, self._clock(member))

    def _clock(self, member: Member) -> int | None:
        """Nanoseconds of the processor that it has taken, None where it is not asleep; main is all of this process but the watcher."""
        if member.process is None:
            threads = [thread for thread in cpu.threads_of("self") if thread != self._own]
            return sum(map(cpu.clock, threads)) if all(map(cpu.is_asleep, threads)) else None
        return cpu.clock_of_process(member.process.pid or 0)

    # --- as facts -------------------------------------------------------------------------------------------

    def now(self, members: Iterable[Member]) -> tuple[Blocked, ...]:
        """What each of them says that it waits for at this moment."""
        waits = [(member, self._slots.waiting(member.number)) for member in members if self._lives(member)]
        return tuple(self.blocked(member, waiting) for member, waiting in waits if waiting is not None)

    def blocked(self, member: Member, waiting: Waiting) -> Blocked:
        fact = self.pools.awaited() if waiting.kind == "futures" else self._facts.wait(waiting)
        return Blocked(member.ref, self._module.steps[waiting.line], fact, daemon=member.daemon)

    def busy(self) -> tuple[Busy, ...]:
        """Those that wait for nobody, where they have said in which step they are."""
        found = []
        for member in self.members:
            at = self._slots.at(member.number)
            if self._lives(member) and not member.daemon and self._slots.waiting(member.number) is None and at:
                found.append(Busy(member.ref, self._module.steps[at]))
        return tuple(found)

    # --- who may move whom ----------------------------------------------------------------------------------

    def may_move(
        self, waiting: Waiting, stuck: set[Member], movers: Sequence[Member], effects: frozenset[Effect]
    ) -> bool:
        """Whether any of the movers may ever end the wait."""
        if not movers and not self.pools.are_busy and waiting.kind != "await":
            return False  # all are asleep, and nothing is left that would wake one
        match waiting.kind:
            case "future" | "futures" | "calls":
                return self.pools.are_busy
            case "thread":
                return all(member.number != waiting.place for member in stuck)
            case "lock" | "relock":
                held = self._slots.holder(waiting.place)
                name = self._names[waiting.place][0]
                freed = name in self._module.footprint.released and ("free", name) in effects
                return held is None or freed or any(member.number == held[0] for member in movers)
            case "await":
                asked = self._module.footprint.asked_at(self._module.steps[waiting.line])
                return asked.by_itself or asked.may_change(movers, effects)
            case "woken":  # who was killed there never takes the notification
                return not self._facts.killed_at(waiting.place)
            case "sleep":
                return True
            case kind:
                return (_MOVED_BY[kind], self._names[waiting.place][0]) in effects


@record
class Look:
    """All live processes at one moment; None for whoever may be going on."""

    watcher: Watcher
    waits: Mapping[Member, Waiting | None]

    def stuck(self) -> list[Member]:
        """Those that nothing can move any more, in the order of the file."""
        stuck = {member for member, waiting in self.waits.items() if waiting is not None and not waiting.timed}
        while True:
            movers = [member for member in self.waits if member not in stuck]
            effects = self.watcher.pools.effects.union(*(member.effects for member in movers))
            free = {member for member in stuck if self._may_move(member, stuck, movers, effects)}
            if not free:
                return [member for member in self.waits if member in stuck]
            stuck -= free

    def _may_move(
        self, member: Member, stuck: set[Member], movers: Sequence[Member], effects: frozenset[Effect]
    ) -> bool:
        waiting = self.waits[member]
        assert waiting is not None, "it is stuck"
        if ("kill", member.group) in effects:
            return True
        return self.watcher.may_move(waiting, stuck, movers, effects)

    def blocked(self, members: Iterable[Member]) -> tuple[Blocked, ...]:
        """What each of them waits for."""
        found = [(member, self.waits[member]) for member in members]
        return tuple(self.watcher.blocked(member, waiting) for member, waiting in found if waiting is not None)
