"""The state of one run, and the functions that emitted code calls."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from scenario.engines.threads import build, footprint, privates
from scenario.engines.threads.actors import Abandoned, Actor
from scenario.engines.threads.emit.module import Module
from scenario.engines.threads.footprint import Asked, Check
from scenario.engines.threads.guard import Guard
from scenario.engines.threads.values import fresh, text_of
from scenario.kinds import FailureKind
from scenario.program import ops
from scenario.program.bounded import NAMESPACE
from scenario.program.program import ThreadGroup, thread_ref
from scenario.program.walk import walk_all
from scenario.run.outcome import Failure
from scenario.source import Span

_LONGEST_SLEEP = 1e6  # longer ones go to time.sleep, with its own words about what it refuses


class Run:
    """One run: what it has shown so far, its threads and its objects."""

    def __init__(self, module: Module, seed: int, on_print: Callable[[str], None] | None) -> None:
        self.module = module
        self.program = module.program
        self.seed = seed
        self.output: list[str] = []
        self.marks: list[str] = []
        self.failures: dict[tuple[str, int, str | None], Failure] = {}
        self.errors: dict[str, tuple[BaseException, Any]] = {}
        self.registers: dict[str, dict[str, Any]] = {}
        self.reached: set[int] = set()
        self.claims: dict[tuple[str, int], Callable[[], Any]] = {}
        self.routines: dict[str, Callable[..., Any]] = {}
        self.primitives: dict[str, Any] = {}
        self.threads: dict[str, Any] = {}
        self.actors: list[Actor] = []
        self.main: Actor | None = None
        self.workers: dict[threading.Thread, Actor] = {}
        self.by_ident: dict[int, Actor] = {}
        self.holds: dict[Any, tuple[Actor, int]] = {}
        self.puts: dict[Any, Any] = {}
        self.gets: dict[Any, Any] = {}
        self.read_vars: Callable[[], dict[str, Any]] = dict
        self.drain: Callable[[], str] = str  # says what others have printed so far; gives a line that is not yet whole
        self.process_setup: Callable[..., Any] = _nothing  # what a worker process does first, and for a call
        self.process_call: Callable[..., Any] = _nothing
        self.over = False
        self.start_line: threading.Event | None = None  # under stress: opens when all have been started
        self.began = time.perf_counter()
        self.guard = Guard(self.pause, self.check)
        self.blocked_among: Callable[[Iterable[Actor]], int] = lambda _: 0  # the watcher's
        self._callables: dict[str, Callable[..., Any]] = {}
        self._awaits: dict[Span, Asked] = {}
        self._printing = threading.Lock()
        self._on_print = on_print
        self._end = threading.Lock()  # held while the run goes on: who sleeps waits for it
        self._end.acquire()

    # --- building ---------------------------------------------------------------------------------

    def load(self) -> None:
        """Builds every object and thread; nothing moves yet."""
        names = {"range": range, "list": list, "BaseException": BaseException, "locals": locals}
        space: dict[str, Any] = {**NAMESPACE, **self.module.constants, "__builtins__": names, "_fresh": fresh}
        space.update({f"rt_{name}": function for name, function in self._functions().items()})
        space.update({f"X_{name}": build.exception_class(name) for name in _exceptions(self.module)})
        exec(self.module.code, space)  # noqa: S102 (source of the closed tree only)
        space["scenario"](self)
        space["rt_main"] = self.main.thread if self.main is not None else None

    def initial(self, name: str) -> Any:
        return next(fresh(var.value) for var in self.program.vars if var.name == name)

    def callable(self, name: str) -> Any:
        """The user's own function. Raises InvalidScenario, before anything runs, if one of them can not be had."""
        if not self._callables:
            from scenario.engines.threads.callables import callables  # slow, and few files have any

            self._callables = callables(self.program)
        return self._callables[name]

    def build(self, routines: dict[str, Callable[..., Any]]) -> None:
        from scenario.engines.threads import pools

        def action(name: str) -> Callable[[], Any]:
            return self._as_caller(routines[name]) if name in routines else self.callable(name)

        self.routines = routines
        builder = build.Builder(
            action,
            lambda name, kind, prefix: pools.thread_pool(self, name, kind, prefix, routines),
            lambda kind: pools.process_pool(self, kind),
        )
        self.primitives = builder.build(self.program.primitives)
        for place in self.each_primitive():
            if type(place).__name__ == "SimpleQueue":
                self.puts[place] = itertools.count().__next__
                self.gets[place] = itertools.count().__next__

    def each_primitive(self) -> Iterator[Any]:
        """Every object, the elements of arrays one by one."""
        for place in self.primitives.values():
            if isinstance(place, list):
                yield from place
            else:
                yield place

    def _as_caller(self, routine: Callable[..., Any]) -> Callable[[], Any]:
        def act() -> Any:
            me = self.by_ident[threading.get_ident()]
            return routine(me, me.name, me.index)

        return act

    def create(self, bodies: dict[str, Callable[..., Any]], main: Callable[..., Any] | None) -> None:
        """The thread objects. All are daemons for Python, so that an abandoned one can not keep the process."""
        for group in self.program.groups:
            effects = footprint.effects(group.body, self.program)
            members = [self._member(group, index, effects, bodies[group.key]) for index in range(len(group.names))]
            self.actors += members
            threads = [actor.thread for actor in members]
            self.threads[group.key] = threads if group.is_group else threads[0]
        if main is not None:
            effects = footprint.effects(self.program.main or (), self.program)
            self.main = Actor("main", "MainThread", 0, "main", "main", False, self.seed, effects)
            self.main.thread = threading.Thread(
                target=self.enter, args=(self.main, main), name="MainThread", daemon=True
            )

    def _member(self, group: ThreadGroup, index: int, effects: Any, body: Callable[..., Any]) -> Actor:
        name, kind = group.names[index], "thread" if group.timer is None else "timer"
        actor = Actor(thread_ref(group, index), name, index, group.key, kind, group.daemon, self.seed, effects)
        if group.timer is not None:
            actor.thread = threading.Timer(group.timer, self.enter, args=(actor, body))
            actor.thread.name, actor.thread.daemon = name, True
        elif group.class_name is not None:
            run = {"run": lambda _: self.enter(actor, body)}
            actor.thread = type(group.class_name, (threading.Thread,), run)(name=name, daemon=True)
        else:
            actor.thread = threading.Thread(target=self.enter, args=(actor, body), name=name, daemon=True)
        return actor

    def enter(self, me: Actor, body: Callable[..., Any]) -> None:
        """What each thread runs."""
        self.by_ident[threading.get_ident()] = me
        try:
            if self.start_line is not None and self.main is None:
                self.start_line.wait()
            body(me, me.name, me.index)
        except (Abandoned, SystemExit):
            pass
        except BaseException as error:  # noqa: BLE001 (whatever it is, it is the scenario's)
            if not self.over:
                self.errors[me.ref] = (error, error.__traceback__)

    # --- what emitted code calls --------------------------------------------------------------------

    def _functions(self) -> dict[str, Callable[..., Any] | Any]:
        guard = self.guard
        return {
            "print": self.print, "mark": self.mark, "sleep": self.sleep, "repeat": itertools.repeat,
            "now": self.now, "text": text_of, "choose": self.choose, "Abandoned": Abandoned,
            "assert_failed": self.assert_failed, "not_raised": self.not_raised, "raised_other": self.raised_other,
            "registers": self.registers, "record": self.record, "forget": self.forget, "locked": build.locked,
            "alive": self.alive, "blocked": self.blocked, "start_all": self.start_all, "join_all": self.join_all,
            "puts": self.puts, "gets": self.gets, "fresh_each": fresh_each,
            "enter": guard.enter, "leave": guard.leave, "read": guard.read, "each": guard.each,
            "take": guard.take, "get": guard.get, "put": guard.put, "await": guard.wait, "release": self.release,
            "in_pool": self.in_pool, "in_process": self.in_process,
            "wait_futures": wait_futures, "as_completed": as_completed,
        }  # fmt: skip

    def print(self, text: str) -> None:
        self.drain()
        self.say(text)

    def say(self, text: str) -> None:
        """One line of output, in the order of `output` also for who listens."""
        with self._printing:
            if self.over:
                raise Abandoned
            self.output.append(text)
            if self._on_print is not None:
                self._on_print(text)

    def read_output(self) -> tuple[str, ...]:
        begun = self.drain()
        with self._printing:  # no line is half said
            return (*self.output, begun) if begun else tuple(self.output)

    def mark(self, text: str) -> None:
        if self.over:
            raise Abandoned
        self.marks.append(text)

    def now(self) -> float:
        return time.perf_counter() - self.began

    def sleep(self, seconds: Any) -> None:
        """`time.sleep`, which the end of the run cuts short."""
        if isinstance(seconds, int | float) and 0 < seconds < _LONGEST_SLEEP:
            self.pause(seconds)
        else:
            time.sleep(seconds)

    def pause(self, seconds: float) -> None:
        if self._end.acquire(timeout=seconds):
            self._end.release()
            raise Abandoned

    def wake_sleepers(self) -> None:
        """The run is over: who sleeps ends."""
        self.over = True
        if self._end.locked():
            self._end.release()

    def choose(self, me: Actor, values: Any) -> Any:
        return fresh(me.random.choice(list(values)))

    def record(self, place: Any, me: Actor, line: int) -> None:
        """Writes down who has just acquired a lock, and where."""
        self.holds[build.lock_of(place)] = (me, line)

    def forget(self, place: Any) -> None:
        """Before a release. An RLock tells its owner itself; here only the place of its acquire is kept."""
        lock = build.lock_of(place)
        if not build.is_rlock(lock):
            self.holds.pop(lock, None)

    def release(self, place: Any, checks: tuple[Check, ...], me: Actor, line: int) -> None:
        self.guard.enter()
        try:
            place.release()
        finally:
            self.guard.leave(checks, me, line)

    def alive(self, group: str, thread: threading.Thread | None = None) -> int:
        """`group.alive`: how many are started and have not ended."""
        return sum(actor.alive for actor in self._members(group, thread))

    def blocked(self, group: str, thread: threading.Thread | None = None) -> int:
        """`group.blocked`: how many are queued at an operation that can not go on."""
        return self.blocked_among(self._members(group, thread))

    def _members(self, group: str, thread: threading.Thread | None) -> list[Actor]:
        if group == "main":
            return [self.main] if self.main is not None else []
        return [a for a in self.actors if a.group == group and (thread is None or a.thread is thread)]

    def start_all(self, order: random.Random | None = None) -> None:
        actors = order.sample(self.actors, len(self.actors)) if order is not None else self.actors
        for actor in actors:
            if not actor.started:
                try:
                    actor.thread.start()
                except RuntimeError:
                    if not actor.started:  # else another thread has just started it
                        raise

    def join_all(self, timeout: float | None = None) -> None:
        for actor in self.actors:
            if actor.started and not actor.daemon:
                actor.thread.join(timeout)

    # --- pools ------------------------------------------------------------------------------------------

    def in_pool(self, routine: Callable[..., Any]) -> Callable[..., Any]:
        """What a pool calls: the routine, with the worker's name and number."""

        def call(*args: Any) -> Any:
            me = self.worker(threading.current_thread())
            return routine(me, me.name, me.index, *args)

        return call

    def worker(self, thread: threading.Thread) -> Actor:
        """The actor of a pool's worker; they are named and numbered by Python."""
        known = self.workers.get(thread)
        if known is None:
            pool, number = self.pool_of(thread)
            ref = f"{pool}-worker[{number}]"
            effects = footprint.pool_effects(self.program).get(pool.partition("[")[0], frozenset())
            known = Actor(ref, thread.name, number, pool, "worker", False, self.seed, effects)
            known.thread = thread
            known = self.workers.setdefault(thread, known)
        self.by_ident[thread.ident or 0] = known
        return known

    def pool_of(self, thread: threading.Thread) -> tuple[str, int]:
        """Which pool a worker belongs to, and its number there."""
        number = thread.name.rpartition("_")[2]
        for pool in self.thread_pools():
            if thread in privates.threads_of(pool):
                return pool.scenario_name, int(number) if number.isdigit() else 0
        return "pool", int(number) if number.isdigit() else 0

    def thread_pools(self) -> list[Any]:
        return [place for place in self.each_primitive() if hasattr(place, "scenario_name")]

    def process_pools(self) -> list[Any]:
        return [place for place in self.each_primitive() if type(place).__name__ == "ProcessPoolExecutor"]

    def in_process(self, routine: str) -> Callable[..., Any]:
        import functools

        return functools.partial(self.process_call, routine)

    def awaits(self, span: Span) -> Asked:
        """What the `await` at a step depends on."""
        if not self._awaits:
            for node in walk_all(tuple(footprint.bodies(self.program))):
                if isinstance(node, ops.Await):
                    self._awaits[node.span] = footprint.asked(node.test, self.program)
        return self._awaits.get(span, footprint.ANYTHING)

    # --- failures -------------------------------------------------------------------------------------

    def fail(self, kind: FailureKind, line: int, message: str, me: Actor | None) -> None:
        """A failure on the way; one a place and thread is enough."""
        if not self.over:
            ref = me.ref if me is not None else None
            failure = Failure(kind, message, self.module.steps[line], ref)
            self.failures.setdefault((kind, line, ref), failure)

    def assert_failed(self, me: Actor, line: int, message: str) -> None:
        self.fail("assert", line, message, me)

    def not_raised(self, me: Actor, line: int, exception: str) -> None:
        self.fail("raises", line, f"{exception} was expected, and nothing was raised", me)

    def raised_other(self, me: Actor, line: int, exception: str, error: BaseException) -> None:
        if not isinstance(error, Abandoned):
            got = f"{type(error).__name__}: {text_of(error)}".removesuffix(": ")
            self.fail("raises", line, f"{exception} was expected, and {got} was raised", me)

    def check(self, check: Check, me: Actor | None, line: int) -> None:
        """One claim of `always` or `reachable`, in the state after a step."""
        key = (check.kind, check.number)
        if check.kind == "reachable":
            if check.number not in self.reached and self._holds(key) is None:
                self.reached.add(check.number)
            return
        problem = self._holds(key)
        if problem is not None and not self.over:
            claim = self.program.claims.always[check.number]
            where = self.module.steps[line]
            message = (
                f"{claim.text}{problem} after the step at line {where.line}"
                if line
                else f"{claim.text}{problem} at the start"
            )
            ref = me.ref if me is not None else None
            self.failures.setdefault(("always", -1 - check.number, None), Failure("always", message, claim.span, ref))

    def _holds(self, key: tuple[str, int]) -> str | None:
        """None if the claim holds, else what to say of it."""
        try:
            return None if self.claims[key]() else " is false"
        except Exception as error:  # noqa: BLE001 (an expectation that raises is false and says so)
            return f" raises {type(error).__name__}: {text_of(error)}"


def _nothing() -> None:
    """Nothing to wait for."""


def fresh_each(items: Iterable[Any]) -> Iterator[Any]:
    """The items, each copied."""
    return map(fresh, items)


def wait_futures(futures: Any, timeout: float | None = None, return_when: str = "ALL_COMPLETED") -> Any:
    """`concurrent.futures.wait`: a tuple of the set of done ones and the set of the others."""
    from concurrent.futures import wait

    return tuple(wait(futures, timeout, return_when))


def as_completed(futures: Any, timeout: float | None = None) -> Any:
    from concurrent.futures import as_completed as completed

    return completed(futures, timeout)


def _exceptions(module: Module) -> set[str]:
    """The exceptions that the program names."""
    found = {"BaseException"}
    for node in walk_all(tuple(footprint.bodies(module.program))):
        if isinstance(node, ops.Raise | ops.Expect | ops.Handler):
            found.add(node.exception)
    return found
