"""An expression with a gate before each access that other threads can see, operands in hand, in Python's order."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeVar

from scenario.engines.code.rewriting.formats import joined
from scenario.engines.code.rewriting.gates import Gates, call
from scenario.engines.code.rewriting.names import Names
from scenario.engines.code.rewriting.trees import changed, visited

T = TypeVar("T", bound=ast.AST)

FRAMES = frozenset({"super", "locals", "vars", "globals", "eval", "exec", "dir"})
"""Functions that look at the frame that calls them: a gate between would be looked at in its stead."""
REFLECTING = frozenset({"getattr", "hasattr", "setattr", "delattr"})
FRESH = (ast.Constant, ast.JoinedStr, ast.Lambda)
"""Expressions whose value is no container, nor has objects in it that others have, too."""


class Expressions(ast.NodeVisitor):
    """Rewrites those of one module, targets of assignments among them."""

    def __init__(self, gates: Gates, names: Names) -> None:
        self._gates, self._names = gates, names

    def seen(self, node: T) -> T:
        """The expression, rewritten."""
        new: T = self.visit(node)
        return new

    def tested(self, node: ast.expr) -> ast.expr:
        """The expression where it is asked whether its value is true."""
        text, new = ast.unparse(node), self.seen(node)
        return new if isinstance(node, FRESH) else self._gates.gate("truth", node, text, new)

    def unpacked(self, node: ast.expr, targets: Sequence[ast.expr]) -> ast.expr:
        """What is unpacked into one of these targets, if they are some that unpack."""
        unpacking = [each for each in targets if isinstance(each, ast.Tuple | ast.List)]
        nested = any(
            isinstance(inner, ast.Tuple | ast.List) for each in unpacking for inner in map(unstarred, each.elts)
        )
        if not unpacking or (isinstance(node, ast.Tuple) and not nested):
            return self.seen(node)
        counts = [
            None if any(isinstance(x, ast.Starred) for x in each.elts) else len(each.elts) + 1 for each in unpacking
        ]
        most = None if len(counts) > 1 else counts[0]
        return self._spread(node, most, nested=nested)

    def _spread(self, node: ast.expr, most: int | None, *, nested: bool) -> ast.expr:
        text, new = ast.unparse(node), self.seen(node)
        return self._gates.gate("spread", node, text, new, ast.Constant(most), ast.Constant(nested))

    def given_out(self, node: ast.AST, value: ast.expr | None) -> ast.expr:
        """What a function returns or yields at a node."""
        new = ast.Constant(None) if value is None else self.seen(value)
        at = self._gates.place(node, "" if value is None else ast.unparse(value))
        return call("out", value or node, at, new)

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
            return changed(node, args=arguments, body=self.given_out(node, node.body))

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
            return visited(
                node, self.visit, func=self._gates.gate("frame", node, ast.unparse(node.func), self.seen(node.func))
            )
        gate = self._gates.gate("call", node, _called(node), self.seen(node.func), *map(self.seen, node.args))
        return changed(gate, keywords=[self.seen(keyword) for keyword in node.keywords])

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        """`**kwargs` in a call are gone through."""
        return changed(node, value=self.seen(node.value) if node.arg is not None else self._mapping(node.value))

    def _mapping(self, node: ast.expr) -> ast.expr:
        text, new = ast.unparse(node), self.seen(node)
        return self._gates.gate("mapping", node, text, new)

    def visit_Starred(self, node: ast.Starred) -> ast.expr:
        loads = isinstance(node.ctx, ast.Load)
        return changed(node, value=self._spread(node.value, None, nested=False) if loads else self.seen(node.value))

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        """What is unpacked in a display is gone through."""
        values = [
            self.seen(value) if key is not None else self._mapping(value)
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        return changed(node, values=values, keys=[key and self.seen(key) for key in node.keys])

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        iterated = self.iterated(node.iter, node.target)
        target = self.seen(node.target)
        return changed(node, iter=iterated, target=target, ifs=[self.tested(each) for each in node.ifs])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        return visited(node, self.visit, elt=self.given_out(node, node.elt))

    def iterated(self, node: ast.expr, target: ast.expr) -> ast.expr:
        """What a loop runs over."""
        unpacks = ast.Constant(isinstance(target, ast.Tuple | ast.List))
        return self._gates.gate("each", node, ast.unparse(node), self.seen(node), unpacks)

    # --- operators that look into values ------------------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if all(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops):
            return visited(node, self.visit)
        if len(node.ops) > 1:
            return changed(node, left=self._operand(node.left), comparators=[*map(self._operand, node.comparators)])
        return self._binary(node, COMPARISONS[type(node.ops[0])], node.left, node.comparators[0])

    def _operand(self, node: ast.expr) -> ast.expr:
        text, new = ast.unparse(node), self.seen(node)
        return new if isinstance(node, FRESH) else self._gates.gate("operand", node, text, new)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if (text := joined(node)) is not None:
            return self.seen(text)
        return self._binary(node, BINARY[type(node.op)], node.left, node.right)

    def _binary(self, node: ast.expr, name: str, left: ast.expr, right: ast.expr) -> ast.expr:
        text, operands = ast.unparse(node), (self.seen(left), self.seen(right))
        return self._gates.gate("binary", node, text, ast.Constant(name), *operands)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        return changed(node, values=[*map(self.tested, node.values[:-1]), self.seen(node.values[-1])])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        if isinstance(node.op, ast.Not):
            return changed(node, operand=self.tested(node.operand))
        if isinstance(node.operand, ast.Constant):
            return node
        text, new = ast.unparse(node), self.seen(node.operand)
        return self._gates.gate("unary", node, text, ast.Constant(UNARY[type(node.op)]), new)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return visited(node, self.visit, test=self.tested(node.test))

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        text, value = ast.unparse(node.value), self.seen(node.value)
        specification = ast.Constant("") if node.format_spec is None else self.seen(node.format_spec)
        made = self._gates.gate("format", node.value, text, value, ast.Constant(node.conversion), specification)
        return changed(node, value=made, conversion=-1, format_spec=None)

    def visit_Yield(self, node: ast.Yield) -> ast.expr:
        return changed(node, value=self.given_out(node, node.value))

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.expr:
        text, value = ast.unparse(node.value), self.seen(node.value)
        return changed(node, value=self._gates.gate("delegate", node.value, text, value))


def _called(node: ast.Call) -> str:
    """What a report calls a call: the function, or what is accessed by it: what an `ExitStack` enters, an attribute that stands as a text."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[of, ast.Constant(value=str(attribute)), *_]) if name in REFLECTING:
            return f"{ast.unparse(of)}.{attribute}"
        case ast.Call(func=ast.Attribute(attr="enter_context"), args=[entered], keywords=[]):
            return ast.unparse(entered)
        case _:
            return ast.unparse(node.func)


def unstarred(target: ast.expr) -> ast.expr:
    """The target within a starred one."""
    return target.value if isinstance(target, ast.Starred) else target


BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.MatMult: "matmul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitAnd: "and_", ast.BitOr: "or_", ast.BitXor: "xor",
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.In: "in", ast.NotIn: "not in",
    ast.Is: "is_", ast.IsNot: "is_not",
}  # fmt: skip
UNARY: dict[type[ast.unaryop], str] = {ast.USub: "neg", ast.UAdd: "pos", ast.Invert: "invert"}
