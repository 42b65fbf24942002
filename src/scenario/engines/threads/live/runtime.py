"""The state of one run: its parts, the objects it is built of, and the names that emitted code calls."""

from __future__ import annotations

import functools
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, NoReturn

from scenario.diagnostics import InvalidScenario
from scenario.engines.threads import privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live import pools
from scenario.engines.threads.live.clock import Clock
from scenario.engines.threads.live.guard import Guard
from scenario.engines.threads.live.holds import Holds
from scenario.engines.threads.live.interrupts import Interrupts
from scenario.engines.threads.live.members import Members
from scenario.engines.threads.live.pools import Call, Remote
from scenario.engines.threads.live.recorder import Recorder
from scenario.engines.threads.live.shown import Shown
from scenario.engines.threads.live.workers import Workers
from scenario.interpreter import objects as build
from scenario.program.bounded.limits import Refused
from scenario.program.bounded.sets import Set
from scenario.program.evaluate import executed_code, tried
from scenario.program.refusal import invalid
from scenario.real import endable
from scenario.real.emit.module import Module
from scenario.real.endable import Abandoned
from scenario.real.findings import Findings
from scenario.real.functions import choose, repeat
from scenario.real.tracebacks import step_of
from scenario.real.values import fresh, fresh_each, refusals_before, text_of


def _nothing() -> None:
    """Nothing to wait for."""


class Run:
    """One run: what it has shown so far, its threads and its objects."""

    def __init__(
        self,
        module: Module,
        seed: int,
        on_print: Callable[[str], None] | None,
        *,
        is_default_main: bool = False,
        goes_together: bool = False,
        remote: Remote | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self.module = module
        self.is_default_main = is_default_main
        self.program = module.program
        self.seed = seed
        self.clock = Clock()
        self.shown = Shown(self.clock, on_print)
        self.findings = Findings(module, lambda: self.clock.over)
        self.guard = Guard(self.clock.pause, self.findings.check)
        self.holds = Holds(self.guard)
        self.by_ident: dict[int, Actor] = {}
        self.members = Members(self.program, module.effects, seed, self.enter)
        self.workers = Workers(module.effects, seed, self.each_primitive, self.by_ident, self.refuse)
        self._interrupts = Interrupts(self.program, seed)
        self.errors: dict[str, tuple[BaseException, TracebackType | None]] = {}
        self.registers: dict[str, dict[str, object]] = {}
        self.routines: dict[str, Callable[..., object]] = {}
        self.primitives: dict[str, object] = {}
        self.puts: dict[object, Any] = {}
        self.gets: dict[object, Any] = {}
        self.read_vars: Callable[[], dict[str, object]] = dict
        self.recorder = recorder
        self.remote = remote or Remote(_nothing, _nothing)
        self.stopped_by: InvalidScenario | OSError | None = None
        self.start_line = threading.Event() if goes_together else None  # opens when all have been started
        self._callables: dict[str, Callable[..., object]] = {}
        self._put_off: dict[int, list[Callable[[], object]]] = {}

    def load(self) -> None:
        """Builds every object and thread; nothing moves yet. Raises InvalidScenario if one of the user's own functions or exceptions can not be had."""
        if self.program.python:
            from scenario.real.callables import callables  # slow, and few files have any

            self._callables = callables(self.program)
        space = self.module.namespace(self._functions(), build.exception_class)
        executed_code(self.module.code, space)["scenario"](self)
        main = self.members.main
        space["rt_main"] = main.thread if main is not None else None

    def enter(self, me: Actor, body: Callable[..., object]) -> None:
        """What each thread runs."""
        endable.within(lambda: self._enter(me, body))

    def _enter(self, me: Actor, body: Callable[..., object]) -> None:
        self.by_ident[threading.get_ident()] = me
        try:
            if self.start_line is not None and self.is_default_main:
                self.start_line.wait()
            body(me, me.name, me.index)
        except (Abandoned, SystemExit):
            pass
        except Refused as refused:
            self.refuse(refused)
        except BaseException as error:  # noqa: BLE001 (whatever it is, it is the scenario's)
            if not self.clock.over:
                self.errors[me.ref] = (error, error.__traceback__)
        if me is self.members.main and not self.clock.over:
            pools.end(self)
        if self.recorder is not None:
            self.recorder.ended(me)

    def join_main(self, timeout: float | None = None) -> None:
        """As CPython, where `main` has ended only when the pools have."""
        assert self.members.main is not None
        began = time.monotonic()
        self.members.main.thread.join(timeout)
        if self.members.main.alive:
            return
        for worker in pools.workers(self):
            worker.join(None if timeout is None else began + timeout - time.monotonic())

    def refuse(self, refused: Refused) -> None:
        """A thread has gone past a bound: the run ends, whatever the threads make of it."""
        if self.stopped_by is None:
            self.stopped_by = invalid(refused, step_of(self.module, refused.__traceback__, privates.raises_of_a_call))

    def denied(self, error: OSError) -> NoReturn:
        """The system has not what a pool asks of it, which says nothing of the scenario: nothing there may catch that."""
        self.stopped_by = self.stopped_by or error
        raise Abandoned from error

    def text(self, error: BaseException) -> str:
        """The text of an exception that a handler has caught; it may have come in the place of a refusal."""
        for refused in refusals_before(error):
            self.refuse(refused)
        return text_of(error)

    # --- the emitted module builds itself by these ------------------------------------------------------

    @property
    def claims(self) -> dict[tuple[str, int], Callable[[], object]]:
        return self.findings.claims

    @property
    def threads(self) -> dict[str, object]:
        return self.members.objects

    def initial(self, name: str) -> object:
        return next(fresh(var.value) for var in self.program.vars if var.name == name)

    def callable(self, name: str) -> Callable[..., object]:
        """The user's own function."""
        return self._callables[name]

    def build(self, routines: dict[str, Callable[..., object]]) -> None:
        from scenario.engines.threads.live import pools

        def action(name: str) -> Callable[[], object]:
            return self._as_caller(routines[name]) if name in routines else self.callable(name)

        self.routines = routines
        builder = build.Builder(
            action,
            lambda name, kind, prefix: pools.thread_pool(self, name, kind, prefix, routines),
            lambda kind: pools.process_pool(self, kind),
        )
        self.primitives = builder.build(self.program.primitives, self.members.look)
        for place in self.each_primitive():
            if type(place).__name__ == "SimpleQueue":
                self.puts[place] = itertools.count().__next__
                self.gets[place] = itertools.count().__next__

    def _as_caller(self, routine: Callable[..., object]) -> Callable[[], object]:
        def act() -> object:
            me = self.by_ident[threading.get_ident()]
            return routine(me, me.name, me.index)

        return act

    def create(self, bodies: dict[str, Callable[..., object]], main: Callable[..., object] | None) -> None:
        self.members.create(bodies, main)

    # --- what emitted code calls --------------------------------------------------------------------

    def _functions(self) -> dict[str, Callable[..., object] | object]:
        clock, shown, findings, guard = self.clock, self.shown, self.findings, self.guard
        holds, members = self.holds, self.members
        return {
            "print": shown.print, "mark": shown.mark, "sleep": clock.sleep, "compute": clock.compute, "now": clock.now,
            "interrupt": lambda me: self._interrupts.come(me, self.routines),
            "repeat": repeat, "text": self.text, "choose": choose, "Abandoned": Abandoned,
            "Refused": Refused, "refuse": self.refuse,
            "assert_failed": findings.assert_failed, "not_raised": findings.not_raised,
            "raised_other": findings.raised_other, "registers": self.registers,
            "record": holds.record, "forget": holds.forget, "refused": holds.refused, "release": holds.release,
            "held": lambda place: holds.of(build.lock_of(place)), "resume": holds.resume, "locked": build.locked,
            "alive": members.alive, "blocked": members.blocked,
            "start": members.start, "start_all": members.start_all, "join_all": members.join_all, "join_main": self.join_main,
            "puts": self.puts, "gets": self.gets, "fresh_each": fresh_each,
            "enter": guard.enter, "leave": guard.leave, "read": guard.read, "each": guard.each,
            "take": guard.take, "get": guard.get, "put": guard.put, "await": guard.wait,
            "in_pool": self.workers.in_pool, "in_process": self._in_process,
            "callback": self._callback, "own_callback": self._own_callback, "call_back": self._call_back,
            "wait_futures": wait_futures, "as_completed": as_completed,
            "step": None if self.recorder is None else self.recorder.step,
        }  # fmt: skip

    # --- callbacks of futures ---------------------------------------------------------------------------

    def _callback(self, routine: Callable[..., object], *args: object) -> Callable[[object], None]:
        """What runs a routine in the thread that completes the future."""

        def call() -> None:
            me = self._me()
            try:
                routine(me, me.name, me.index, *args)
            except Refused as refused:  # else it would be lost in a worker
                self.refuse(refused)
                raise

        return lambda _: self._soon(call)

    def _own_callback(
        self, function: Callable[..., object], /, *args: object, **named: object
    ) -> Callable[[object], None]:
        """The same of the user's own function."""
        return lambda _: self._soon(lambda: function(*args, **named))

    def _soon(self, call: Callable[[], object]) -> None:
        """Now, or when the hidden lock is free: it is never held by who may block."""
        if self.guard.is_held():
            self._put_off.setdefault(threading.get_ident(), []).append(call)
        else:
            call()

    def _call_back(self) -> None:
        """What was put off by this thread; as `Future._invoke_callbacks` does, what is no Exception goes on its way."""
        for call in self._put_off.pop(threading.get_ident(), ()):
            tried(call)

    def _me(self) -> Actor:
        """Whoever runs here: a thread of the scenario, or a pool's worker."""
        thread = threading.current_thread()
        known = self.by_ident.get(threading.get_ident())
        return known if known is not None and known.thread is thread else self.workers.worker(thread)

    def _in_process(self, routine: str) -> Callable[..., object]:
        return functools.partial(self.remote.call, routine)

    # --- what the watcher, the pools and the end ask for --------------------------------------------------

    def each_primitive(self) -> Iterator[object]:
        """Every object, the elements of arrays one by one."""
        for place in self.primitives.values():
            if isinstance(place, list):
                yield from place
            else:
                yield place

    def thread_pools(self) -> list[Any]:
        return self.workers.thread_pools()

    def process_pools(self) -> list[Any]:
        return self.workers.process_pools()

    def in_pool(self, routine: Callable[..., object]) -> Call:
        return self.workers.in_pool(routine)


def wait_futures(futures: Any, timeout: float | None = None, return_when: str = "ALL_COMPLETED") -> object:
    """`concurrent.futures.wait`: a tuple of the set of done ones and the set of the others."""
    from concurrent.futures import wait  # slow to import, and few files need it

    return tuple(map(Set, wait(futures, timeout, return_when)))


def as_completed(futures: Any, timeout: float | None = None) -> object:
    from concurrent.futures import as_completed as completed

    return completed(futures, timeout)
