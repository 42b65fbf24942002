"""The outcome of a run: what the processes have told, and what is in their memory now, as plain values."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from scenario.diagnostics import Diagnostic
from scenario.engines.processes.managed import whole
from scenario.engines.processes.members import Family, Member
from scenario.engines.processes.reports import Failed, Marked, Message, Noted, Printed, Raised, Refusal, Registers
from scenario.engines.processes.slots import ALIVE, ENDED
from scenario.program.whole import queried_at_the_end
from scenario.real.functions import busy as spent
from scenario.real.values import view
from scenario.results.failures import Failure
from scenario.results.outcome import Outcome, ThreadError
from scenario.results.recorded import Begun, Glance
from scenario.results.waiting import Blocked, Busy

End = Literal["finished", "deadlock", "timeout", "ended", "interrupted"]


@dataclass(slots=True)
class Told:
    """What has been told so far. Lines are passed on as they come."""

    on_print: Callable[[str], None] | None
    output: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    errors: dict[str, ThreadError] = field(default_factory=dict)
    registers: dict[str, dict[str, object]] = field(default_factory=dict)
    refused: tuple[Diagnostic, ...] = ()
    steps: list[Begun] = field(default_factory=list)

    def hear(self, message: Message) -> None:
        match message:
            case Printed(text):
                for line in text.split("\n"):
                    self.output.append(line)
                    if self.on_print is not None:
                        self.on_print(line)
            case Marked(text):
                self.marks.append(text)
            case Failed(failure):
                self.failures.append(failure)
            case Raised(thread, error):
                self.errors[thread] = error
            case Registers(thread, values):
                self.registers[thread] = values
            case Refusal(diagnostics):
                self.refused = self.refused or diagnostics
            case Noted(begun):
                self.steps.append(replace(begun, before=self.when(begun.before)))

    def when(self, glance: Glance) -> Glance:
        """With what had been told by then."""
        return replace(glance, printed=len(self.output), marked=len(self.marks))


class Collector:
    """`spent_before`: seconds of the processor that were gone when it began."""

    def __init__(self, family: Family, told: Told) -> None:
        self._family, self._told = family, told
        self._spent_before = spent()

    def outcome(
        self,
        end: End,
        blocked: tuple[Blocked, ...] = (),
        busy: tuple[Busy, ...] = (),
        failures: tuple[Failure, ...] = (),
    ) -> Outcome:
        """Everything that can be seen of the run now. Errors and failures come in the order of their threads."""
        family, told = self._family, self._told
        order = [member.ref for member in family.all] + ["main"]
        program, slots = family.parts.program, family.parts.slots
        found = sorted(told.failures, key=lambda failure: _rank(order, failure))
        return Outcome(
            end,
            {var.name: self._value(var.name) for var in program.vars},
            told.registers,
            self._objects(),
            tuple(told.output),
            tuple(told.marks),
            {ref: told.errors[ref] for ref in order if ref in told.errors},
            (*found, *failures),
            blocked,
            elapsed=time.monotonic() - family.began,
            cpu=spent() - self._spent_before,
            over=frozenset(member.ref for member in family.all if slots.state(member.number) == ENDED),
            busy=busy,
        )

    def _value(self, name: str) -> object:
        """A variable's."""
        parts = self._family.parts
        return view(whole(parts.containers[name])) if name in parts.containers else parts.store.read(name)

    def _objects(self) -> dict[tuple[str, int | None], dict[str, object]]:
        """The state of objects that the expectations ask for, of all elements of an array or group."""
        family = self._family
        found: dict[tuple[str, int | None], dict[str, object]] = {}
        for name, attribute in queried_at_the_end(family.parts.program):
            place = family.parts.objects.get(name)
            if place is not None:
                for index, element in list(enumerate(place)) if isinstance(place, list) else [(None, place)]:
                    found.setdefault((name, index), {})[attribute] = _state(element, attribute)
                continue
            if attribute in ("alive", "blocked"):
                count = family.alive(name) if attribute == "alive" else family.blocked(name)
                found.setdefault((name, None), {})[attribute] = count
            for index, member in enumerate(one for one in (*family.all, family.main) if one.group == name):
                at = index if isinstance(family.objects.get(name), list) else None
                found.setdefault((name, at), {})[attribute] = self._asked(member, attribute)
        return found

    def _asked(self, member: Member, attribute: str) -> object:
        slots = self._family.parts.slots
        match attribute:
            case "name":
                return "MainThread" if member.process is None else member.process.name
            case "daemon":
                return member.daemon
            case "blocked":
                return int(slots.is_blocked(member.number))
            case "alive":
                return int(slots.state(member.number) == ALIVE)
            case _:
                return slots.state(member.number) == ALIVE


def _rank(order: list[str], failure: Failure) -> int:
    return order.index(failure.thread) if failure.thread in order else len(order)


def _state(place: object, attribute: str) -> object:
    """What an expression asks of an object."""
    name = "_value" if attribute == "value" else attribute
    value = getattr(place, name)
    return value() if callable(value) else value
