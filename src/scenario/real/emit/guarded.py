"""How the operations on an object are written: which of its names are guarded, what is checked after a step."""

from __future__ import annotations

from scenario.program.whole import lock_name
from scenario.real import footprint as footprints
from scenario.real.emit.context import Context
from scenario.syntax import Expr, Node, Ref


def is_guarded(c: Context, ref: Ref) -> bool:
    return c.guards(names_of(c, ref))


def names_of(c: Context, ref: Ref) -> frozenset[str]:
    return frozenset({ref.name, lock_name(c.facts.program, ref.name)})


def changes(c: Context, op: Node) -> frozenset[str]:
    return footprints.step_writes(op, c.facts.program)


def checked(c: Context, op: Node, ref: Ref) -> None:
    """Checks after a step that has to be done outside the hidden lock, because it may block."""
    checks = c.checks(changes(c, op))
    if is_guarded(c, ref) and checks:
        c.out.line("rt_enter()")
        c.out.line(c.leave(checks))


def is_recorded(c: Context, ref: Ref) -> bool:
    """Whether it is written down who has the object, and since when."""
    return lock_name(c.facts.program, ref.name) in c.facts.footprint.recorded


def record(c: Context, place: str, value: str = "") -> None:
    """Behind a line that takes the object, and whose value says whether it has."""
    line = f"rt_record({place}, me, {c.out.next_line - 1})"
    c.out.line(f"if {value} is not False: {line}" if value else line)


def arguments_of(c: Context, **given: Expr | None) -> str:
    return "".join(f", {name}={c.read(value)}" for name, value in given.items() if value is not None)
