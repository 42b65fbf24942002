"""Which programs are systems of threads that nothing tells apart, and whose claims such a system answers: what stands against it.

All that follows about numbers of threads rests on these conditions. A step must depend on what is shared and on the thread's own
part alone, and be the same whoever of its kind takes it: so nothing may ask who it is (`index`, `name`, an element of the group),
who lives or is blocked, or how many there are; and no object may count its users (a barrier). A claim must be one about the
states that executions come through, or about how one ends: not that some execution ends in a certain way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from scenario.engines.explore.search.invisible import without_main
from scenario.engines.explore.search.told.unexplored import unexplored
from scenario.engines.explore.step.layout import Layout
from scenario.engines.explore.step.primitives.model import Impersonal, Personal
from scenario.program import ops
from scenario.program.claims import NEVER
from scenario.program.open import Open
from scenario.program.program import Future, ProcessPool, Program, ThreadGroup, ThreadPool
from scenario.program.walk import map_children, walk, walk_all
from scenario.program.whole import every_node
from scenario.results.for_all import Reason
from scenario.steps.lower.printing import is_harmless
from scenario.syntax import Binary, Const, Expr, Local, Node, Pass, Query, Ref, Register

N = TypeVar("N", bound=Node)


def by_itself(program: Program) -> Program | None:
    """The program with the default `main`, which starts all and waits for them; None where its own does more."""
    return program if program.main is None else without_main(program)


def reasons_against(program: Open, layout: Layout) -> Iterator[Reason]:
    """What the threads do, or are asked, that such a system has no answer to. `layout` is of the program `by_itself`."""
    whole = layout.program
    yield from _uses(program)
    yield from (Reason("size", why=why) for why in unexplored(whole))
    yield from _settings(whole)
    yield from _objects(whole, layout)
    yield from _lives(whole)
    yield from _claims(whole)
    for group in whole.groups:
        if group.key in program.counts:
            yield from told_apart(whole, group)


def _uses(program: Open) -> Iterator[Reason]:
    """A param may stand in counts of threads, and nowhere else; with it they grow, or stay as they are."""
    counted = {node.span for tree in program.counts.values() if _grows(tree) for node in walk(tree)}
    for span in sorted(program.uses - counted):
        yield Reason("use", span)


def _grows(size: Expr) -> bool:
    """Whether no size is below that of the least values."""
    match size:
        case Const(value):  # a param too: it is one
            return type(value) is int and value >= 0
        case Binary("+" | "*", left, right):
            return _grows(left) and _grows(right)
        case _:
            return False


def _settings(program: Program) -> Iterator[Reason]:
    if program.settings.clock == "virtual":
        yield Reason("settings", name="clock")
    for group in program.groups:
        if group.daemon or group.timer is not None:
            yield Reason("life", group.span, group.key)
    for interrupt in program.interrupts:
        yield Reason("life", interrupt.span, interrupt.routine)


def _objects(program: Program, layout: Layout) -> Iterator[Reason]:
    models = dict(zip(layout.kinds, layout.models, strict=True))
    for primitive in program.primitives:
        for kind in primitive.elements[:1]:
            if isinstance(kind, Future | ThreadPool | ProcessPool) or not isinstance(
                models[kind], Impersonal | Personal
            ):
                yield Reason("object", primitive.span, primitive.name)
    for name in layout.followed:
        yield Reason("rebound", next(var.span for var in program.vars if var.name == name), name)


def _lives(program: Program) -> Iterator[Reason]:
    """Who has begun or ended, waits, or is asked for its name."""
    groups = {group.key for group in program.groups} | {"all", "main"}
    for node in every_node(program):
        if isinstance(node, ops.Start | ops.Join) or (isinstance(node, Query) and node.ref.name in groups):
            yield Reason("life", node.span)


def _claims(program: Program) -> Iterator[Reason]:
    """Claims that other executions than the bad ones are asked for, or threads by name."""
    claims = program.claims
    asked = {
        "sometimes": claims.sometimes, "outcomes": claims.outcomes, "output": claims.output, "order": claims.order,
        "errors": claims.errors, "fails": claims.fails, "elapsed": claims.elapsed,
        "deadlock": claims.deadlock != NEVER, "livelock": claims.livelock != "never",
        "register": any(isinstance(n, Register) for claim in claims.final for n in walk(claim)),
    }  # fmt: skip
    for name, is_asked in asked.items():
        if is_asked:
            yield Reason("claim", claims.at, name)


def told_apart(program: Program, group: ThreadGroup) -> Iterator[Reason]:
    """Where somebody can tell the members of a group apart."""
    silent = _silenced(program)
    bodies = [g.body for g in silent.groups if g.key == group.key] + [r.body for r in silent.routines.values()]
    for node in walk_all(tuple(bodies)):
        if isinstance(node, Local) and node.name in ("index", "name"):
            yield Reason("member", node.span, node.name)
    for node in every_node(program):
        if isinstance(node, Ref) and node.name == group.key:
            yield Reason("member", node.span, group.key)


def _silenced(program: Program) -> Program:
    """Without the lines that nobody looks at and that surely can be made: they are no steps and read nothing."""

    def silent(node: N) -> N | Pass:
        is_silent = isinstance(node, ops.Print | ops.Mark) and is_harmless(program, node.text)
        return Pass(span=node.span) if is_silent else map_children(node, silent)

    def block(body: ops.Block) -> ops.Block:
        return tuple(silent(op) for op in body)

    return replace(
        program,
        groups=tuple(replace(group, body=block(group.body)) for group in program.groups),
        routines={name: replace(routine, body=block(routine.body)) for name, routine in program.routines.items()},
    )
