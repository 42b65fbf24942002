"""Names that a file declares and never uses, and locals that are most likely a misspelt variable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scenario import syntax
from scenario.diagnostics import Diagnostic, Page
from scenario.lint.facts import Facts
from scenario.program import ops
from scenario.program.program import Condition
from scenario.program.walk import walk_all
from scenario.source import Span
from scenario.syntax import Local, Ref, Register, Shared, TlsField

PAGE = Page(
    "SC409",
    "unused-name",
    "A param, variable, primitive, routine or callable is declared and never used.",
    "Most often a step was meant to use it: a lock that nobody takes protects nothing. A variable that is only observed "
    "counts as used. A local that nobody reads is spoken of only where its name is nearly that of a shared variable: "
    "`conter = 1` makes a new local, as in a Python function.",
    "vars: {counter: 0}\nprimitives: {lock: Lock}\nthreads:\n  A: {steps: [counter += 1]}\n",
    "vars: {counter: 0}\nprimitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - with: lock\n        do:\n"
    "          - counter += 1\n",
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    used = frozenset(_used(facts))
    for kind, name, span in _declared(facts):
        if name not in used:
            yield Diagnostic(PAGE.code, f"nothing uses the {kind} `{name}`", span, None, "warning")
    yield from _misspelt(facts)


def _declared(facts: Facts) -> Iterator[tuple[str, str, Span]]:
    program = facts.program
    yield from (("param", name, span) for name, span in program.unused_params.items())
    yield from (("variable", var.name, var.span) for var in program.vars)
    yield from (("primitive", primitive.name, primitive.span) for primitive in program.primitives)
    handlers = {one.routine for one in program.interrupts}
    routines = (routine for routine in program.routines.values() if routine.name not in handlers)
    yield from (("routine", routine.name, routine.span) for routine in routines)
    yield from (("callable", function.name, function.span) for function in program.python.values())


def _used(facts: Facts) -> Iterator[str]:
    for node in (*facts.nodes, *_claimed(facts)):
        match node:
            case Ref(name=name) | Shared(name=name) | TlsField(tls=Ref(name=name)):
                yield name
            case (
                ops.CallRoutine(routine=name)
                | ops.Submit(routine=name)
                | ops.Map(routine=name)
                | ops.AddDoneCallback(routine=name)
            ):
                yield name
            case ops.CallPython(function=name):
                yield name
    for primitive in facts.program.primitives:
        for kind in primitive.elements:
            if isinstance(kind, Condition) and kind.lock is not None:
                yield kind.lock[0]
            yield from (str(getattr(kind, part, None)) for part in ("action", "initializer"))
    excepted = {one.module for one in facts.program.exceptions.values()}  # who names it has to name its module
    yield from (one.name for one in facts.program.python.values() if one.module in excepted)
    for routine in facts.program.routines.values():  # `run: routine` has become the thread's own steps
        if any(group.body[len(group.body) - len(routine.body) :] == routine.body for group in facts.program.groups):
            yield routine.name


def _claimed(facts: Facts) -> Iterator[syntax.Node]:
    claims = facts.program.claims
    rows = tuple(row.when for row in claims.outcomes or ())
    yield from walk_all((claims.final, claims.sometimes, claims.always, claims.reachable, claims.observe, rows))


# --- locals ---------------------------------------------------------------------------------------------------


def _misspelt(facts: Facts) -> Iterator[Diagnostic]:
    """`conter = counter + 1`: a local that nobody reads, with nearly the name of a variable that is shared."""
    shared = {var.name: var.value for var in facts.program.vars}
    if not shared:
        return
    seen = Counter(node.name for node in facts.nodes if isinstance(node, Local))
    asked = {node.local for node in _claimed(facts) if isinstance(node, Register)}
    for node in facts.nodes:
        match node:
            case syntax.Assign(targets=(Local(name=name) as target,), value=value) if (
                seen[name] == 1 and name not in asked
            ):
                near = _near(name, [other for other, first in shared.items() if _may_be_for(value, first)])
                if near is not None:
                    message = f"`{name}` is a local that nothing reads: did you mean the shared `{near}`?"
                    yield Diagnostic(PAGE.code, message, target.span, None, "warning")


def _may_be_for(value: syntax.Expr, first: object) -> bool:
    """Whether a variable that begins so may be meant to have this value: a text is for no counter."""
    if not isinstance(value, syntax.Const) or value.value is None or first is None:
        return True
    return isinstance(value.value, str) == isinstance(first, str)


def _near(name: str, shared: list[str]) -> str | None:
    """A variable of which the name is one slip away."""
    if len(name) < 4:
        return None
    return next((other for other in shared if _slips(name, other) == 1 and not _on_purpose(name, other)), None)


def _on_purpose(one: str, two: str) -> bool:
    """`item` and `items`, `left` and `left1` are different names."""
    return one.rstrip("s0123456789_") == two.rstrip("s0123456789_")


def _slips(one: str, two: str) -> int:
    """Letters that are missing, too much or another one; two neighbours that have changed places are one slip."""
    if abs(len(one) - len(two)) > 1:
        return 2
    if len(one) == len(two):
        wrong = [at for at, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
        if (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and one[wrong[0]] == two[wrong[1]]
            and one[wrong[1]] == two[wrong[0]]
        ):
            return 1
        return len(wrong)
    long, short = (one, two) if len(one) > len(two) else (two, one)
    return 1 if any(long[:at] + long[at + 1 :] == short for at in range(len(long))) else 2
