"""What resolving rests on: the names of a file, what is found and noted, and which function resolves a node of which class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from scenario import syntax
from scenario.compile.findings import Findings
from scenario.compile.names.scope import Names, Scope
from scenario.compile.notes import Notes
from scenario.source import Span
from scenario.syntax import Const, Expr

Table: TypeAlias = "Mapping[type[object], Callable[[Resolver, Any, Scope], Expr]]"


class Resolver:
    """Resolves expressions of one file for one set of params; reports what can not be resolved."""

    def __init__(self, names: Names, found: Findings, notes: Notes, table: Table) -> None:
        self.names = names
        self.found = found
        self.notes = notes
        self.registers: dict[str, frozenset[str]] = {}
        """Thread key -> its locals, once its steps are known (claims come last)."""
        self._table = table

    def expr(self, node: Expr, scope: Scope) -> Expr:
        """The resolved expression; a placeholder where something was reported."""
        return self._table[type(node)](self, node, scope)

    def optional(self, node: Expr | None, scope: Scope) -> Expr | None:
        """As `expr`; None stays None."""
        return None if node is None else self.expr(node, scope)

    def exprs(self, nodes: Iterable[Expr], scope: Scope) -> tuple[Expr, ...]:
        """As `expr`, for several."""
        return tuple([self.expr(node, scope) for node in nodes])

    def template(self, node: syntax.Template, scope: Scope) -> syntax.Template:
        """The template with its holes resolved."""
        parts = [
            part if isinstance(part, str)
            else syntax.Hole(self.expr(part.value, scope), part.conversion, part.format, span=part.span)
            for part in node.parts
        ]  # fmt: skip
        return syntax.Template(tuple(parts), span=node.span)

    def bad(self, code: str, message: str, span: Span, hint: str | None = None, python: str | None = None) -> Expr:
        """A placeholder where a mistake is reported."""
        self.found.add(code, message, span, hint, python)
        return Const(None, span=span)

    def follows(self, span: Span) -> Expr:
        """A placeholder where what is wrong is known already."""
        self.found.follows()
        return Const(None, span=span)
