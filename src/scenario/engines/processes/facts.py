"""What the processes of a run say of themselves, as facts: who waits for what, and who has it. Each of them can read it."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.processes import building, objects
from scenario.engines.processes.managed import whole
from scenario.engines.processes.parts import Parts
from scenario.engines.processes.slots import ALIVE, KILLED, Waiting
from scenario.program.program import thread_ref
from scenario.real.emit.module import Module
from scenario.real.travelling import plain_value
from scenario.real.values import view
from scenario.results.recorded import Glance
from scenario.results.waiting import Holder, Wait

_SLEEPS = frozenset({"event", "condition"})
"""Where a process sleeps until somebody notifies it."""


class Facts:
    """`names` are those of the objects by their places."""

    def __init__(self, parts: Parts, module: Module, names: Sequence[tuple[str, str]]) -> None:
        self._parts, self._module, self._names = parts, module, names
        self._slots = parts.slots
        groups = parts.program.groups
        self._refs = [*(thread_ref(group, index) for group in groups for index in range(len(group.names))), "main"]
        self._objects = [place for _, _, place in building.each(parts.objects) if isinstance(place, objects.Placed)]

    def wait(self, waiting: Waiting) -> Wait:
        name = self._names[waiting.place][1] if waiting.place < len(self._names) else ""
        match waiting.kind:
            case "thread":
                ref = self._refs[waiting.place]
                return Wait("thread", ref, by=(ref,))
            case "barrier":
                place = next(place for place in self._objects if place.place == waiting.place)
                assert isinstance(place, objects.Barrier)
                return Wait("barrier", name, needs=place.parties, has=place.n_waiting)
            case "lock" | "relock" | "semaphore":
                return Wait(waiting.kind, name, tuple(self._holders(waiting.place)))
            case "await" | "sleep" as kind:
                return Wait(kind)
            case "future" | "futures":  # of which main alone knows more
                return Wait("future")
            case "woken":
                return Wait("woken", name, by=self.killed_at(waiting.place))
            case kind:
                return Wait(kind, name)

    def killed_at(self, place: int) -> tuple[str, ...]:
        """Those that were killed while they slept at the object."""
        slots = self._slots
        killed = [(ref, slots.waiting(n)) for n, ref in enumerate(self._refs) if slots.state(n) == KILLED]
        return tuple(ref for ref, wait in killed if wait is not None and wait.kind in _SLEEPS and wait.place == place)

    def _holders(self, place: int) -> Sequence[Holder]:
        """Who has a lock, or places of a semaphore."""
        holder = self._slots.holder(place)
        held = [*self._slots.takers(place)] if holder is None else [holder]
        return [
            Holder(self._refs[who], self._module.steps[line], is_killed=self._slots.state(who) == KILLED)
            for who, line in held
        ]

    def glance(self) -> Glance:
        """All that people want to see of this moment. Whoever stands before a lock that nobody has does not wait for it."""
        waits: dict[str, Wait] = {}
        for number, ref in enumerate(self._refs):
            waiting = self._slots.waiting(number) if self._slots.state(number) == ALIVE else None
            if waiting is not None:
                wait = self.wait(waiting)
                if wait.kind != "lock" or wait.holders:
                    waits[ref] = wait
        holds: dict[str, tuple[str, ...]] = {}
        for place, (_, name) in enumerate(self._names):
            for ref in dict.fromkeys(holder.thread for holder in self._holders(place)):
                holds[ref] = (*holds.get(ref, ()), name)
        killed = (ref for number, ref in enumerate(self._refs) if self._slots.state(number) == KILLED)
        return Glance(self._shared(), waits, holds, tuple(killed))

    def _shared(self) -> dict[str, object]:
        store, containers = self._parts.store, self._parts.containers
        numbers = {var.name for var in self._parts.program.vars} - containers.keys()
        return {
            var.name: store.read(var.name) if var.name in numbers else plain_value(view(whole(containers[var.name])))
            for var in self._parts.program.vars
        }
