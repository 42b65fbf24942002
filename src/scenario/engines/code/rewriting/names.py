"""What a name is where the rewriting is: seen by other threads or not, and private to which class."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from scenario.engines.code.rewriting.gates import Gates, call
from scenario.engines.code.rewriting.scopes import Function, Scope, function_scope, module_scope, stored


class Names:
    """The scopes of one module, and the gates of names that others can see; `owner` tells the module from others."""

    def __init__(self, tree: ast.Module, owner: object, gates: Gates) -> None:
        self._owner, self._gates = owner, gates
        self._scope: Scope = module_scope(tree)
        self._scopes = 0
        self._class: str | None = None
        self._in_class: frozenset[str] = frozenset()

    @contextmanager
    def within_function(self, node: Function) -> Iterator[None]:
        """While its body is rewritten."""
        before = self._scope, self._in_class
        self._scopes += 1
        self._scope, self._in_class = function_scope(node, self._scope, self._scopes), frozenset()
        yield
        self._scope, self._in_class = before

    @contextmanager
    def within_class(self, node: ast.ClassDef) -> Iterator[None]:
        """While its body is rewritten, whose own names nobody else sees."""
        before = self._class, self._in_class
        self._class, self._in_class = node.name, frozenset(stored(node))
        yield
        self._class, self._in_class = before

    def mangled(self, attribute: str) -> str:
        """An attribute's name as Python has it: a class's private ones begin with the class's."""
        private = attribute.startswith("__") and not attribute.endswith("__") and self._class is not None
        return f"_{(self._class or '').lstrip('_')}{attribute}" if private else attribute

    def loaded(self, node: ast.Name) -> ast.expr:
        """A name, after a gate if others can see it."""
        if not isinstance(node.ctx, ast.Load) or not self.is_shared(node.id):
            return node
        before = call("name", node, self._place(node, node.id))
        return ast.copy_location(ast.BoolOp(ast.Or(), [before, node]), node)

    def bound(self, value: ast.expr, targets: Iterable[ast.expr]) -> ast.expr:
        """The value with a gate for each shared name that it is about to be bound to."""
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and self.is_shared(node.id):
                    value = call("bind", value, self._place(node, node.id), value)
        return value

    def announced(self, node: ast.stmt, names: Iterable[str]) -> list[ast.stmt]:
        """A statement that binds names by itself, after a gate for each that is shared."""
        gates = [
            ast.copy_location(ast.Expr(call("bind", node, self._place(node, name), ast.Constant(None))), node)
            for name in names
            if self.is_shared(name)
        ]
        return [*gates, node]

    def is_shared(self, name: str) -> bool:
        """Whether others can see a name that stands here."""
        return name in self._scope.shared and name not in self._in_class

    def _place(self, node: ast.AST, name: str) -> ast.Constant:
        function = self._scope.shared[name]
        cell = ("cell", self._gates.file, function, name)
        return self._gates.place(node, name, cell if function else ("attribute", id(self._owner), name))
