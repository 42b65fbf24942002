"""One function of the module: where its lines go, and how values come and go in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from scenario.export.python.copies import Copies
from scenario.export.python.expressions import Writer
from scenario.export.python.lines import Lines
from scenario.export.python.names import Names
from scenario.program.ops import Block, Calling, Op
from scenario.record import mutable
from scenario.syntax import Expr

Steps: TypeAlias = "Callable[[Body, Block], None]"
"""Writes a block (given in, so that a family of steps need not know the dispatch)."""


@mutable
class Body:
    """One function being written. `whole`: several threads print, so that a line has to be one piece."""

    out: Lines
    writer: Writer
    copies: Copies
    whole: bool

    @property
    def names(self) -> Names:
        return self.writer.names

    def given(self, expr: Expr) -> str:
        """A value that is given away: copied where that could tell."""
        scope = self.writer.scope
        within = scope if scope in self.names.program.routines else f"{scope}."
        return self.copies.given(self.names, expr, self.writer.argument(expr), within)

    def given_to(self, op: Calling) -> list[str]:
        """All that a call is given."""
        return [*map(self.given, op.args), *(f"{name}={self.given(value)}" for name, value in op.keywords)]

    def store(self, target: Expr | None, source: str) -> None:
        self.out.line(source if target is None else f"{self.target(target)} = {source}")

    def target(self, target: Expr) -> str:
        return self.writer.write(target)

    def loop(self, target: Expr | None, iterable: str, body: Block, block: Steps) -> None:
        with self.out.block(f"for {'_' if target is None else self.target(target)} in {iterable}:"):
            block(self, body)

    def refuse(self, what: str, op: Op) -> None:
        self.writer.refusals.refuse(what, op.span)

    def optional(self, op: Op, *names: str) -> list[str]:
        """Arguments by name, where they are given."""
        given = [(name, getattr(op, name)) for name in names]
        return [f"{name}={self.writer.argument(value)}" for name, value in given if value is not None]
