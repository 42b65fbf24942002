"""A program as a Promela model for SPIN: an assertion violated is a failure, an invalid end state a deadlock."""

from __future__ import annotations

from scenario.compile.names.kinds import article, name_of
from scenario.export.expressions import Writer
from scenario.export.primitives import declared
from scenario.export.refusal import NotExportable, Refusals
from scenario.export.steps import Process
from scenario.legible import legible
from scenario.program.program import BoundedSemaphore, Lock, Primitive, Program, RLock, Semaphore, ThreadGroup, Var
from scenario.steps.lower.bodies import body_code

WIDEST = 250
"""Processes that SPIN can run, less those of the model's own."""


def promela(program: Program) -> str:
    """The model's text. Raises NotExportable with everything that can not be said in it."""
    refusals = Refusals()
    parts = [
        _head(program),
        *(_variable(name, value, refusals) for name, value in ((v, v.value) for v in program.vars)),
        *(_primitive(p, refusals) for p in program.primitives),
        *(_process(program, i, group, refusals) for i, group in enumerate(program.groups)),
        *_always(program, refusals),
        _init(program, refusals),
    ]
    if refusals.found:
        raise NotExportable(tuple(sorted(refusals.found, key=lambda d: d.span)))
    return "\n".join(parts) + "\n"


def _head(program: Program) -> str:
    claims = program.claims
    asked = {
        "sometimes": claims.sometimes, "reachable": claims.reachable, "output": claims.output, "order": claims.order,
        "errors": claims.errors, "outcomes": claims.outcomes, "fails": claims.fails, "elapsed": claims.elapsed,
    }  # fmt: skip
    left_out = [name for name, value in asked.items() if value]
    lines = [
        f"/* {legible(program.name).replace('*/', '* /')}, exported by scenario.",
        "   spin -a MODEL.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan -m1000000",
        "   `assertion violated`: a check, a final or an always claim fails, or a thread ends with an exception.",
        "   `invalid end state`: a deadlock. Livelocks are not looked for.",
    ]
    if left_out:
        lines.append(f"   Not asked here: {', '.join(left_out)}.")
    return "\n".join(lines) + " */\n"


def _variable(var: Var, value: object, refusals: Refusals) -> str:
    name, span = var.name, var.span
    if not isinstance(value, int) or abs(value) >= 2**31:
        refusals.refuse(f"`{name}` is no integer of 32 bits: it", span)
        return ""
    return f"int v_{name} = {int(value)};"


def _primitive(primitive: Primitive, refusals: Refusals) -> str:
    kinds = set(map(type, primitive.elements))
    values = {getattr(kind, "value", 0) for kind in primitive.elements}
    if len(kinds) > 1 or len(values) > 1:
        refusals.refuse(f"`{primitive.name}`, whose elements differ,", primitive.span)
        return ""
    size = f"[{len(primitive.elements)}]" if primitive.is_array else ""
    match primitive.elements:
        case []:
            refusals.refuse(f"`{primitive.name}`, an array without elements,", primitive.span)
        case [Lock() | RLock() | Semaphore() | BoundedSemaphore() as kind, *_]:
            return declared(kind, primitive.name, size)
        case [other, *_]:
            refusals.refuse(f"`{primitive.name}`, {article(name_of(other))},", primitive.span)
    return ""


def _process(program: Program, number: int, group: ThreadGroup, refusals: Refusals) -> str:
    for reason, given in (("a daemon", group.daemon), ("a timer", group.timer is not None)):
        if given:
            refusals.refuse(f"`{group.key}`, {reason},", group.span)
    process = Process(program, body_code(program, group.key, group.body), refusals)
    names = list(process.locals)
    declared = f"  int {', '.join(f'{name} = 0' for name in names)};\n" if names else ""
    lines = "\n".join(process.lines)
    return (
        f"\n/* {group.key.replace('*/', '* /')} */\nproctype T{number}(int index) {{\n{declared}{lines}\nover: skip\n}}"
    )


def _always(program: Program, refusals: Refusals) -> list[str]:
    """A process that can move only where a claim is false."""
    return [
        f"\n/* always {claim.text.replace('*/', '* /')} */\n"
        f"proctype Always{i}() {{\nend: do :: !({Writer(refusals).write(claim.expr)}) -> assert(false) od\n}}"
        for i, claim in enumerate(program.claims.always)
    ]


def _init(program: Program, refusals: Refusals) -> str:
    """Starts all at once, and asks for the final state when all have ended."""
    for interrupt in program.interrupts:
        refusals.refuse(f"`{interrupt.routine}`, an interrupt,", interrupt.span)
    if program.main is not None:
        refusals.refuse("an explicit `main`")
    if sum(len(group.names) for group in program.groups) > WIDEST:
        refusals.refuse(f"more than {WIDEST} threads")
    monitors = len(program.claims.always)
    starts = [f"run Always{i}();" for i in range(monitors)]
    starts += [f"run T{n}({i});" for n, group in enumerate(program.groups) for i in range(len(group.names))]
    lines = ["", "init {", "  atomic {", *(f"    {start}" for start in starts), "  };"]
    if program.claims.final:
        lines.append(f"  (_nr_pr == {1 + monitors});")
        lines += [
            f"  assert({Writer(refusals).write(claim.expr)}); /* {claim.text.replace('*/', '* /')} */"
            for claim in program.claims.final
        ]
    return "\n".join([*lines, "}"])
