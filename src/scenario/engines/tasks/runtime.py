"""The state of one run on a loop: its objects, its tasks, what they have shown, and the names that emitted code calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from types import FrameType, TracebackType
from typing import cast

from scenario.diagnostics import InvalidScenario
from scenario.engines.tasks import objects, waits
from scenario.engines.tasks.actors import Actor
from scenario.engines.tasks.answers import Answer, Answers
from scenario.engines.tasks.around import Around
from scenario.engines.tasks.awaiting import Awaited
from scenario.engines.tasks.members import Body, Members
from scenario.engines.tasks.operations import Limited, Operations, exception
from scenario.machine import Growth
from scenario.program.bounded.limits import MAX_MEMORY, ON_AND_ON, Refused, refuse
from scenario.program.evaluate import executed_code, tried
from scenario.program.refusal import invalid
from scenario.real.emit.module import Module
from scenario.real.endable import Abandoned
from scenario.real.findings import Findings
from scenario.real.footprint import Check
from scenario.real.functions import busy, chunk_seconds, repeat, work
from scenario.real.making import names_of
from scenario.real.takers import Takers
from scenario.real.tracebacks import step_here, step_of
from scenario.real.values import fresh, fresh_each, refusals_before, text_of
from scenario.source import Span

_WELL, _CANCELLED = (Abandoned, SystemExit, GeneratorExit), asyncio.CancelledError


class _Ending:
    """Around all that a task does: whatever it raises ends it, and the run is told."""

    def __init__(self, run: Run, me: Actor) -> None:
        self._run = run
        self._me = me

    def __enter__(self) -> None:
        """Nothing is done before."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> bool:
        self._run.ended(self._me, error)
        return True


class Run:
    """One run, with what it rests on."""

    def __init__(
        self, module: Module, seed: int, on_print: Callable[[str], None] | None = None, around: Around | None = None
    ) -> None:
        self.module = module
        self.program = module.program
        self.around = around or Around(time.monotonic() + self.program.timeout)
        self.began, self._busy = self.around.clock(), busy()
        self.rounds = 0
        self._looks = 0
        self._memory = Growth(MAX_MEMORY)
        self.is_over = False
        self.interrupted = False
        self.holds = Takers[Actor, int]()
        self.findings = Findings(module, lambda: self.is_over)
        self.members = Members(self.program, module.effects, seed, self._live, self._go_on)
        self.errors: dict[str, tuple[BaseException, TracebackType | None]] = {}
        self.registers: dict[str, dict[str, object]] = {}
        self.primitives: dict[str, object] = {}
        self.names: dict[int, tuple[str, str]] = {}
        self.read_vars: Callable[[], dict[str, object]] = dict
        self.output: list[str] = []
        self.marks: list[str] = []
        self.invalid: InvalidScenario | None = None
        self.root: asyncio.Task[None] | None = None
        self._on_print = on_print
        self.awaited = Awaited()

    def load(self) -> None:
        """Builds every object and task, on the running loop; nothing moves yet."""
        space = self.module.namespace(self._functions(), objects.exception_class)
        executed_code(self.module.code, space)["scenario"](self)
        space["rt_main"] = self.members.main
        self.names = names_of(self.program, self.primitives, objects.lock_of)

    def wake(self) -> None:
        """Between two rounds: who awaits something that holds now is ready."""
        self.awaited.wake()

    # --- tasks ------------------------------------------------------------------------------------------

    async def _live(self, me: Actor, body: Body) -> None:
        """What each task runs."""
        with _Ending(self, me):
            self._look_now_and_then()
            await body(me, me.name, me.index)

    def ended(self, me: Actor, error: BaseException | None) -> None:
        """A task has ended. Who was cancelled and let it be so has ended well, as asyncio has it."""
        if self.is_over:
            return
        was_asked = me.task is not None and me.task.cancelling() > 0
        if isinstance(error, Refused):
            self.refuse(error)
        elif error is not None and not isinstance(error, _WELL) and not (was_asked and isinstance(error, _CANCELLED)):
            self.errors[me.ref] = (error, error.__traceback__)
        self.members.end(me)
        self.around.ended(me)

    @property
    def is_loaded(self) -> bool:
        """Whether its objects and tasks are there."""
        return bool(self.members.actors) or self.members.main is not None

    def next_round(self) -> None:
        """The loop goes round: nothing has held it."""
        self.rounds = 0

    def begin(self) -> None:
        """Seconds count from now on."""
        self.began, self._busy = self.around.clock(), busy()

    def spent(self) -> float:
        """Seconds of the processor since then."""
        return busy() - self._busy

    def rooted(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        """The task that starts all others."""
        self.root = task
        return task

    def tasks(self) -> list[asyncio.Task[None]]:
        """All that there are: no others are made."""
        return list(filter(None, [self.root, *(actor.task for actor in self.members.all())]))

    def finish(self) -> None:
        """The run is over: no task takes a further step that anybody would see."""
        self.is_over = True

    def interrupt(self) -> None:
        """Ctrl-C: it ends at the next moment at which it can."""
        self.interrupted = True

    def refuse(self, refused: Refused) -> None:
        """A task has gone past a bound: the run ends, whatever the tasks make of it."""
        if self.invalid is None:
            self.invalid = invalid(refused, step_of(self.module, refused.__traceback__))

    def text(self, error: BaseException) -> str:
        """The text of an exception that a handler has caught; it may have come in the place of a refusal."""
        for refused in refusals_before(error):
            self.refuse(refused)
        return text_of(error)

    def place_of(self, actor: Actor) -> Span | None:
        """The step in which a task is."""
        found: Span | None = None
        awaited: object = actor.task.get_coro() if actor.task is not None else None
        while awaited is not None:
            frame: FrameType | None = getattr(awaited, "cr_frame", None)
            if frame is not None and frame.f_code.co_filename == self.module.filename:
                found = self.module.steps[frame.f_lineno or 0]
            awaited = getattr(awaited, "cr_await", None)
        return found

    # --- the emitted module builds itself by these --------------------------------------------------------

    @property
    def claims(self) -> dict[tuple[str, int], Callable[[], object]]:
        return self.findings.claims

    @property
    def threads(self) -> dict[str, Actor | list[Actor]]:
        return self.members.objects

    def initial(self, name: str) -> object:
        return next(fresh(var.value) for var in self.program.vars if var.name == name)

    def build(self, _routines: dict[str, Body]) -> None:
        self.primitives = objects.build(self.program.primitives, self._look)

    def create(self, bodies: dict[str, Body], main: Body | None) -> None:
        self.members.create(bodies, main)

    # --- what emitted code calls ----------------------------------------------------------------------------

    def _functions(self) -> dict[str, Callable[..., object] | object]:
        operations, findings, members = Operations(self.holds), self.findings, self.members
        return {
            "print": self._print, "mark": self._mark, "sleep": operations.sleep, "compute": self._compute,
            "now": self.now, "repeat": repeat, "text": self.text, "choose": self.around.choose, "Abandoned": Abandoned,
            "Refused": Refused, "refuse": self.refuse, "go_on": self._go_on, "look": self._look_now_and_then,
            "assert_failed": findings.assert_failed, "not_raised": findings.not_raised,
            "raised_other": findings.raised_other, "registers": self.registers, "leave": self._leave,
            "locked": lambda place: place.locked(), "exception": exception,
            "alive": members.alive, "blocked": self.blocked, "start": members.start, "start_all": members.start_all,
            "join": operations.join, "join_all": self._join_all, "fresh_each": fresh_each,
            "acquire": operations.acquire, "release": operations.release, "wait_condition": operations.wait_condition,
            "wait_for": operations.wait_for, "wait_event": operations.wait_event,
            "wait_barrier": operations.wait_barrier, "abort": operations.abort, "reset": operations.reset,
            "put": operations.put, "get": operations.get, "join_queue": operations.join_queue,
            "result": operations.result, "wait_futures": operations.wait_futures, "callback": self._callback,
            "as_completed": self._as_completed, "comes": operations.comes, "await": self.awaited.wait, "by": _by, "cancel": members.cancel, "timeout": Limited,
        }  # fmt: skip

    def now(self) -> float:
        return self.around.clock() - self.began

    def _print(self, text: str) -> None:
        """One or more whole lines."""
        self._go_on()
        for line in text.split("\n"):
            self.output.append(line)
            if self._on_print is not None:
                self._on_print(line)

    def _mark(self, text: str) -> None:
        self._go_on()
        self.marks.append(text)

    def _look(self) -> None:
        """Raises Abandoned where the run is over before all is made."""
        if self.interrupted or time.monotonic() >= self.around.limit:
            raise Abandoned

    def _go_on(self) -> None:
        """Raises Abandoned where the run is over: also in the middle of what holds the loop."""
        self.rounds += 1
        self._look_now_and_then()
        if self.rounds > self.around.patience:
            refuse(ON_AND_ON)

    def _look_now_and_then(self) -> None:
        """The same, where nothing goes round."""
        self._looks += 1
        spent = self._looks & 7 == 0 and self.weigh(time.monotonic())
        if spent or self.is_over or self.interrupted or self.invalid is not None:
            raise Abandoned

    def weigh(self, now: float) -> bool:
        """Whether its time is up, or the memory of a search; a run that has taken too much itself is the file's fault."""
        if self.invalid is None and self._memory.is_full(now):
            at = step_here(self.module) or self.program.claims.at
            self.invalid = invalid(f"the run has taken {MAX_MEMORY >> 20} MiB of memory", at)
        return now >= self.around.limit or self.around.memory.is_full(now)

    def _compute(self, seconds: float) -> None:
        """So many seconds of pure Python, as one idle core does it, in which nothing else runs; exploring: nothing."""
        if not (isinstance(seconds, int | float) and 0 <= seconds < 1e6):
            time.sleep(seconds)  # what it refuses, in its own words
            return
        for _ in range(round(seconds / chunk_seconds()) if self.around.computes else 0):
            self._go_on()
            work()

    def _leave(self, checks: tuple[Check, ...], me: Actor, line: int) -> None:
        """The checks that a step calls for."""
        for check in checks:
            self.findings.check(check, me, line)

    def blocked(self, group: str, actor: Actor | None = None) -> int:
        """`group.blocked`: how many are queued at an operation that can not go on."""
        return sum(waits.counts_as_blocked(one) for one in self.members.of(group, actor))

    async def _join_all(self, me: Actor, line: int, limit: float | None = None) -> None:
        join = Operations(self.holds).join
        for actor in self.members.joined_by_all():
            await join(me, line, actor, limit)

    def _as_completed(self, me: Actor, futures: Iterable[Answer], limit: float | None = None) -> Answers:
        """Those that are done already come in any order: CPython has them in a set."""

        def in_any_order(done: list[Answer]) -> list[Answer]:
            left = list(done)
            return [left.pop(cast("int", self.around.choose(me, range(len(left))))) for _ in done]

        return Answers(futures, limit, in_any_order)

    def _callback(self, me: Actor, function: Body, *args: object) -> Callable[[object], None]:
        """What runs a routine that never waits, when the loop comes to it; what it raises is dropped, with a word to nobody."""

        def call(future: object) -> None:
            by = getattr(future, "by", None)
            who = by if isinstance(by, Actor) else me
            body = function(who, who.name, who.index, *args)
            try:
                tried(lambda: body.send(None))
            except Refused as refused:
                self.refuse(refused)

        return call


def _by(me: Actor, future: object) -> object:
    """The future, which is told who completes it: its callbacks run for that one."""
    return future.completed_by(me) if isinstance(future, objects.Future) else future
