"""One run in this process, which is the parent: builds what all share, starts the processes, watches them, collects the outcome."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import connection

from scenario.diagnostics import InvalidScenario
from scenario.engines.processes import building
from scenario.engines.processes.collect import Collector, Told
from scenario.engines.processes.denied import Denied
from scenario.engines.processes.facts import Facts
from scenario.engines.processes.guard import Guard
from scenario.engines.processes.managed import containers, started
from scenario.engines.processes.members import Family
from scenario.engines.processes.parts import Parts, StartLine
from scenario.engines.processes.pools import Pools
from scenario.engines.processes.recording import Recording
from scenario.engines.processes.reports import Reports
from scenario.engines.processes.runtime import Me, Run, emitted
from scenario.engines.processes.slots import ALIVE, ENDED, KILLED, Slots
from scenario.engines.processes.store import Store
from scenario.engines.processes.waits import Watcher
from scenario.machine import of_descendants, processors, resident
from scenario.program.bounded.limits import MAX_MEMORY
from scenario.program.bounded.patience import Look
from scenario.program.program import Program
from scenario.program.refusal import invalid
from scenario.real.children import parent
from scenario.real.children.spawned import MOST, Context
from scenario.results.failures import Failure, ProcessEnded
from scenario.results.outcome import Outcome
from scenario.results.recorded import Recorded

_FIRST_LOOK, _LAST_LOOK = 0.02, 0.15
"""Seconds between looks: short ones first, so that a run that deadlocks at once is over soon."""

_LAST_STEPS = 0.1
"""Seconds that others may go on when a deadlock is decided."""

_ANSWER = 0.1
"""Seconds in which a process says in which step it is, when the time is over."""


def execute(
    program: Program,
    *,
    seed: int,
    on_print: Callable[[str], None] | None,
    is_interrupted: Callable[[], bool],
    records: bool,
) -> Outcome:
    """Runs the program, with this process as the parent of its threads' ones. Raises InvalidScenario where it goes past a bound.

    `records`: its steps are kept.
    """
    _check_number(program)
    end = time.monotonic() + program.timeout

    def look() -> None:
        if is_interrupted() or time.monotonic() >= end:
            raise _Over(Outcome("interrupted" if is_interrupted() else "timeout", _values(program)))

    try:
        parts, names = _parts(program, seed, look, records=records)
    except _Over as over:  # before there was anything to watch
        return over.outcome
    denied = Denied()
    pools = Pools(parts, names, denied)
    family = Family(parts, denied)
    execution = _Execution(parts, family, pools, denied, names, on_print, is_interrupted, end)
    try:
        return execution.outcome()
    finally:
        execution.end()


def _check_number(program: Program) -> None:
    """A default main has all of them at once."""
    most = max(MOST, processors())
    for group in program.groups if program.main is None else ():
        most -= len(group.names)
        if most < 0:
            raise invalid(f"more than {max(MOST, processors())} processes at once: each is a whole Python", group.span)


def _values(program: Program) -> dict[str, object]:
    """What the variables begin with."""
    return {var.name: var.value for var in program.vars}


def _parts(program: Program, seed: int, look: Look, *, records: bool) -> tuple[Parts, list[tuple[str, str]]]:
    """What all share, and the names of the objects by their places."""
    context = Context()
    made = building.build(program.primitives, context, look)
    names = building.place_all(made)
    values = _values(program)
    numbers = {name: value for name, value in values.items() if not isinstance(value, list | dict)}
    manager = started(context) if len(numbers) < len(values) else None
    members = sum(len(group.names) for group in program.groups) + 1
    reports = Reports(context)
    return Parts(
        program, seed, Slots(context, members, max(1, len(names))),
        Store(context, numbers), reports, Guard(context), {} if manager is None else containers(manager, values),
        made, StartLine(context, is_shut=program.main is None), Recording(context, reports) if records else None,
    ), names  # fmt: skip


class _Over(Exception):
    """The run has been decided before its end."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class _Execution:
    def __init__(
        self,
        parts: Parts,
        family: Family,
        pools: Pools,
        denied: Denied,
        names: list[tuple[str, str]],
        on_print: Callable[[str], None] | None,
        is_interrupted: Callable[[], bool],
        end: float,
    ) -> None:
        """`end`: when its time is over (`time.monotonic`)."""
        program = parts.program
        self.parts, self.family, self._pools, self._denied = parts, family, pools, denied
        self._is_default = program.main is None
        module = emitted(program, parts)
        me = Me("main", "MainThread", 0, parts.seed)
        self._run = Run(module, parts, me, family.main.number, "main", family, names)
        self._run.has(pools.objects, pools.functions())
        self._facts = Facts(parts, module, names)
        self._told = Told(on_print)
        self._collector = Collector(family, self._told)
        self._watcher = Watcher(module, family, pools, names, is_default=self._is_default)
        self._is_interrupted = is_interrupted
        self._main = threading.Thread(target=self._live, name="MainThread", daemon=True)
        self._has_lived = False
        self._pause = _FIRST_LOOK
        self._memory = resident()
        self._end = end
        self._next = time.monotonic() + self._pause

    def _live(self) -> None:
        """A fault of ours in it is printed by its thread, and told by who watches."""
        self._run.live(self.family.began)
        self._has_lived = True

    def outcome(self) -> Outcome:
        """From the first start to the end."""
        outcome = self._outcome()
        recording = self.parts.recording
        if recording is None:
            return outcome
        recording.close()
        self._listen()
        recorded = Recorded(tuple(self._told.steps), self._told.when(self._facts.glance()), recording.is_whole)
        return replace(outcome, recorded=recorded)

    def _outcome(self) -> Outcome:
        try:
            self._run.load()
            self.parts.slots.becomes(self.family.main.number, ALIVE)
            if self._is_default:
                self._start_all()
            else:
                parent.begin(self._main)
                while self._main.is_alive():
                    self._wait()
                self._listen()
                if not self._has_lived:
                    raise RuntimeError("the main thread of a run has ended")
                self._pools.close()
                while self._pools.are_alive():
                    self._wait()
                self._end_daemons()
            while any(not member.daemon and not self.family.is_gone(member) for member in self.family.started()):
                self._wait()
            self._end_daemons()
            self._listen()
            self.family.reap()
            return self._collector.outcome("finished")
        except _Over as over:
            return over.outcome

    def _start_all(self) -> None:
        """What a default main does first: all begin when all are there."""
        for member in self.family.all:
            self.family.begin(member)
            self._look()
        for _ in self.family.all:
            while not self.parts.line.is_reached(_FIRST_LOOK):
                self._look()
        self.parts.line.open(len(self.family.all))

    def _end_daemons(self) -> None:
        """As the end of the parent does."""
        self.family.kill(member for member in self.family.started() if member.daemon)

    # --- watching -------------------------------------------------------------------------------------------

    def _wait(self) -> None:
        """Until something is told, one of them has ended, or it is time to look."""
        sentinels = [
            member.process.sentinel
            for member in self.family.started()
            if member.process is not None and not self.family.is_gone(member)
        ]
        connection.wait([self.parts.reports.reading, *sentinels], max(0.0, self._next - time.monotonic()))
        self._listen()
        if time.monotonic() >= self._next:
            self._look()

    def _listen(self) -> None:
        for message in self.parts.reports.heard():
            self._told.hear(message)
        if self._told.refused:
            raise InvalidScenario(self._told.refused)
        if self._denied.first is not None:
            raise self._denied.first

    def _look(self) -> None:
        """Ends the run if it is decided."""
        self._listen()
        if self._is_interrupted():
            raise _Over(self._collector.outcome("interrupted"))
        self._check_deaths()
        stuck = [member for member in self._watcher.look().stuck() if not member.daemon]
        if stuck:
            self._deadlocked()
        if time.monotonic() >= self._end:
            raise _Over(self._timed_out())
        if resident() - self._memory + of_descendants() > MAX_MEMORY:
            raise invalid(f"the run has taken {MAX_MEMORY >> 20} MiB of memory", self.parts.program.claims.at)
        self._pause = min(self._pause * 1.3, _LAST_LOOK)
        self._next = min(time.monotonic() + self._pause, self._end)

    def _deadlocked(self) -> None:
        """It is decided; the others get a moment, so that who runs into it is named as well."""
        end = time.monotonic() + _LAST_STEPS
        while True:
            time.sleep(_FIRST_LOOK)
            look = self._watcher.look()
            moving = [member for member, waiting in look.waits.items() if waiting is None and not member.daemon]
            if not moving or time.monotonic() >= end:
                break
        self._listen()
        stuck = sorted(look.stuck(), key=lambda member: member.daemon)
        if stuck and not stuck[0].daemon:
            raise _Over(self._collector.outcome("deadlock", look.blocked(stuck)))

    def _timed_out(self) -> Outcome:
        """What is known at the end of its time: who waits, and where the others are."""
        asked = [member for member in self.family.started() if self.parts.slots.waiting(member.number) is None]
        for member in asked:
            if hasattr(signal, "SIGUSR1") and member.process is not None and not self.family.is_gone(member):
                os.kill(member.process.pid or 0, signal.SIGUSR1)
        time.sleep(_ANSWER if asked else 0)
        self._listen()
        blocked = self._watcher.now(sorted(self._watcher.members, key=lambda member: member.daemon))
        return self._collector.outcome("timeout", blocked, self._watcher.busy())

    def _check_deaths(self) -> None:
        """A process that has ended by itself, and by nothing that the file does."""
        for member in self.family.started():
            state = self.parts.slots.state(member.number)
            process = member.process
            if state in (ENDED, KILLED) or process is None or not self.family.is_gone(member):
                continue
            process.join(1)
            how = ProcessEnded(
                "signal" if (process.exitcode or 0) < 0 else "exit status", str(abs(process.exitcode or 0))
            )
            group = next(group for group in self.parts.program.groups if group.key == member.group)
            raise _Over(self._collector.outcome("ended", failures=(Failure(how, group.span, member.ref),)))

    # --- the end --------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Nothing is left of it: no process, and nothing that is read any more."""
        self._pools.kill()
        self.family.kill(self.family.started())
        for member in self.family.started():
            if member.process is not None:
                member.process.join()
        self.parts.reports.close()
