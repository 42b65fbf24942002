"""A module's syntax tree with a call before each access that other threads can see.

The calls go to gates (`runtime/gates.py`), by names that no program can write (`@get`). The first argument is the number
of the place, the others are the operands, in Python's order of evaluation: a gate is called where the access would be,
and does it. What a gate does when nobody explores is the access and nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TypeVar

from scenario.engines.code.places import Place
from scenario.engines.code.rewriting.scopes import Function, Scope, function_scope, module_scope

T = TypeVar("T", bound=ast.AST)

FRAMES = frozenset({"super", "locals", "vars", "globals", "eval", "exec", "dir"})
"""Functions that look at the frame that calls them: a gate between would be looked at in its stead."""
FRESH = (ast.Constant, ast.JoinedStr, ast.Compare, ast.Lambda, ast.Starred)
"""Expressions whose value is no container, nor has objects in it that others have, too."""
LONGEST = 80


class Rewriter(ast.NodeTransformer):
    """Rewrites one module; `places` gets each place that it makes, a gate's number is its index there."""

    def __init__(self, file: str, owner: object, places: list[Place]) -> None:
        self._file, self._owner, self._places = file, owner, places
        self._scope = Scope({}, frozenset(), 0)
        self._scopes = 0
        self._begin: dict[tuple[int, int], int] = {}
        self._class: str | None = None
        self._in_class_body = False

    def rewritten(self, tree: ast.Module) -> ast.Module:
        """The tree, changed in place."""
        self._scope = module_scope(tree)
        self.generic_visit(tree)
        return ast.fix_missing_locations(tree)

    # --- what is made -------------------------------------------------------------------------------

    def _place(self, node: ast.AST, text: str, location: tuple[object, ...] | None = None) -> ast.Constant:
        line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
        nth = self._begin[line, column] = self._begin.get((line, column), 0) + 1
        self._places.append(Place(self._file, line, column + 1, text[:LONGEST], location, nth))
        return ast.Constant(len(self._places) - 1)

    def _gate(self, gate: str, node: ast.expr, text: str, *arguments: ast.expr) -> ast.Call:
        made = ast.Call(ast.Name(f"@{gate}", ast.Load()), [self._place(node, text), *arguments], [])
        return ast.copy_location(made, node)

    def _used(self, node: ast.expr) -> ast.expr:
        """The expression where an operator looks into its value, if there may be something in it."""
        text = ast.unparse(node)
        changed = self._seen(node)
        return changed if isinstance(node, FRESH) else self._gate("use", node, text, changed)

    def _seen(self, node: T) -> T:
        changed: T = self.visit(node)
        return changed

    def _location(self, name: str) -> tuple[object, ...]:
        owner = self._scope.shared[name]
        return ("cell", self._file, owner, name) if owner else ("attribute", id(self._owner), name)

    def _is_shared(self, name: str) -> bool:
        return name in self._scope.shared and not self._in_class_body

    # --- functions and classes ----------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | list[ast.stmt]:
        node.decorator_list = [self._seen(each) for each in node.decorator_list]
        self._defaults(node.args)
        node.body = self._inner(node, node.body)
        return self._announced(node, [node.name])

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node  # refused where it is called

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self._defaults(node.args)
        (node.body,) = self._inner(node, [node.body])
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST | list[ast.stmt]:
        before = self._class, self._in_class_body
        self._class, self._in_class_body = node.name, True
        self.generic_visit(node)
        self._class, self._in_class_body = before
        return self._announced(node, [node.name])

    def _defaults(self, of: ast.arguments) -> None:
        of.defaults = [self._seen(each) for each in of.defaults]
        of.kw_defaults = [each and self._seen(each) for each in of.kw_defaults]

    def _inner(self, node: Function, body: Sequence[T]) -> list[T]:
        before = self._scope, self._in_class_body
        self._scopes += 1
        self._scope, self._in_class_body = function_scope(node, self._scope, self._scopes), False
        changed = [one for each in body for one in listed(self.visit(each))]
        self._scope, self._in_class_body = before
        return changed

    # --- names --------------------------------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not isinstance(node.ctx, ast.Load) or not self._is_shared(node.id):
            return node
        place = self._place(node, node.id, self._location(node.id))
        before = ast.Call(ast.Name("@name", ast.Load()), [place], [])
        return ast.copy_location(ast.BoolOp(ast.Or(), [before, node]), node)

    def _bound(self, value: ast.expr, targets: Iterable[ast.expr]) -> ast.expr:
        """The value with a gate for each shared name that it is about to be bound to."""
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and self._is_shared(node.id):
                    place = self._place(node, node.id, self._location(node.id))
                    value = ast.copy_location(ast.Call(ast.Name("@bind", ast.Load()), [place, value], []), value)
        return value

    def _announced(self, node: ast.stmt, names: Iterable[str | None]) -> ast.AST | list[ast.stmt]:
        """A statement that binds names by itself, after a gate for each that is shared."""
        gates: list[ast.stmt] = []
        for name in names:
            if name is not None and self._is_shared(name):
                place = self._place(node, name, self._location(name))
                call = ast.Call(ast.Name("@bind", ast.Load()), [place, ast.Constant(None)], [])
                gates.append(ast.copy_location(ast.Expr(call), node))
        return [*gates, node] if gates else node

    def visit_Import(self, node: ast.Import) -> ast.AST | list[ast.stmt]:
        return self._announced(node, [alias.asname or alias.name.partition(".")[0] for alias in node.names])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.stmt]:
        return self._announced(node, [alias.asname or alias.name for alias in node.names])

    def visit_Delete(self, node: ast.Delete) -> ast.AST | list[ast.stmt]:
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        self.generic_visit(node)
        return self._announced(node, names)

    # --- assignments --------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        unpacks = any(isinstance(target, ast.Tuple | ast.List) or _is_slice(target) for target in node.targets)
        value = self._used(node.value) if unpacks else self._seen(node.value)
        node.value = self._bound(value, node.targets)
        node.targets = [self._seen(target) for target in node.targets]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self._bound(self._seen(node.value), [node.target])
        node.target = self._seen(node.target)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        node.value = self._bound(self._seen(node.value), [node.target])
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | list[ast.stmt]:
        text, operator = ast.unparse(node.target), ast.Constant(OPERATORS[type(node.op)])
        if isinstance(node.target, ast.Name):
            old = self.visit_Name(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
            new = self._gate("inplace", node.target, text, operator, old, self._used(node.value))
            return ast.copy_location(ast.Assign([node.target], self._bound(new, [node.target])), node)
        target = ast.Name("@target", ast.Store())
        held = ast.Name("@target", ast.Load())
        first = ast.Assign([target], self._slot(node.target, text, twice=True))
        old = ast.Attribute(held, "value", ast.Load())
        new = self._gate("inplace", node.target, text, operator, old, self._used(node.value))
        second = ast.Assign([ast.Attribute(held, "value", ast.Store())], new)
        forget = ast.Assign([target], ast.Constant(None))
        return [ast.copy_location(each, node) for each in (first, second, forget)]

    # --- attributes and items -----------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        text = ast.unparse(node)
        if isinstance(node.ctx, ast.Load):
            return self._gate("get", node, text, self._seen(node.value), ast.Constant(self._mangled(node.attr)))
        return ast.copy_location(ast.Attribute(self._slot(node, text), "value", node.ctx), node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        text = ast.unparse(node)
        if isinstance(node.ctx, ast.Load):
            return self._gate("getitem", node, text, self._seen(node.value), self._index(node.slice))
        return ast.copy_location(ast.Attribute(self._slot(node, text), "value", node.ctx), node)

    def _slot(self, node: ast.expr, text: str, *, twice: bool = False) -> ast.expr:
        """What stands for an attribute or item, with a `value` to load, store or delete; `twice`: first read, then written."""
        read = self._place(node, text)
        write = self._place(node, text) if twice else read
        match node:
            case ast.Attribute(value=value, attr=name):
                gate, operands = "@attribute", [self._seen(value), ast.Constant(self._mangled(name))]
            case ast.Subscript(value=value, slice=index):
                gate, operands = "@item", [self._seen(value), self._index(index)]
            case _:
                raise AssertionError(node)
        return ast.copy_location(ast.Call(ast.Name(gate, ast.Load()), [read, write, *operands], []), node)

    def _index(self, node: ast.expr) -> ast.expr:
        """An index as an expression: a slice stands in no other place."""
        match node:
            case ast.Slice(lower=lower, upper=upper, step=step):
                bounds = [ast.Constant(None) if bound is None else self._seen(bound) for bound in (lower, upper, step)]
                return ast.copy_location(ast.Call(ast.Name("@slice", ast.Load()), bounds, []), node)
            case ast.Tuple(elts=elements):
                return ast.copy_location(ast.Tuple([self._index(each) for each in elements], ast.Load()), node)
            case _:
                return self._seen(node)

    def _mangled(self, name: str) -> str:
        private = name.startswith("__") and not name.endswith("__") and self._class is not None
        return f"_{(self._class or '').lstrip('_')}{name}" if private else name

    # --- calls and what looks into containers ---------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> ast.expr:
        looks = isinstance(node.func, ast.Name) and node.func.id in FRAMES
        if looks and not (node.args and ast.unparse(node.func) in ("vars", "dir")):
            self.generic_visit(node)
            return node
        text = ast.unparse(node.func)
        gate = self._gate("call", node, text, self._seen(node.func), *map(self._seen, node.args))
        gate.keywords = [self._seen(keyword) for keyword in node.keywords]
        return gate

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """What is unpacked in a display is gone through."""
        node.values = [
            self._seen(value) if key is not None else self._used(value)
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        node.keys = [key and self._seen(key) for key in node.keys]
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        """`**kwargs` in a call are gone through."""
        node.value = self._seen(node.value) if node.arg is not None else self._used(node.value)
        return node

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        node.value = self._used(node.value) if isinstance(node.ctx, ast.Load) else self._seen(node.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if all(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops):
            self.generic_visit(node)
            return node
        node.left = self._used(node.left)
        node.comparators = [self._used(each) for each in node.comparators]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        node.left, node.right = self._used(node.left), self._used(node.right)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        node.values = [self._used(each) for each in node.values]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        node.operand = self._used(node.operand)
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        node.value = self._used(node.value)
        node.format_spec = node.format_spec and self._seen(node.format_spec)
        return node

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.AST:
        node.value = self._used(node.value)
        return node

    # --- statements -----------------------------------------------------------------------------------

    def visit_If(self, node: ast.If) -> ast.AST:
        return self._testing(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._testing(node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        return self._testing(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return self._testing(node)

    def _testing(self, node: ast.If | ast.While | ast.IfExp | ast.Assert) -> ast.AST:
        test = self._used(node.test)
        node.test = ast.Constant(None)
        self.generic_visit(node)
        node.test = test
        return node

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        names = [each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)]
        iterated = self._iterated(node.iter, node.target)
        node.iter = ast.Constant(None)
        self.generic_visit(node)
        node.iter = iterated
        return self._announced(node, names)

    def _iterated(self, node: ast.expr, target: ast.expr) -> ast.expr:
        text, is_new = ast.unparse(node), ast.Constant(isinstance(node, ast.Call))
        unpacks = ast.Constant(isinstance(target, ast.Tuple | ast.List))
        return self._gate("each", node, text, self._seen(node), is_new, unpacks)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        node.iter = self._iterated(node.iter, node.target)
        node.target = self._seen(node.target)
        node.ifs = [self._used(each) for each in node.ifs]
        return node

    def visit_With(self, node: ast.With) -> ast.AST | list[ast.stmt]:
        targets = [item.optional_vars for item in node.items if item.optional_vars is not None]
        names = [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
        for item in node.items:
            text = ast.unparse(item.context_expr)
            item.context_expr = self._gate("with", item.context_expr, text, self._seen(item.context_expr))
            item.optional_vars = item.optional_vars and self._seen(item.optional_vars)
        node.body = [one for each in node.body for one in listed(self.visit(each))]
        return self._announced(node, names)

    def visit_Match(self, node: ast.Match) -> ast.AST:
        node.subject = self._gate("match", node.subject, ast.unparse(node.subject), self._seen(node.subject))
        for case in node.cases:
            case.guard = case.guard and self._used(case.guard)
            case.body = [one for each in case.body for one in listed(self.visit(each))]
        return node


def _is_slice(target: ast.expr) -> bool:
    return isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice)


def listed(changed: T | list[T]) -> list[T]:
    """What a visit of a statement gives: one, or several."""
    return changed if isinstance(changed, list) else [changed]


OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "iadd", ast.Sub: "isub", ast.Mult: "imul", ast.MatMult: "imatmul", ast.Div: "itruediv",
    ast.FloorDiv: "ifloordiv", ast.Mod: "imod", ast.Pow: "ipow", ast.LShift: "ilshift", ast.RShift: "irshift",
    ast.BitAnd: "iand", ast.BitOr: "ior", ast.BitXor: "ixor",
}  # fmt: skip
