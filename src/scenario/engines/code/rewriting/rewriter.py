"""A module's syntax tree with a call before each access that other threads can see.

The calls go to gates (`runtime/gates.py`), by names that no program can write (`@get`). The first argument is the number
of the place, the others are the operands, in Python's order of evaluation: a gate is called where the access would be,
and does it. What a gate does when nobody explores is the access and nothing else.
Statements are here; what they are made of is in `expressions.py`, and what is known of a name in `names.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from scenario.engines.code.places import Place
from scenario.engines.code.rewriting.expressions import Expressions
from scenario.engines.code.rewriting.gates import Gates, call
from scenario.engines.code.rewriting.names import Names
from scenario.engines.code.rewriting.patterns import Patterns
from scenario.engines.code.rewriting.trees import all_visited, changed, located, visited


def rewritten(tree: ast.Module, file: str, owner: object, places: list[Place]) -> ast.Module:
    """The rewritten tree; `places` gets each place that is made, a gate's number is its index there."""
    gates = Gates(file, places)
    new = visited(tree, Statements(gates, Names(tree, owner, gates)).visit)
    return ast.fix_missing_locations(new)


class Statements(ast.NodeVisitor):
    """Rewrites those of one module: each becomes one, or several."""

    def __init__(self, gates: Gates, names: Names) -> None:
        self._gates, self._names = gates, names
        self._expressions = Expressions(gates, names)
        self._patterns = Patterns(gates, names, self._expressions)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        inside = isinstance(node, ast.stmt | ast.excepthandler)
        return visited(node, self.visit) if inside else self._expressions.seen(node)

    # --- functions, classes, and what binds names by itself ------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> list[ast.stmt]:
        decorators = [self._expressions.seen(each) for each in node.decorator_list]
        arguments = self._expressions.defaults(node.args)
        with self._names.within_function(node):
            body = [*all_visited(node.body, self.visit), *self._ends(node)]
        return self._names.announced(changed(node, decorator_list=decorators, args=arguments, body=body), [node.name])

    def _ends(self, node: ast.FunctionDef) -> list[ast.stmt]:
        """Where a function ends without a `return`."""
        last = node.body[-1]
        if isinstance(last, ast.Return | ast.Raise):
            return []
        return [ast.copy_location(ast.Expr(self._expressions.given_out(last, None)), last)]

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        return changed(node, value=self._expressions.given_out(node, node.value))

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        return node  # refused where it is called

    def visit_ClassDef(self, node: ast.ClassDef) -> list[ast.stmt]:
        with self._names.within_class(node):
            new = visited(node, self.visit)
        return self._names.announced(new, [node.name])

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        return self._names.announced(node, [each.asname or each.name.partition(".")[0] for each in node.names])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        return self._names.announced(node, [each.asname or each.name for each in node.names])

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return self._names.announced(visited(node, self.visit), names)

    # --- assignments ---------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        value = self._names.bound(self._expressions.unpacked(node.value, node.targets), node.targets)
        return changed(node, value=value, targets=[self._expressions.seen(target) for target in node.targets])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        value = node.value and self._names.bound(self._expressions.seen(node.value), [node.target])
        return changed(node, value=value, target=self._expressions.seen(node.target))

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        return [ast.copy_location(each, node) for each in self._in_place(node, ast.unparse(node.target))]

    def _in_place(self, node: ast.AugAssign, text: str) -> Iterator[ast.stmt]:
        """What is assigned to is evaluated, then read; then comes the operand, and what is computed is stored."""
        if isinstance(node.target, ast.Name):
            old = self._expressions.seen(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
            yield ast.Assign([node.target], self._names.bound(self._computed(node, text, old), [node.target]))
            return
        target, held = ast.Name("@target", ast.Store()), ast.Name("@target", ast.Load())
        yield ast.Assign([target], self._expressions.slot(node.target, text, twice=True))
        new = self._computed(node, text, ast.Attribute(held, "value", ast.Load()))
        yield ast.Assign([ast.Attribute(held, "value", ast.Store())], new)
        yield ast.Assign([target], ast.Constant(None))

    def _computed(self, node: ast.AugAssign, text: str, old: ast.expr) -> ast.expr:
        operator = ast.Constant(OPERATORS[type(node.op)])
        return self._gates.gate("inplace", node.target, text, operator, old, self._expressions.seen(node.value))

    # --- blocks --------------------------------------------------------------------------------------

    def visit_If(self, node: ast.If) -> ast.stmt:
        return visited(node, self.visit, test=self._expressions.tested(node.test))

    def visit_While(self, node: ast.While) -> ast.stmt:
        """A loop may catch whatever is raised in it: so each round begins with a look whether it is to go on."""
        test = self._expressions.tested(node.test)
        return visited(node, self.visit, test=test, body=[_turn(node), *all_visited(node.body, self.visit)])

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        return visited(node, self.visit, test=self._expressions.tested(node.test))

    def visit_For(self, node: ast.For) -> ast.stmt:
        iterated = self._expressions.iterated(node.iter, node.target)
        target, bound = self._announced_target(node.target)
        body = [*bound, _turn(node), *all_visited(node.body, self.visit)]
        return visited(node, self.visit, iter=iterated, target=target, body=body)

    def _announced_target(self, target: ast.expr) -> tuple[ast.expr, list[ast.stmt]]:
        """What a statement binds by itself, with the assignment that comes first in its body if others can see a name in it."""
        if not any(self._names.is_shared(name) for name in _names(target)):
            return self._expressions.seen(target), []
        held = ast.copy_location(ast.Name("@bound", ast.Load()), target)
        assigned = self.visit_Assign(ast.copy_location(ast.Assign([target], held), target))
        return ast.copy_location(ast.Name("@bound", ast.Store()), target), [assigned]

    def visit_With(self, node: ast.With) -> ast.stmt:
        """One manager after the other: a name that others can see is bound before the next is entered."""
        first, *rest = node.items
        entered, bound = self._entered(first)
        inner = [self.visit_With(changed(node, items=rest))] if rest else all_visited(node.body, self.visit)
        return changed(node, items=[entered], body=[*bound, *inner])

    def _entered(self, item: ast.withitem) -> tuple[ast.withitem, list[ast.stmt]]:
        text, manager = ast.unparse(item.context_expr), self._expressions.seen(item.context_expr)
        gate = self._gates.gate("with", item.context_expr, text, manager)
        if item.optional_vars is None:
            return ast.withitem(gate, None), []
        target, bound = self._announced_target(item.optional_vars)
        return ast.withitem(gate, target), bound

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.excepthandler:
        """A name that others can see is bound before its body, and deleted after it."""
        new = visited(node, self.visit)
        if node.name is None or not self._names.is_shared(node.name):
            return new
        store, delete = ast.Name(node.name, ast.Store()), ast.Name(node.name, ast.Del())
        first = self.visit_Assign(located(node, ast.Assign([store], ast.Name("@bound", ast.Load()))))
        last = [self.visit_Assign(located(node, ast.Assign([store], ast.Constant(None))))]
        gone = self.visit_Delete(located(node, ast.Delete([delete])))
        return changed(new, name="@bound", body=[first, located(node, ast.Try(new.body, [], [], [*last, *gone]))])

    def visit_Match(self, node: ast.Match) -> list[ast.stmt]:
        text, patterns = ast.unparse(node.subject), self._patterns
        begin = patterns.begin(node)
        tests, kept = zip(*(patterns.test(case, text) for case in node.cases), strict=True)
        every = list(dict.fromkeys(name for names in kept for name in names))
        left = [patterns.end(node, every)]
        for case, test in reversed(list(zip(node.cases, tests, strict=True))):
            body = [patterns.end(case.pattern, every), *all_visited(case.body, self.visit)]
            left = [changed(ast.copy_location(ast.If(test, [], []), case.pattern), body=body, orelse=left)]
        return [begin, *left]


def _turn(node: ast.For | ast.While) -> ast.stmt:
    """How each round of a loop begins."""
    return located(node, ast.Expr(call("turn", node, ast.Constant(isinstance(node, ast.For)))))


def _names(target: ast.expr) -> list[str]:
    return [each.id for each in ast.walk(target) if isinstance(each, ast.Name)]


OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "iadd", ast.Sub: "isub", ast.Mult: "imul", ast.MatMult: "imatmul", ast.Div: "itruediv",
    ast.FloorDiv: "ifloordiv", ast.Mod: "imod", ast.Pow: "ipow", ast.LShift: "ilshift", ast.RShift: "irshift",
    ast.BitAnd: "iand", ast.BitOr: "ior", ast.BitXor: "ixor",
}  # fmt: skip
