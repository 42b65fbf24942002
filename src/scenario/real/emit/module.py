"""A program's whole module, compiled once: what the runner executes and the watcher reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from types import CodeType
from typing import TYPE_CHECKING

from scenario.program import ops
from scenario.program.bounded.namespace import NAMESPACE
from scenario.program.evaluate import compiled
from scenario.program.ops import Block
from scenario.program.program import Program, ThreadGroup
from scenario.program.targets import rebinds
from scenario.program.walk import walk_all
from scenario.program.whole import final_nodes
from scenario.real import footprint as footprints
from scenario.real.effects import Effects
from scenario.real.emit import scalars
from scenario.real.emit.context import Context, Facts
from scenario.real.emit.lower import block
from scenario.real.emit.writer import Held, Site, Writer
from scenario.real.footprint import Footprint
from scenario.real.functions import exceptions, name_of
from scenario.real.values import fresh
from scenario.record import record
from scenario.source import Span
from scenario.syntax import Ref, Register

if TYPE_CHECKING:
    import ast

_LOOPS = (ops.Repeat, ops.While, ops.For, ops.Map, ops.AsCompleted)


@record
class Module:
    """`steps`, `sites`, `held` and `leaves` are by line of the source (see `Writer`); `exceptions`: those that the program names."""

    program: Program
    footprint: Footprint
    effects: Effects
    exceptions: frozenset[str]
    source: str
    code: CodeType
    filename: str
    steps: list[Span]
    sites: dict[int, Site]
    held: dict[int, tuple[Held, ...]]
    leaves: frozenset[int] = frozenset()
    constants: dict[str, object] = field(default_factory=dict)

    def namespace(
        self, functions: Mapping[str, object], exception_class: Callable[[str], type[BaseException]]
    ) -> dict[str, object]:
        """What its code sees: its constants, what a run gives it (`rt_…`), the exceptions that it names (`X_…`), and of Python no more than it needs."""
        builtins = {"range": range, "list": list, "BaseException": BaseException, "locals": locals}
        return {
            **NAMESPACE,
            **self.constants,
            "__builtins__": builtins,
            "_fresh": fresh,
            "_iter": iter,
            **{f"rt_{name}": function for name, function in functions.items()},
            **{name_of(name): exception_class(name) for name in self.exceptions},
        }


def emit(program: Program, rewritten: Callable[[str, Writer], ast.Module] | None = None) -> Module:
    """The program's module. Its function `scenario(rt)` builds the objects and gives the bodies to `rt`; `rewritten` makes something else of what is written."""
    out = Writer()
    footprint = footprints.find(program)
    facts = Facts(
        program,
        footprint,
        scalars.find(program, dict(_bodies(program))),
        {primitive.name: primitive for primitive in program.primitives},
        {group.key: f"t{number}" for number, group in enumerate(program.groups)},
    )
    with out.block("def scenario(rt):"):
        _write(out, facts)
    source = "\n".join(out.lines) + "\n"
    filename = f"<scenario {program.name}>"
    code = compiled(source if rewritten is None else rewritten(source, out), filename)
    return Module(
        program,
        footprint,
        Effects(program),
        exceptions(program),
        source,
        code,
        filename,
        out.steps,
        out.sites,
        out.held,
        frozenset(out.leaves),
        facts.constants,
    )


def _bodies(program: Program) -> Iterator[tuple[str, Block]]:
    """Each body under its scope's name (no routine has a name with a dot)."""
    yield "main.", program.main or ()
    for group in program.groups:
        yield f"{group.key}.", group.body
    for name, routine in program.routines.items():
        yield name, routine.body


def _write(out: Writer, facts: Facts) -> None:
    program = facts.program
    own = () if facts.is_apart else program.vars
    for var in own:
        out.line(f"s_{var.name} = rt.initial({var.name!r})")
    for name in program.python:
        out.line(f"y_{name} = rt.callable({name!r})")
    for name, routine in program.routines.items():
        params = "".join(f", l_{param}" for param in routine.params)
        _function(
            Context(out, facts, name, is_interrupted=bool(program.interrupts), has_begun=True),
            f"{facts.define} r_{name}(me, l_name, l_index{params}):",
            routine.body,
        )
    asked = _asked(program)
    for number, group in enumerate(program.groups):
        _body(out, facts, group, f"b{number}", keep=group.key in asked)
    if program.main is not None:
        main = Context(out, facts, "main.", is_interrupted=bool(program.interrupts_of("main")))
        _function(main, f"{facts.define} b_main(me, l_name, l_index):", program.main, keep="main" in asked)
    _claims(out, facts)
    out.line("rt.build({" + ", ".join(f"{name!r}: r_{name}" for name in program.routines) + "})")
    for primitive in program.primitives:
        out.line(f"p_{primitive.name} = rt.primitives[{primitive.name!r}]")
    bodies = ", ".join(f"{group.key!r}: b{number}" for number, group in enumerate(program.groups))
    out.line(f"rt.create({{{bodies}}}, {'b_main' if program.main is not None else 'None'})")
    for key, name in facts.threads.items():
        out.line(f"{name} = rt.threads[{key!r}]")
    reads = ", ".join(f"{var.name!r}: s_{var.name}" for var in own)
    out.line(f"rt.read_vars = lambda: {{{reads}}}")


def _body(out: Writer, facts: Facts, group: ThreadGroup, name: str, *, keep: bool) -> None:
    is_interrupted = bool(facts.program.interrupts_of(group.key))
    context = Context(out, facts, f"{group.key}.", is_interrupted=is_interrupted)
    _function(context, f"{facts.define} {name}(me, l_name, l_index):", group.body, keep=keep)


def _asked(program: Program) -> frozenset[str]:
    """The threads whose locals the expectations ask for."""
    return frozenset(node.thread.name for node in final_nodes(program) if isinstance(node, Register))


def _function(c: Context, head: str, steps: Block, *, keep: bool = False) -> None:
    with c.out.block(head):
        changed = rebinds(steps)
        if changed and not c.facts.is_apart:
            c.out.line("nonlocal " + ", ".join(f"s_{name}" for name in sorted(changed)))
        c.bind(_in_loops(c, steps))
        if not keep:
            block(c, steps)
            return
        with c.out.block("try:"):
            block(c, steps)
        with c.out.block("finally:"):
            c.out.line("rt_registers[me.ref] = locals()")


def _in_loops(c: Context, steps: Block) -> frozenset[str]:
    """Primitives that a loop uses become locals, unless closures need them as well."""
    everything = tuple(walk_all(steps))
    if c.facts.footprint.hidden or any(isinstance(node, ops.WaitFor) for node in everything):
        return frozenset()
    loops = tuple(node for node in everything if isinstance(node, _LOOPS))
    return frozenset(node.name for node in walk_all(loops) if isinstance(node, Ref) and node.name in c.facts.primitives)


def _claims(out: Writer, facts: Facts) -> None:
    """The checks of `always` and `reachable`, each a function; run under the hidden lock."""
    claims = {"always": facts.program.claims.always, "reachable": facts.program.claims.reachable}
    context = Context(out, facts, "", inside=True)
    for kind, given in claims.items():
        for number, claim in enumerate(given):
            with out.at(claim.span):
                out.line(f"rt.claims[{kind!r}, {number}] = lambda: {context.raw(claim.expr)}")
