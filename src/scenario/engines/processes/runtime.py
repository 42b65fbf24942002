"""One process of a run, main's or a thread's: the names that emitted code calls, its own findings, what it tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from random import Random
from threading import get_ident
from types import TracebackType

from scenario.chance import seeded
from scenario.engines.processes import building, objects
from scenario.engines.processes.asking import Others
from scenario.engines.processes.facts import Facts
from scenario.engines.processes.managed import whole
from scenario.engines.processes.parts import Parts
from scenario.engines.processes.reports import Failed, Marked, Printed, Raised, Refusal, Registers
from scenario.engines.processes.slots import ENDED, Here, apart, settle
from scenario.engines.processes.store import space
from scenario.interpreter.objects import exception_class
from scenario.program.bounded.limits import Refused
from scenario.program.evaluate import executed_code
from scenario.program.program import Program
from scenario.program.refusal import invalid
from scenario.real.emit.managed import WHOLE
from scenario.real.emit.module import Module, emit
from scenario.real.emit.stepped import stepped
from scenario.real.endable import Abandoned
from scenario.real.findings import Findings
from scenario.real.functions import choose, chunk_seconds, repeat, work
from scenario.real.tracebacks import error_fact, step_of
from scenario.real.travelling import plain_value
from scenario.real.values import fresh_each, own_locals, refusals_before, text_of, view
from scenario.results.failures import Failure
from scenario.results.recorded import What
from scenario.source import START, Span

Body = Callable[..., object]


class Me:
    """The thread whose process this is."""

    def __init__(self, ref: str, name: str, index: int, seed: int) -> None:
        self.ref, self.name, self.index = ref, name, index
        self._seed = f"{seed}/{ref}"
        self._random: Random | None = None

    @property
    def random(self) -> Random:
        """Its own choices, the same for the same seed."""
        if self._random is None:
            self._random = seeded(self._seed)
        return self._random


def emitted(program: Program, parts: Parts) -> Module:
    """The program's module, which tells of its steps where they are recorded."""
    return emit(program, None if parts.recording is None else stepped)


class Run:
    """Builds itself from the emitted module; `number` is its place in the slots, `body` the key of the thread that it runs ("main").

    `names` are those of the objects by their places.
    """

    def __init__(
        self,
        module: Module,
        parts: Parts,
        me: Me,
        number: int,
        body: str,
        members: Others,
        names: Sequence[tuple[str, str]],
    ) -> None:
        self.module, self.parts, self.me = module, parts, me
        self.program = parts.program
        self.here = Here(parts.slots, number, module.filename)
        self.findings = Findings(module, lambda: False)
        self.registers: dict[str, dict[str, object]] = {}
        self.primitives = dict(parts.objects)
        self.members = members
        self._body_key = body
        self._body: Body | None = None
        self._routines: dict[str, Body] = {}
        self._more: dict[str, Callable[..., object]] = {}
        self._thread = get_ident()
        self._told = 0
        self._facts = Facts(parts, module, names)
        self._began = time.monotonic()

    def has(self, objects: Mapping[str, object], functions: Mapping[str, Callable[..., object]]) -> None:
        """What this process has alone, and emitted code calls."""
        self.primitives.update(objects)
        self._more.update(functions)

    def load(self) -> None:
        """Everything that the body calls; nothing moves yet."""
        settle(self.here)
        given = self.module.namespace(self._functions(), exception_class)
        given["rt_vars"] = space(self.parts.store, self.parts.store.names, self.parts.containers)
        given[f"_{WHOLE}"] = whole
        executed_code(self.module.code, given)["scenario"](self)
        given["rt_main"] = self.members.objects.get("main")

    # --- the emitted module builds itself by these ------------------------------------------------------

    @property
    def claims(self) -> dict[tuple[str, int], Callable[[], object]]:
        return self.findings.claims

    @property
    def threads(self) -> dict[str, object]:
        return self.members.objects

    def build(self, routines: dict[str, Body]) -> None:
        me = self.me
        self._routines = routines

        def acting(routine: Body) -> Callable[[], object]:
            return lambda: routine(me, me.name, me.index)

        objects.acting({name: acting(routine) for name, routine in routines.items()})

    def create(self, bodies: dict[str, Body], main: Body | None) -> None:
        self._body = main if self._body_key == "main" else bodies[self._body_key]

    # --- what it does -------------------------------------------------------------------------------------

    def live(self, began: float) -> None:
        """All of its steps; seconds count from `began`."""
        self._began = began
        self._thread = get_ident()
        error: BaseException | None = None
        try:
            if self._body is not None:
                self._body(self.me, self.me.name, self.me.index)
        except (Abandoned, SystemExit):
            pass
        except Refused as refused:
            self._refuse(refused)
        except BaseException as raised:  # noqa: BLE001 (whatever it is, it is the scenario's)
            error = raised
        if error is not None:
            self._raised(error, error.__traceback__)
        if self._body is not None:
            self._note(self.me, START, {}, "ends")
        for ref, names in self.registers.items():
            self.parts.reports.tell(Registers(ref, {n: plain_value(view(v)) for n, v in own_locals(names)}))
        for queue in building.queues_of(self.primitives):
            queue.hand_over()
        self.parts.slots.becomes(self.here.me, ENDED)

    def called(self, routine: str, args: tuple[object, ...]) -> object:
        """One call of a routine; what it raises is its caller's."""
        try:
            return self._routines[routine](self.me, self.me.name, self.me.index, *args)
        except Refused as refused:  # else it would stay in the future
            self._refuse(refused)
            raise

    def _callback(self, routine: Body, *args: object) -> Callable[[object], object]:
        """What runs a routine in the thread that settles a future: main's, or the one that looks after a pool."""

        def call(_: object) -> None:
            with nullcontext() if get_ident() == self._thread else apart():
                self.called(routine.__name__.removeprefix("r_"), args)

        return call

    def _raised(self, error: BaseException, traceback: TracebackType | None) -> None:
        self.parts.reports.tell(Raised(self.me.ref, error_fact(self.module, self.me.ref, error, traceback)))

    def _refuse(self, refused: Refused) -> None:
        """A step has gone past a bound: the run ends, whatever the threads make of it."""
        wrong = invalid(refused, step_of(self.module, refused.__traceback__))
        self.parts.reports.tell(Refusal(wrong.diagnostics))

    def _functions(self) -> dict[str, Callable[..., object] | object]:
        guard, members = self.parts.guard, self.members
        return {
            "print": self._print, "mark": self._mark, "sleep": self._sleep, "compute": self._compute, "now": self._now,
            "step": self._step, "repeat": repeat, "text": self._text, "choose": choose, "Abandoned": Abandoned,
            "Refused": Refused, "refuse": self._refuse,
            "assert_failed": self._telling(self.findings.assert_failed),
            "not_raised": self._telling(self.findings.not_raised),
            "raised_other": self._telling(self.findings.raised_other), "registers": self.registers,
            "release": guard.release, "locked": lambda place: place.locked(),
            "alive": members.alive, "blocked": members.blocked,
            "start": members.start, "start_all": members.start_all, "join_all": members.join_all,
            "fresh_each": fresh_each,
            "enter": guard.enter, "leave": guard.leave, "read": guard.read, "each": guard.each,
            "take": guard.take, "get": guard.get, "put": guard.put, "await": guard.wait,
            "callback": self._callback, **self._more,
        }  # fmt: skip

    def _telling(self, find: Callable[..., None]) -> Callable[..., None]:
        """What is found is told at once: this process may be killed any moment."""

        def found(*given: object) -> None:
            find(*given)
            failures: list[Failure] = list(self.findings.failures.values())
            for failure in failures[self._told :]:
                self.parts.reports.tell(Failed(failure))
            self._told = len(failures)

        return found

    def _step(self, me: Me, line: int, names: Mapping[str, object], what: What = "begins") -> None:
        """What emitted code calls before each step, where they are recorded."""
        own = {name: plain_value(view(value)) for name, value in own_locals(names)}
        self._note(me, self.module.steps[line], own, what)

    def _note(self, me: Me, span: Span, own: Mapping[str, object], what: What) -> None:
        if self.parts.recording is not None:
            self.parts.recording.note(me.ref, span, own, what, self._facts.glance)

    def _print(self, text: str) -> None:
        self.parts.reports.tell(Printed(text))

    def _mark(self, text: str) -> None:
        self.parts.reports.tell(Marked(text))

    def _sleep(self, seconds: float) -> None:
        with objects.noted("sleep", 0, seconds):
            time.sleep(seconds)

    def _compute(self, seconds: float) -> None:
        """So many seconds of pure Python as one idle core does it."""
        if not (isinstance(seconds, int | float) and 0 <= seconds < 1e6):
            time.sleep(seconds)  # what it refuses, in its own words
            return
        for _ in range(round(seconds / chunk_seconds())):
            work()

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _text(self, error: BaseException) -> str:
        """The text of an exception that a handler has caught; it may have come in the place of a refusal."""
        for refused in refusals_before(error):
            self._refuse(refused)
        return text_of(error)
