"""What an operation's step is on and what it reads: the others of its fields say what comes after it."""

from __future__ import annotations

from dataclasses import fields

from scenario.language.verbs import VERBS
from scenario.program import ops
from scenario.syntax import Expr, Ref

ARGUMENTS = frozenset({
    *(a.name for verb in VERBS.values() for a in verb.arguments or () if a.reading != "target"),
    "timeout", "immediate", "cancel_futures", "future", "futures", "return_when",
    "value", "message", "total",
})  # fmt: skip
"""The fields that the step reads, by name."""


def place(op: ops.Act) -> Ref | None:
    """The primitive, thread or pool."""
    found = getattr(op, "ref", None) or getattr(op, "to", None)
    return found if isinstance(found, Ref) else None


def routine(op: ops.Act) -> str:
    """What it calls or gives to a pool."""
    return str(getattr(op, "routine", getattr(op, "function", "")))


def exception(op: ops.Act) -> str:
    """What it gives a future, by name."""
    return str(getattr(op, "error", ""))


def arguments(op: ops.Act) -> dict[str, Expr]:
    """Those that are given, in Python's order, by their names; those of a call by their numbers: `arg0`."""
    named = {f.name: getattr(op, f.name) for f in fields(op) if f.name in ARGUMENTS}
    of_call = (*getattr(op, "args", ()), *(value for _, value in getattr(op, "keywords", ())))
    given = {name: value for name, value in named.items() if value is not None}
    return given | {f"arg{i}": value for i, value in enumerate(of_call)}
