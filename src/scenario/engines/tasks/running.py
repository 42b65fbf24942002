"""One run on asyncio's own loop: starts the tasks, looks between rounds, collects the outcome, closes what is left."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from scenario.engines.tasks import collect
from scenario.engines.tasks.actors import Actor
from scenario.engines.tasks.around import Around
from scenario.engines.tasks.loop import Between, Loop, opened
from scenario.engines.tasks.recording import Recording
from scenario.engines.tasks.runtime import Run
from scenario.engines.tasks.waits import Look, look
from scenario.program import ops
from scenario.program.bounded.limits import Refused
from scenario.program.program import Program
from scenario.program.whole import every_node
from scenario.real.emit.module import Module, emit
from scenario.real.endable import Abandoned
from scenario.results.outcome import Outcome
from scenario.results.waiting import Blocked, Wait
from scenario.syntax import Ref

PAUSE = 0.05
"""Seconds between looks for a deadlock beside tasks that go on."""

_emitted: list[tuple[Program, Module]] = []  # the last one: a program is often run many times


class Over(Exception):
    """The run has been decided before its end."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def execute(
    program: Program, *, seed: int = 0, on_print: Callable[[str], None] | None = None, records: bool = False
) -> Outcome:
    """Runs the program once, on a loop of its own; `records`: its steps are kept. Raises InvalidScenario where it goes past a bound."""
    if not records:
        return _executed(Run(module_of(program), seed, on_print))
    recording = Recording(is_bounded=True)
    around = Around(time.monotonic() + program.timeout, ended=recording.ended)
    run = Run(module_of(program), seed, on_print, around)
    with recording.of(run):
        outcome = _executed(run)
    return replace(outcome, recorded=recording.recorded())


def _executed(run: Run) -> Outcome:
    with interruptible(Watched(run), run.interrupt) as loop:
        outcome = conducted(run, loop)
    if run.interrupted and outcome.end != "interrupted":
        raise KeyboardInterrupt  # it came when all was over
    return outcome


def module_of(program: Program) -> Module:
    """The program's emitted module."""
    if not _emitted or _emitted[0][0] is not program:
        _emitted[:] = [(program, emit(_with_main(program)))]
    return _emitted[0][1]


def _with_main(program: Program) -> Program:
    """A real default main where tasks look at it (`join: main`)."""
    asks = any(isinstance(node, Ref) and node.name == "main" for node in every_node(program))
    main = (ops.Start(Ref("all")), ops.Join(Ref("all")))
    return replace(program, main=main) if program.main is None and asks else program


def conducted(run: Run, loop: Loop) -> Outcome:
    """The outcome; nothing of it is left on the loop."""
    root = run.rooted(loop.create_task(_main(run)))
    try:
        loop.run_until_complete(root)
        return _finished(run)
    except Over as over:
        return over.outcome
    finally:
        run.finish()
        _close(run.tasks())
        loop.clear()


def _finished(run: Run) -> Outcome:
    if run.invalid is not None:
        raise run.invalid
    if run.interrupted:
        return collect.outcome(run, "interrupted")
    if time.monotonic() >= run.around.limit:
        return collect.outcome(run, "timeout")
    return collect.outcome(run, "finished")


async def _main(run: Run) -> None:
    """The coroutine of `asyncio.run`: the file's main, or what starts all; then those are waited for that are no daemons."""
    with suppress(Abandoned):  # its time may be over while tasks are made
        await _steps(run)


async def _steps(run: Run) -> None:
    members = run.members
    run.load()
    _check_start(run)
    run.begin()
    if members.main is None:
        members.start_all()
    else:
        members.main.begin(asyncio.current_task())
        await members.body(members.main)
    await members.all_ended()
    await _cancelled(run)


async def _cancelled(run: Run) -> None:
    """Daemons are cancelled, as `asyncio.run` cancels what is left; a timer has not fired."""
    left = [actor for actor in run.members.actors if actor.alive]
    for actor in left:
        run.members.cancel(actor)
    waited = [actor.task for actor in left if actor.task is not None and not actor.ended]
    if waited:
        await asyncio.gather(*waited, return_exceptions=True)


def _check_start(run: Run) -> None:
    try:
        for check in run.module.footprint.checks:
            run.findings.check(check, None, 0)
    except Refused as refused:
        run.refuse(refused)


def _close(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Tasks that have not ended are closed: whatever they do meanwhile is seen by nobody."""
    for task in tasks:
        with suppress(BaseException):
            coroutine = task.get_coro()
            assert coroutine is not None, "it has not ended"
            coroutine.close()


class Watched:
    """Between rounds: who awaits something is woken, and the run is ended where it is decided."""

    def __init__(self, run: Run, pause: float = PAUSE) -> None:
        self._run = run
        self._pause = pause
        self._next = time.monotonic() + pause

    def before_round(self, loop: Loop, timeout: float | None) -> float | None:
        run = self._run
        run.wake()
        if loop.ready:
            timeout = 0
        now = time.monotonic()
        run.weigh(now)
        if run.invalid is not None:
            raise run.invalid
        if run.interrupted:
            raise Over(collect.outcome(run, "interrupted"))
        if timeout is None or now >= self._next:
            self._look(idle=timeout is None)
            self._next = now + self._pause
        if now >= run.around.limit:
            raise Over(timed_out(run))
        left = run.around.limit - now
        return min(left, PAUSE) if timeout is None else min(timeout, left, PAUSE)

    def _look(self, *, idle: bool) -> None:
        seen = look(self._run)
        ended = deadlock(self._run, seen, idle=idle)
        if ended is not None:
            raise Over(ended)


def timed_out(run: Run) -> Outcome:
    """What is known at the end of its time."""
    seen = look(run)
    waiting = sorted(seen.waits, key=lambda actor: actor.daemon)
    return collect.outcome(run, "timeout", (*seen.blocked(waiting), *_pending(run, waiting)), seen.busy())


def _pending(run: Run, actors: Iterable[Actor]) -> Iterator[Blocked]:
    """The timers that have not fired yet."""
    spans = {group.key: group.span for group in run.program.groups}
    return (Blocked(actor.ref, spans[actor.group], Wait("time")) for actor in actors if actor.handle is not None)


def deadlock(run: Run, seen: Look, *, idle: bool) -> Outcome | None:
    """The outcome of a run in which somebody can never move again; `idle`: nothing is ready, and no timer is left."""
    if idle:
        stuck = [actor for actor in seen.stuck() if not actor.daemon] or [
            actor for actor, wait in seen.waits.items() if wait is not None and not actor.daemon
        ]
        if not stuck:
            return collect.outcome(run, "finished")  # daemons alone, which would not end when they were cancelled
    else:
        stuck = [actor for actor in seen.stuck() if not actor.daemon]
    return collect.outcome(run, "deadlock", seen.in_deadlock(stuck)) if stuck else None


@contextmanager
def interruptible(
    between: Between, heard: Callable[[], None], clock: Callable[[], float] | None = None
) -> Iterator[Loop]:
    """A loop. From before it is made until it is closed Ctrl-C is heard, and no exception: whoever made it looks whether one came."""
    there: list[Loop] = []
    with _interrupting(heard, there), opened(between, clock) as loop:
        there.append(loop)
        yield loop


@contextmanager
def _interrupting(heard: Callable[[], None], there: Sequence[Loop]) -> Iterator[None]:
    """Ctrl-C is heard by us, and ends a run between two rounds, or in the middle of what holds the loop; never a task of the scenario.

    Who ignores it (what a shell has in the background) goes on to do so.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield
        return

    def interrupt(*_: object) -> None:
        heard()
        for loop in there:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(int)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
