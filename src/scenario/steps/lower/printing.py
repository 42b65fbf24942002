"""Lines of output and marks: steps where a claim looks at them; else nothing, unless they may raise or change something."""

from __future__ import annotations

from typing import Literal

from scenario.program.program import Program
from scenario.program.walk import walk
from scenario.steps.code import Emit
from scenario.steps.following import rebound
from scenario.steps.lower.builder import Builder
from scenario.steps.lower.expressions import flat_template
from scenario.syntax import (
    Boolean,
    Builtin,
    Compare,
    Conditional,
    Const,
    Expr,
    Hole,
    ListDisplay,
    Local,
    Now,
    Query,
    Shared,
    Template,
    TupleDisplay,
    Unary,
)


def emit(b: Builder, text: Template, stream: Literal["output", "marks"], *, is_asked: bool) -> None:
    """A `print` or `mark`; whether a claim looks at it."""
    if not is_asked:
        _unobserved(b, text)
        return
    line = b.temporary()
    b.compute(line, flat_template(b, text))
    b.add(Emit(stream, uses=(b.slot(line.name),)))


def _unobserved(b: Builder, text: Template) -> None:
    """No step, and nothing is read; but what may raise is evaluated, and its accesses are steps like any others."""
    if not is_harmless(b.program, text):
        b.compute(None, flat_template(b, text))
        return
    for local in locals_in(text):
        if not b.is_set(local.name):
            b.compute(None, local)


_ALWAYS_SET = ("name", "index", "error")


def is_harmless(program: Program, text: Template) -> bool:
    """Whether making the line surely does nothing, once its locals are set."""
    return all(not part.format and _never_raises(program, part.value) for part in text.parts if isinstance(part, Hole))


def locals_in(text: Template) -> list[Local]:
    """The locals that a harmless line reads, in order: each may not have been set yet."""
    return [node for node in walk(text) if isinstance(node, Local) and node.name not in _ALWAYS_SET]


def _never_raises(program: Program, expr: Expr) -> bool:
    """Whether the value can be had and shown, whatever it is."""
    match expr:
        case Const() | Local() | Shared() | Now():
            return True
        case Query(ref):
            return ref.index is None
        case Unary("not", operand):
            return _never_raises(program, operand)
        case Boolean(_, operands) | ListDisplay(operands) | TupleDisplay(operands):
            return all(_never_raises(program, operand) for operand in operands)
        case Conditional(test, body, orelse):
            return all(_never_raises(program, part) for part in (test, body, orelse))
        case Compare(left, operators, comparands):
            only_equality = set(operators) <= {"==", "!=", "is", "is not"}
            return only_equality and all(_never_raises(program, part) for part in (left, *comparands))
        case Builtin("len", (Shared(name),)):
            (value,) = (var.value for var in program.vars if var.name == name)
            return isinstance(value, list | dict | set) and name not in rebound(program)
        case _:
            return False
