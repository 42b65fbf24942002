"""Resolving a tree: entry points, and what keeps its shape; names and calls are the layers above."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from scenario import syntax
from scenario.compile import codes
from scenario.compile.assigned import target_ids, target_names, target_parts
from scenario.compile.findings import Findings
from scenario.compile.notes import Notes
from scenario.compile.scope import Names, Scope
from scenario.source import Span
from scenario.syntax import Const, Expr


class Tree(ABC):
    """Resolves expressions of one file for one set of params; reports what can not be resolved."""

    def __init__(self, names: Names, found: Findings, notes: Notes) -> None:
        self.names = names
        self.found = found
        self.notes = notes
        self.registers: dict[str, frozenset[str]] = {}
        """Thread key -> its locals, once its steps are known (claims come last)."""

    def expr(self, node: Expr, scope: Scope) -> Expr:
        """The resolved expression; a placeholder where something was reported."""
        return self.resolved(node, scope)

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

    @abstractmethod
    def resolved(self, node: Expr, scope: Scope) -> Expr:
        """What a node of its class becomes."""

    def bad(self, code: str, message: str, span: Span, hint: str | None = None, python: str | None = None) -> Expr:
        self.found.add(code, message, span, hint, python)
        return Const(None, span=span)

    def follows(self, span: Span) -> Expr:
        """A placeholder where what is wrong is known already."""
        self.found.follows()
        return Const(None, span=span)

    def resolve_comprehension(self, node: syntax.Comprehension, scope: Scope) -> Expr:
        clauses = []
        for clause in node.clauses:
            iterable = self.expr(clause.iterable, scope)
            self._private_target(clause.target)
            scope = scope.inside(node.kind, target_ids(clause.target))
            target = self.expr(clause.target, scope)
            conditions = self.exprs(clause.conditions, scope)
            clauses.append(syntax.Clause(target, iterable, conditions, span=clause.span))
        key = self.optional(node.key, scope)
        return syntax.Comprehension(node.kind, self.expr(node.element, scope), tuple(clauses), key, span=node.span)

    def _private_target(self, target: Expr) -> None:
        """A comprehension binds names of its own."""
        for part in target_parts(target):
            if not isinstance(part, syntax.Name):
                self.found.add(codes.NOT_ASSIGNABLE, "a comprehension assigns to names of its own only", part.span)
        for name in target_names(target):
            thing = self.names.get(name.id)
            if thing is not None:
                self.found.add(codes.SHADOWING, f"`{name.id}` is {thing.words()} already: there is no shadowing",
                               name.span, "choose another name")  # fmt: skip

    def resolve_unary(self, node: syntax.Unary, scope: Scope) -> Expr:
        return syntax.Unary(node.operator, self.expr(node.operand, scope), span=node.span)

    def resolve_binary(self, node: syntax.Binary, scope: Scope) -> Expr:
        left, right = self.expr(node.left, scope), self.expr(node.right, scope)
        return syntax.Binary(node.operator, left, right, span=node.span)

    def resolve_boolean(self, node: syntax.Boolean, scope: Scope) -> Expr:
        return syntax.Boolean(node.operator, self.exprs(node.operands, scope), span=node.span)

    def resolve_compare(self, node: syntax.Compare, scope: Scope) -> Expr:
        left, comparands = self.expr(node.left, scope), self.exprs(node.comparands, scope)
        return syntax.Compare(left, node.operators, comparands, span=node.span)

    def resolve_conditional(self, node: syntax.Conditional, scope: Scope) -> Expr:
        test, body, orelse = self.exprs((node.test, node.body, node.orelse), scope)
        return syntax.Conditional(test, body, orelse, span=node.span)

    @abstractmethod
    def element_of_futures(self, node: syntax.Subscript, scope: Scope) -> Expr | None:
        """An element of the scenario's own futures, known already; None of anything else."""

    def resolve_subscript(self, node: syntax.Subscript, scope: Scope) -> Expr:
        future = self.element_of_futures(node, scope)
        if future is not None:
            return future
        if isinstance(node.index, syntax.Slice):
            index: Expr | syntax.Slice = self._slice(node.index, scope)
        else:
            index = self.expr(node.index, scope)
        return syntax.Subscript(self.expr(node.value, scope), index, span=node.span)

    def _slice(self, node: syntax.Slice, scope: Scope) -> syntax.Slice:
        lower, upper = self.optional(node.lower, scope), self.optional(node.upper, scope)
        return syntax.Slice(lower, upper, self.optional(node.step, scope), span=node.span)

    def resolve_starred(self, node: syntax.Starred, scope: Scope) -> Expr:
        return syntax.Starred(self.expr(node.value, scope), span=node.span)

    def resolve_list(self, node: syntax.ListDisplay, scope: Scope) -> Expr:
        return syntax.ListDisplay(self.exprs(node.items, scope), span=node.span)

    def resolve_tuple(self, node: syntax.TupleDisplay, scope: Scope) -> Expr:
        return syntax.TupleDisplay(self.exprs(node.items, scope), span=node.span)

    def resolve_set(self, node: syntax.SetDisplay, scope: Scope) -> Expr:
        return syntax.SetDisplay(self.exprs(node.items, scope), span=node.span)

    def resolve_dict(self, node: syntax.DictDisplay, scope: Scope) -> Expr:
        keys = tuple([self.optional(key, scope) for key in node.keys])
        return syntax.DictDisplay(keys, self.exprs(node.values, scope), span=node.span)

    def resolve_const(self, node: Const, scope: Scope) -> Expr:
        """A list of the file is itself; a list of known names was meant as an expression."""
        if isinstance(node.value, list) and scope.place != "constant":
            texts = [item for item in flat(node.value) if isinstance(item, str)]
            if texts and all(self._is_readable(text, scope) for text in texts):
                written = _bare(node.value)
                return self.bad(codes.LIST_OF_NAMES, f"this list holds texts, not what `{texts[0]}` stands for",
                                 node.span, f'quote it: "{written}" ("{node.value}" for texts)')  # fmt: skip
        return node

    def _is_readable(self, text: str, scope: Scope) -> bool:
        thing = self.names.get(text)
        if thing is None:
            return text in scope.locals
        return thing.role in ("var", "param") or text in ("name", "index")


def flat(items: list[object]) -> list[object]:
    """The items of a list and of the lists in it."""
    return [leaf for item in items for leaf in (flat(item) if isinstance(item, list) else (item,))]


def _bare(value: object) -> str:
    """A list of names as an expression."""
    return f"[{', '.join(map(_bare, value))}]" if isinstance(value, list) else str(value)
