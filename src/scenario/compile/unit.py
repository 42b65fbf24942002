"""Compiles one case of a file: names, constants, primitives, steps, checks, claims."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import partial

from scenario.compile import codes, primitives
from scenario.compile.cases import Raw, check_open
from scenario.compile.checks.atomic import check_atomics
from scenario.compile.checks.containers import check_containers
from scenario.compile.checks.processes import check_processes
from scenario.compile.checks.runtimes import check_runtime
from scenario.compile.constants import Evaluator, Params, names_in
from scenario.compile.expectations import Expectations
from scenario.compile.findings import Findings
from scenario.compile.names.assigned import assigned
from scenario.compile.names.owners import owner
from scenario.compile.names.resolve import RESOLVE
from scenario.compile.names.resolver import Resolver
from scenario.compile.names.scope import THREAD_LOCALS, UNKNOWN_SIZE, Names, Thing
from scenario.compile.notes import Notes
from scenario.compile.steps.body import CALLED, Body
from scenario.compile.steps.lower import lowered
from scenario.compile.steps.threads import Threads
from scenario.language.runtimes import Runtime
from scenario.program import ops, program
from scenario.settings import Settings
from scenario.source import Source, Span
from scenario.spec.codes import UNKNOWN_EXCEPTION
from scenario.spec.primitives import Array, Primitive
from scenario.spec.readers.scalars import is_exception
from scenario.spec.recovery import UNKNOWN as BROKEN
from scenario.spec.recovery import is_unknown
from scenario.spec.scenario import Routine, Scenario
from scenario.spec.steps import Steps
from scenario.syntax import Expr


class Unit:
    """One case on one runtime. What is wrong with it is reported to `found`. `left_open`: params whose constants remember whose they are."""

    def __init__(self, model: Scenario, source: Source, found: Findings, left_open: Container[str] = (),
                 runtime: Runtime = "threading") -> None:  # fmt: skip
        self.model = model
        self.left_open = left_open
        self.source = source
        self.runtime = runtime
        self.found = found
        self.notes = Notes()
        self.names = Names(doubts=model.doubts, owner=partial(owner, model))
        self.resolver = Resolver(self.names, found, self.notes, RESOLVE)
        self.evaluator = Evaluator(self.resolver, found)
        self.params: Mapping[str, object] = {}

    def build(self, raw: Raw, allowed_python: Container[str]) -> program.Program:
        """The program; worthless where something was reported."""
        spans = {name: self.model.entry("params", name) for name in raw}
        self._free(raw, "params")
        self.params = Params(raw, self.names, self.evaluator, self.left_open).compute(spans)
        self.notes.open.clear()  # of params that nothing uses, nothing has to be known
        self._declare()
        variables = tuple([self._variable(name, node) for name, node in self.model.vars.items()])
        kinds = self._primitives()
        routines = {name: self._routine(name, routine) for name, routine in self.model.routines.items()}
        lower, entries = self._threads(), self.model.threads.items()
        groups = tuple([lower.group(key, thread, routines) for key, thread in entries if thread.interrupts is None])
        interrupts = tuple([lower.interrupt(key, thread) for key, thread in entries if thread.interrupts is not None])
        routines |= {one.routine: lower.handler(one, routines) for one in interrupts}
        main = None if self.model.main is None else self._main(self.model.main)
        expect = self.model.expect and self.model.expect.on(self.runtime)
        claims = Expectations(self.names, self.resolver, self.evaluator, self.found).lower(expect)
        python = self._python(allowed_python)
        self._check(variables, kinds, routines, groups, main)
        explore = self.model.explore
        built = program.Program(
            name=self.model.name,
            path=self.source.path,
            params=self.params,
            vars=variables,
            primitives=kinds,
            routines=routines,
            groups=groups,
            main=main,
            claims=claims,
            interrupts=interrupts,
            python=python,
            exceptions=self._exceptions(),
            explore=None if explore is False
            else Settings() if explore is None
            else Settings(explore.clock, explore.wake, explore.spurious, explore.fairness, explore.ready),
            for_all=self._for_all(),
            timeout=30.0 if self.model.timeout is None else self.model.timeout,
            requires_python=self._requires(),
            unused_params=self._unused_params(),
            runtime=self.runtime,
        )  # fmt: skip
        check_runtime(built, self.model, self.found)
        return built

    # --- names ----------------------------------------------------------------------------------------

    def _free(self, names: Mapping[str, object], key: str) -> None:
        """None of these may be a word or a function of the language."""
        for name in names:
            taken = self.names.get(name)
            if taken is not None:
                self._taken(name, key, taken)

    def _taken(self, name: str, key: str, taken: Thing) -> None:
        message = f"`{name}` is {taken.words()} already: all names of a file are different"
        is_main = (key, name) == ("threads", "main")
        hint = "what the main thread does stands beside `threads`: `main: [...]`" if is_main else "choose another name"
        self.found.add(codes.SHADOWING, message, self.model.entry(key, name), hint)

    def _add(self, key: str, thing: Thing) -> None:
        taken = self.names.add(thing)
        if taken is not None:
            self._taken(thing.name, key, taken)

    def _declare(self) -> None:
        model = self.model
        for name in model.vars:
            self._add("vars", Thing("var", name, model.entry("vars", name)))
        for name, primitive in model.primitives.items():
            kind = kind_of(primitive).kind
            size = UNKNOWN_SIZE if kind == BROKEN else None
            size = self._count(primitive.size, "an array") if isinstance(primitive, Array) else size
            open_ = self.evaluator.open.get(primitive.size.span) if isinstance(primitive, Array) else None
            self._add("primitives", Thing("primitive", name, model.entry("primitives", name), kind, size, open=open_))
        for name, routine in model.routines.items():
            span = model.entry("routines", name)
            self._add("routines", Thing("routine", name, span, params=routine.params))
        for name in model.python:
            self._add("python", Thing("python", name, model.entry("python", name)))
        for key, thread in model.threads.items():
            if thread.interrupts is not None:
                self._add("threads", Thing("interrupt", key, model.entry("threads", key)))
                continue
            size = None if thread.count is None else self._count(thread.count, "a group")
            kind = "thread" if thread.timer is None else "timer"
            open_ = None if thread.count is None else self.evaluator.open.get(thread.count.span)
            self._add("threads", Thing("thread", key, model.entry("threads", key), kind, size, open=open_))

    def _count(self, node: Expr, what: str) -> int:
        """The size of a group or array."""
        before = self.found.count
        value = self.evaluator.value(node)
        if self.found.count > before:
            return UNKNOWN_SIZE
        if isinstance(value, bool) or not isinstance(value, int):
            self.found.add(codes.COUNT, f"the size of {what} is an integer, not {value!r}", node.span)
        elif value < 0:
            self.found.add(codes.COUNT, f"the size of {what} can not be negative: it is {value}", node.span)
        elif value > primitives.MOST:
            self.found.add(codes.COUNT, f"the size of {what} is at most {primitives.MOST}, not {value}", node.span)
        else:
            return value
        return UNKNOWN_SIZE

    # --- parts ----------------------------------------------------------------------------------------

    def _variable(self, name: str, node: Expr) -> program.Var:
        return program.Var(name, self.evaluator.value(node), span=self.model.entry("vars", name))

    def _primitives(self) -> tuple[program.Primitive, ...]:
        build = primitives.Constructors(self.names, self.resolver, self.evaluator, self.found)
        return tuple([build.primitive(name, model) for name, model in self.model.primitives.items()])

    def _body(self, names: frozenset[str]) -> Body:
        return Body(self.resolver, self.names, self.found, names, lowered)

    def _threads(self) -> Threads:
        return Threads(self.model, self.names, self.resolver, self.evaluator, self.found)

    def _routine(self, name: str, model: Routine) -> program.Routine:
        for number, param in enumerate(model.params):
            span = model.item_at("params", number)
            taken = self.names.get(param)
            if taken is not None:
                self.found.add(codes.SHADOWING, f"`{param}` is {taken.words()} already: there is no shadowing", span,
                               "choose another name")  # fmt: skip
            if param in model.params[:number] and not is_unknown(param):
                self.found.add(codes.SHADOWING, f"`{name}` has two parameters `{param}`", span)
        locals_ = THREAD_LOCALS.union(model.params, assigned(model.steps))
        body = self._body(locals_).block(model.steps, CALLED)
        return program.Routine(name, model.params, body, span=self.model.entry("routines", name))

    def _main(self, steps: Steps) -> ops.Block:
        locals_ = THREAD_LOCALS.union(assigned(steps))
        self.resolver.registers["main"] = locals_ - THREAD_LOCALS
        return self._body(locals_).block(steps)

    def _python(self, allowed: Container[str]) -> dict[str, program.PythonCallable]:
        for model in self.model.python.values():
            if model.module not in allowed and not is_unknown(model.module):
                message = f"module `{model.module}` is not allowed: nothing of it is imported"
                self.found.add(codes.PYTHON, message, model.span,
                               f"whoever runs the file allows it: `--allow-python {model.module}`")  # fmt: skip
        return {
            name: program.PythonCallable(name, model.module, model.attribute, span=model.span)
            for name, model in self.model.python.items()
        }

    def _exceptions(self) -> dict[str, program.PythonCallable]:
        """The user's own that the file names: each of a module that stands under `python`."""
        modules = {model.module for model in self.model.python.values()}
        found = {}
        for name, span in self.notes.exceptions.items():
            module = max((one for one in modules if name.startswith(f"{one}.")), key=len, default=None)
            if module is not None:
                found[name] = program.PythonCallable(name, module, name[len(module) + 1 :], span=span)
            elif not any(map(is_unknown, modules)):
                last = name.rpartition(".")[2]
                own = "name a callable of its module there: `python: {f: 'bank:f'}`"
                hint = f"write it bare: `{last}`" if is_exception(last) else own
                self.found.add(
                    UNKNOWN_EXCEPTION, f"unknown exception `{name}`: it is of no module under `python`", span, hint
                )
        return found

    def _unused_params(self) -> dict[str, Span]:
        """Params that nothing reads, not even one that a case or the command line has put aside."""
        used = self.notes.params.union(*(names_in(node) for node in self.model.params.values()))
        return {name: self.model.entry("params", name) for name in self.model.params if name not in used}

    def _for_all(self) -> tuple[str, ...]:
        """The params that are left open when the file is explored: whole numbers."""
        explore = self.model.explore
        names = explore.for_all if explore else ()
        for number, name in enumerate(names):
            if not is_unknown(name) and explore:
                check_open(self.model, name, self.params, explore.item_at("for_all", number), self.found)
        return names

    def _requires(self) -> str | None:
        given = None if self.model.requires is None else self.model.requires.python
        if not self.notes.since_3_13:
            return given
        clauses = [] if given is None else [clause.strip() for clause in given.split(",")]
        return ",".join(dict.fromkeys([*clauses, ">=3.13"]))

    # --- the whole ------------------------------------------------------------------------------------

    def _check(self, variables: tuple[program.Var, ...], kinds: tuple[program.Primitive, ...],
               routines: Mapping[str, program.Routine], groups: tuple[program.ThreadGroup, ...],
               main: ops.Block | None) -> None:  # fmt: skip
        bodies = [*(routine.body for routine in routines.values()), *(group.body for group in groups), main or ()]
        if self.notes.atomics:
            check_atomics(bodies, routines, kinds, self.found)
        for name, model in self.model.primitives.items():
            kind = kind_of(model)
            initializer = kind.name("initializer") if kind.kind == "ProcessPoolExecutor" else None
            if initializer is not None:
                self.notes.remote.setdefault(initializer, name)
        check_processes(routines, self.notes, self.found)
        check_containers(variables, self.notes, self.found)
        if main is None and groups and not self.model.mistakes and all(group.daemon for group in groups):
            key = groups[0].key
            message = "all threads are daemons: the scenario would be over at once"
            self.found.add(codes.DAEMONS_ONLY, message, self.model.threads[key].at("daemon"),
                           "give it a `main`, or a thread that is no daemon")  # fmt: skip


def kind_of(model: Primitive | Array) -> Primitive:
    """A primitive, or what an array is made of."""
    return model.of if isinstance(model, Array) else model
