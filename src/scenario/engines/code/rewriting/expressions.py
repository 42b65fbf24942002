"""An expression with a gate before each access that other threads can see, operands in hand, in Python's order."""

from __future__ import annotations

import ast
from typing import TypeVar

from scenario.engines.code.rewriting.gates import Gates, call
from scenario.engines.code.rewriting.names import Names
from scenario.engines.code.rewriting.trees import changed, visited

T = TypeVar("T", bound=ast.AST)

FRAMES = frozenset({"super", "locals", "vars", "globals", "eval", "exec", "dir"})
"""Functions that look at the frame that calls them: a gate between would be looked at in its stead."""
FRESH = (ast.Constant, ast.JoinedStr, ast.Compare, ast.Lambda, ast.Starred)
"""Expressions whose value is no container, nor has objects in it that others have, too."""


class Expressions(ast.NodeVisitor):
    """Rewrites those of one module, targets of assignments among them."""

    def __init__(self, gates: Gates, names: Names) -> None:
        self._gates, self._names = gates, names

    def seen(self, node: T) -> T:
        """The expression, rewritten."""
        new: T = self.visit(node)
        return new

    def used(self, node: ast.expr) -> ast.expr:
        """The expression where an operator looks into its value, if there may be something in it."""
        text = ast.unparse(node)
        new = self.seen(node)
        return new if isinstance(node, FRESH) else self._gates.gate("use", node, text, new)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        return visited(node, self.visit)

    # --- names, attributes and items ----------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._names.loaded(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        return changed(node, value=self._names.bound(self.seen(node.value), [node.target]))

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        arguments = self.defaults(node.args)
        with self._names.within_function(node):
            return changed(node, args=arguments, body=self.seen(node.body))

    def defaults(self, of: ast.arguments) -> ast.arguments:
        """A function's arguments: what they are by default is computed where the function is made."""
        defaults = [self.seen(each) for each in of.defaults]
        return changed(of, defaults=defaults, kw_defaults=[each and self.seen(each) for each in of.kw_defaults])

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return self._value(node, node.ctx)
        name = ast.Constant(self._names.mangled(node.attr))
        return self._gates.gate("get", node, ast.unparse(node), self.seen(node.value), name)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return self._value(node, node.ctx)
        return self._gates.gate("getitem", node, ast.unparse(node), self.seen(node.value), self._index(node.slice))

    def _value(self, node: ast.expr, context: ast.expr_context) -> ast.expr:
        return ast.copy_location(ast.Attribute(self.slot(node, ast.unparse(node)), "value", context), node)

    def slot(self, node: ast.expr, text: str, *, twice: bool = False) -> ast.expr:
        """What stands for an attribute or item, with a `value` to load, store or delete; `twice`: first read, then written."""
        read = self._gates.place(node, text)
        write = self._gates.place(node, text) if twice else read
        match node:
            case ast.Attribute(value=value, attr=attribute):
                name = ast.Constant(self._names.mangled(attribute))
                return call("attribute", node, read, write, self.seen(value), name)
            case ast.Subscript(value=value, slice=index):
                return call("item", node, read, write, self.seen(value), self._index(index))
            case _:
                raise AssertionError(node)

    def _index(self, node: ast.expr) -> ast.expr:
        """An index as an expression: a slice stands in no other place."""
        match node:
            case ast.Slice(lower=lower, upper=upper, step=step):
                bounds = [ast.Constant(None) if bound is None else self.seen(bound) for bound in (lower, upper, step)]
                return call("slice", node, *bounds)
            case ast.Tuple(elts=elements):
                return changed(node, elts=[self._index(each) for each in elements])
            case _:
                return self.seen(node)

    # --- calls, and what goes through containers ----------------------------------------------------

    def visit_Call(self, node: ast.Call) -> ast.expr:
        looks = isinstance(node.func, ast.Name) and node.func.id in FRAMES
        if looks and not (node.args and ast.unparse(node.func) in ("vars", "dir")):
            return visited(node, self.visit)
        gate = self._gates.gate("call", node, ast.unparse(node.func), self.seen(node.func), *map(self.seen, node.args))
        return changed(gate, keywords=[self.seen(keyword) for keyword in node.keywords])

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        """`**kwargs` in a call are gone through."""
        return changed(node, value=self.seen(node.value) if node.arg is not None else self.used(node.value))

    def visit_Starred(self, node: ast.Starred) -> ast.expr:
        loads = isinstance(node.ctx, ast.Load)
        return changed(node, value=self.used(node.value) if loads else self.seen(node.value))

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        """What is unpacked in a display is gone through."""
        values = [
            self.seen(value) if key is not None else self.used(value)
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        return changed(node, values=values, keys=[key and self.seen(key) for key in node.keys])

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        iterated = self.iterated(node.iter, node.target)
        target = self.seen(node.target)
        return changed(node, iter=iterated, target=target, ifs=[self.used(each) for each in node.ifs])

    def iterated(self, node: ast.expr, target: ast.expr) -> ast.expr:
        """What a loop runs over."""
        is_new = ast.Constant(isinstance(node, ast.Call))
        unpacks = ast.Constant(isinstance(target, ast.Tuple | ast.List))
        return self._gates.gate("each", node, ast.unparse(node), self.seen(node), is_new, unpacks)

    # --- operators that look into values ------------------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if all(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops):
            return visited(node, self.visit)
        left = self.used(node.left)
        return changed(node, left=left, comparators=[self.used(each) for each in node.comparators])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left = self.used(node.left)
        return changed(node, left=left, right=self.used(node.right))

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        return changed(node, values=[self.used(each) for each in node.values])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return changed(node, operand=self.used(node.operand))

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return visited(node, self.visit, test=self.used(node.test))

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        value = self.used(node.value)
        return changed(node, value=value, format_spec=node.format_spec and self.seen(node.format_spec))

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.expr:
        return changed(node, value=self.used(node.value))
