"""What CPython has come to before it evaluates what follows: a place, a method. It may raise first.

That is part of the next access, which looks at it before it does anything. Where local work raises before there is one, the
place is read first, in a step that is taken then alone; where local work changes something, always.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scenario.program.places import changes
from scenario.steps.code import Read
from scenario.steps.lower.builder import Builder, Reached
from scenario.steps.values import Value
from scenario.syntax import Const, Node, Shared


@contextmanager
def reaching(b: Builder, value: Value, variable: Shared, later: tuple[Node, ...]) -> Iterator[None]:
    """What is emitted evaluates `later`, and comes after `value`, which is read of the variable."""
    before, b.reached = b.reached, (*b.reached, Reached(value, variable))
    if changes(later):
        b.add(Read(variable, reads=frozenset({variable.name}), shown=variable))
        yield
        return
    so_far, first = b.reached, len(b.instructions)
    outer, b.early = b.early, b.label()
    yield
    landing, b.early = b.early, outer
    b.reached = before if b.reached else ()
    if any(of.handler == landing for of in b.instructions[first:]):
        _raise_first(b, landing, so_far)


def _raise_first(b: Builder, landing: int, reached: tuple[Reached, ...]) -> None:
    """Where local work has raised: what was reached before it is read, which may raise instead."""
    pending, b.reached = b.reached, ()
    after = b.label()
    b.jump(after)
    b.place(landing)
    caught, values = b.catch(), tuple(of.value for of in reached)
    reads, shown = frozenset(of.variable.name for of in reached), reached[-1].variable
    b.add(Read(Const(None), reads=reads, shown=shown, reached=values, uses=b.uses(*values)))
    b.throw(caught)
    b.place(after)
    b.reached = pending
