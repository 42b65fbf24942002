"""The threads as the parent has them: real processes, made before anything moves, started, joined, killed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection

from scenario.engines.processes.asking import LONGEST, Other, Others
from scenario.engines.processes.denied import Denied
from scenario.engines.processes.objects import noted
from scenario.engines.processes.parts import Parts
from scenario.engines.processes.slots import ALIVE, KILLED, NEW
from scenario.engines.processes.worker import serve
from scenario.program.program import ThreadGroup, thread_ref
from scenario.real.children.spawned import Process
from scenario.real.effects import Effect, Effects


class Child(Process):
    """A thread's process. A file's `class` names a subclass of it; on the other side it is this."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...], dict[str, object]]:
        made, (secured, _), state = super().__reduce__()
        return made, (secured, Process), state


@dataclass(eq=False, slots=True)
class Member:
    """One thread, or main: its place in the slots, and all that it may ever do. `process` is None for main."""

    ref: str
    group: str
    number: int
    daemon: bool
    effects: frozenset[Effect]
    process: Process | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """As conditions ask."""
        return "main" if self.process is None else "thread"


class Started(Other):
    """A thread for the parent's emitted code."""

    def __init__(self, members: Family, member: Member, name: str) -> None:
        super().__init__(members.parts, member.number, name)
        self._members, self.member = members, member

    def start(self) -> None:
        self._members.begin_for_main(self.member)

    def join(self, timeout: float | None = None) -> None:
        process = self.member.process
        assert process is not None, "main is never joined by itself: CPython refuses that first"
        if process.pid is None:
            process.join(timeout)  # which it refuses
        with noted("thread", self.member.number, timeout):
            process.join(timeout)

    def is_alive(self) -> bool:
        process = self.member.process
        return process is None or process.is_alive()

    def kill(self) -> None:
        process = self.member.process
        assert process is not None, "compiling refuses it of main"
        if process.pid is None:
            process.kill()  # which it refuses
        self._members.kill([self.member])


class Family(Others):
    """All of them. `began` is the moment of the first start."""

    def __init__(self, parts: Parts, denied: Denied) -> None:
        super().__init__(parts)
        self._denied = denied
        self.all: list[Member] = []
        self.began = time.monotonic()
        may = Effects(parts.program).threads
        for group in parts.program.groups:
            self._add(group, may[group.key])
        self.main = Member("main", "main", self.numbers["main"][0], daemon=False, effects=may["main"])
        self.objects["main"] = Started(self, self.main, "MainThread")

    def _add(self, group: ThreadGroup, effects: frozenset[Effect]) -> None:
        kind = Child if group.class_name is None else type(group.class_name, (Child,), {})
        members = []
        for index, number in enumerate(self.numbers[group.key]):
            given = (self.parts, group.key, index, number, self.began)
            process = kind(target=serve, args=given, name=group.names[index], daemon=group.daemon)
            member = Member(thread_ref(group, index), group.key, number, group.daemon, effects, process)
            members.append(member)
        self.all += members
        objects = [Started(self, one, name) for one, name in zip(members, group.names, strict=True)]
        self.objects[group.key] = objects if group.is_group else objects[0]

    # --- what becomes of them -------------------------------------------------------------------------------

    def begin(self, member: Member) -> None:
        """Starts its process. Raises OSError where the system has none, or too little for it."""
        process = member.process
        assert process is not None, "main is there from the beginning"
        if self.parts.slots.state(member.number) == NEW:
            self.parts.slots.becomes(member.number, ALIVE)
        process.start()
        self.parts.slots.started(member.number, process.pid or 0)

    def begin_for_main(self, member: Member) -> None:
        """The same, as a step of main's."""
        try:
            self.begin(member)
        except OSError as error:
            self._denied.note(error)

    def start(self, thread: Other) -> None:
        thread.start()

    def start_all(self) -> None:
        for member in self.all:
            if self.parts.slots.state(member.number) == NEW:
                self.begin_for_main(member)

    def join_all(self, timeout: float | None = None) -> None:
        for member in self.started():
            if not member.daemon and member.process is not None:
                with noted("thread", member.number, timeout):
                    member.process.join(timeout)

    def started(self) -> Iterator[Member]:
        """Those that have been, in the order of the file."""
        return (member for member in self.all if member.process is not None and member.process.pid is not None)

    def is_gone(self, member: Member) -> bool:
        """Whether its process has ended: nobody else is kept from reaping it."""
        process = member.process
        return process is not None and process.pid is not None and bool(connection.wait([process.sentinel], 0))

    def reap(self) -> None:
        """Those that have ended are waited for: only then the system counts their time as a child's."""
        for member in self.started():
            if member.process is not None and self.is_gone(member):
                member.process.join()

    def kill(self, members: Iterable[Member]) -> None:
        """They take no further step; what they hold stays held, but for the locks that are ours."""
        with self.parts.still():
            for member in members:
                if member.process is not None and member.process.pid is not None and not self.is_gone(member):
                    self.parts.slots.becomes(member.number, KILLED)
                    member.process.kill()
                    connection.wait([member.process.sentinel], LONGEST)
