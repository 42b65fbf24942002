"""One run in this process: starts the threads, watches them, collects the outcome, stops what is left."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from scenario.chance import seeded
from scenario.engines.threads import privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live import collect, pools
from scenario.engines.threads.live.members import TooLate
from scenario.engines.threads.live.recorder import Recorder
from scenario.engines.threads.live.runtime import Run
from scenario.engines.threads.watch import facts
from scenario.engines.threads.watch.stop import prepare, stop
from scenario.engines.threads.watch.stuck import Look
from scenario.engines.threads.watch.undisturbed import undisturbed
from scenario.engines.threads.watch.watcher import Watcher, is_bad
from scenario.machine import of_descendants, resident
from scenario.program import ops
from scenario.program.bounded.limits import MAX_MEMORY, Refused
from scenario.program.program import ProcessPool, Program
from scenario.program.refusal import invalid
from scenario.program.whole import every_node, tells_beginnings
from scenario.real.emit.module import Module, emit
from scenario.real.values import view
from scenario.results.outcome import Outcome
from scenario.results.waiting import Busy
from scenario.syntax import Ref

_FIRST_LOOK, _LAST_LOOK = 0.02, 0.15
"""Seconds between looks: short ones first, so that a run that deadlocks at once is over soon."""

_LONGEST_PAUSE = 0.2
"""The same where a look at many threads takes long; with the looks that confirm it, half a second is not reached."""

_MANY = 500
"""Threads with which one may come near to what a system has."""

_LAST_STEPS = 0.1
"""Seconds that others may go on when a deadlock is decided."""

_emitted: list[tuple[Program, Module]] = []  # the last one: a program is often run many times


def execute(
    program: Program,
    *,
    seed: int = 0,
    stress: bool = False,
    on_print: Callable[[str], None] | None = None,
    on_run: Callable[[Run], None] | None = None,
    records: bool = False,
) -> Outcome:
    """Runs the program here. KeyboardInterrupt ends it as `interrupted`. `on_run` is given the run when it is built.

    `stress`: what makes races show: another switch interval for each seed, and without a `main` of its own threads
    that are started in any order and go at once. `records`: the steps are kept as they are begun, and so the run is slower.
    """
    recorder = Recorder() if records else None
    run = Run(
        _module(program, recorder), seed, on_print,
        is_default_main=program.main is None, goes_together=stress or tells_beginnings(program),
        remote=_remote(program), recorder=recorder,
    )  # fmt: skip
    try:
        outcome = _outcome(run, stress=stress, on_run=on_run)
    finally:
        is_due = stop(run)
    if is_due and outcome.end != "interrupted":
        raise KeyboardInterrupt  # it came when all was over
    return outcome


def _outcome(run: Run, *, stress: bool, on_run: Callable[[Run], None] | None) -> Outcome:
    try:
        run.load()
        if on_run is not None:
            on_run(run)
        outcome = _stressed(run) if stress else _Execution(run).outcome()
        return outcome if run.recorder is None else replace(outcome, recorded=run.recorder.recorded())
    except TooLate:
        return Outcome("timeout", {var.name: view(var.value) for var in run.program.vars})
    except KeyboardInterrupt:
        return collect.outcome(run, "interrupted")


def _remote(program: Program) -> pools.Remote | None:
    if not any(isinstance(kind, ProcessPool) for primitive in program.primitives for kind in primitive.elements):
        return None
    from scenario.engines.threads.live import processes

    return pools.Remote(processes.setup, processes.call)


def _stressed(run: Run) -> Outcome:
    from scenario.engines.threads.stress import pace

    with pace.drawn(run.seed) as interval:
        return _Execution(run, interval).outcome()


def _module(program: Program, recorder: Recorder | None) -> Module:
    if recorder is not None:
        return emit(_with_main(program), recorder.told)
    if not _emitted or _emitted[0][0] is not program:
        _emitted[:] = [(program, emit(_with_main(program)))]
    return _emitted[0][1]


def _with_main(program: Program) -> Program:
    """A real default main where threads look at it: `join: main`. It is there when the others begin, and joins them."""
    asks = any(isinstance(node, Ref) and node.name == "main" for node in every_node(program))
    return replace(program, main=(ops.Join(Ref("all")),)) if program.main is None and asks else program


class _Over(Exception):
    """The run has been decided before its end."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class _Execution:
    def __init__(self, run: Run, interval: float | None = None) -> None:
        self.run = run
        self._interval = interval
        self.watcher = Watcher(run)
        if run.recorder is not None:
            run.recorder.begin(run.module.steps, lambda: facts.glance(self.watcher.look()))
        self._pause = _FIRST_LOOK
        self._memory = resident()

    def outcome(self) -> Outcome:
        run = self.run
        self._end = run.members.deadline
        self._next = min(time.monotonic() + self._pause, self._end)
        main = run.members.main
        try:
            self._begin()
            if main is None:
                self._join(self._own())
                pools.end(run)
            else:
                self._join([main.thread])
            self._join(self._everyone())
        except _Over as over:
            return over.outcome
        self._check_file()
        return collect.outcome(run, "finished")

    def _check_file(self) -> None:
        """Raises InvalidScenario if a thread has gone past a bound, OSError if the system had not what a pool needs."""
        if self.run.stopped_by is not None:
            raise self.run.stopped_by

    def _begin(self) -> None:
        """The initial state, which `always` and `reachable` look at, and then the first steps."""
        run = self.run
        if run.start_line is None:
            self._check_start()
        run.clock.begin()
        if not run.is_default_main:
            self._set_pace()
        if run.members.main is not None:
            self._started(run.members.main.thread.start)
        if run.is_default_main:
            self._start_all()
        if run.start_line is not None:
            self._check_start()
            self._set_pace()
            run.start_line.set()

    def _start_all(self) -> None:
        """The default main's first half; under stress in any order."""
        run = self.run
        order = None if self._interval is None else seeded(run.seed)
        if len(run.members.actors) > _MANY:
            prepare()  # once the system has no room for another thread, it has none for a library either
        self._started(lambda: run.members.start_all(order, self._in_time))

    def _started(self, start: Callable[[], None]) -> None:
        """Starts threads; where Python can not start any more the run is over."""
        try:
            start()
        except RuntimeError as error:
            raise _Over(collect.without_room(self.run, error)) from error

    def _in_time(self) -> None:
        """The timeout counts while threads are still being started."""
        if time.monotonic() >= self._end:
            raise _Over(collect.outcome(self.run, "timeout"))

    def _set_pace(self) -> None:
        """Under stress: only when all are there, for starting threads at the shortest pace takes long."""
        if self._interval is not None:
            sys.setswitchinterval(self._interval)

    def _check_start(self) -> None:
        try:
            for check in self.run.module.footprint.checks:
                self.run.findings.check(check, None, 0)
        except Refused as refused:
            self.run.refuse(refused)
            self._check_file()

    def _own(self) -> Iterator[threading.Thread]:
        """The scenario's threads that are no daemons and have been started, also by others meanwhile."""
        yield from (a.thread for a in self.run.members.actors if not a.daemon and a.started)

    def _everyone(self) -> Iterator[threading.Thread]:
        """What the interpreter waits for at its end: pools first, then the other threads."""
        yield from pools.workers(self.run)
        done = False
        while not done:  # a thread may have started another one that stands before it
            alive = [thread for thread in self._own() if thread.is_alive()]
            done = not alive
            yield from alive

    def _join(self, threads: Iterator[threading.Thread] | list[threading.Thread]) -> None:
        for thread in threads:
            privates.end_in_turn(thread)
            while thread.is_alive():
                thread.join(max(self._next - time.monotonic(), 0.0))
                if time.monotonic() >= self._next:  # also while one thread after the other ends
                    self._look()

    @undisturbed
    def _look(self) -> None:
        """Ends the run if it is decided; else sets the time to the next look so that looking stays cheap."""
        self._check_file()
        began = time.perf_counter()
        look = self.watcher.deadlock()
        if look is not None:
            self._over("deadlock", self._last_steps(look))
        if time.monotonic() >= self._end:
            self._over("timeout", self.watcher.look())
        if self._taken() > MAX_MEMORY:
            at = next(filter(None, facts.places(self.watcher.look()).values()), self.run.program.claims.at)
            raise invalid(f"the run has taken {MAX_MEMORY >> 20} MiB of memory", at)
        cost = time.perf_counter() - began
        self._pause = min(max(min(self._pause * 1.3, _LAST_LOOK), cost * 20), _LONGEST_PAUSE)
        self._next = min(time.monotonic() + self._pause, self._end)

    def _taken(self) -> int:
        """Bytes of memory, in this process and in those that it has started."""
        starts = self.run.process_pools() or self.run.program.python
        return resident() - self._memory + (of_descendants() if starts else 0)

    def _last_steps(self, look: Look) -> Look:
        """A deadlock is decided; the others get a moment, so that who runs into it is named as well."""
        end = time.monotonic() + _LAST_STEPS
        while time.monotonic() < end and any(map(is_bad, look.moving())):
            time.sleep(_FIRST_LOOK)
            look = self.watcher.deadlock() or look
        return look

    def _over(self, end: collect.End, look: Look) -> None:
        """Ends the run. A deadlock names the stuck threads, a timeout all that wait, and where the others are."""
        waiting = look.stuck() if end == "deadlock" else look.waits
        blocked = facts.blocked(look, self._in_order(waiting))
        blocked += facts.blocked(look, (actor for actor in look.waits if actor.daemon and actor in waiting))
        busy: tuple[Busy, ...] = ()
        if end == "timeout":
            blocked += facts.pending(look)
            busy = self._busy(look, {one.thread for one in blocked})
        raise _Over(replace(collect.outcome(self.run, end, blocked), busy=busy))

    def _busy(self, look: Look, waiting: set[str]) -> tuple[Busy, ...]:
        """The threads that do not wait, with the steps in which they are."""
        others = self._in_order(actor for actor in look.tops if actor.ref not in waiting)
        at = facts.places(look)
        return tuple(Busy(actor.ref, span) for actor in others if (span := at[actor]) is not None)

    def _in_order(self, actors: Iterable[Actor]) -> list[Actor]:
        """Those that are no daemons, in the order of the file."""
        order = {actor: number for number, actor in enumerate(self.run.members.actors)}
        return sorted(filter(is_bad, actors), key=lambda actor: _place(actor, order))


def _place(actor: Actor, order: Mapping[Actor, int]) -> tuple[int, int, str]:
    """Order of the file: threads, then main, then pools' workers."""
    kinds = {"main": 1, "worker": 2}
    if actor.kind in kinds:
        return kinds[actor.kind], 0, actor.ref
    return 0, order[actor], ""
