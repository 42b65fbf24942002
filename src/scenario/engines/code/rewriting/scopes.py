"""Which names of a module's functions other threads can see: globals that a function assigns, and closure variables.

Comprehensions count as part of the function that they stand in: they are functions of their own up to Python 3.11 alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from scenario.record import record

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@record
class Scope:
    """What a function's names are: `shared` maps those that others can see to the function that owns them (0: the module)."""

    shared: dict[str, int]
    bound: frozenset[str]
    number: int


def module_scope(tree: ast.Module) -> Scope:
    """Globals that some function assigns: the others never change after the import, but by attribute of the module."""
    assigned: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            declared = {name for inner in own_nodes(node) if isinstance(inner, ast.Global) for name in inner.names}
            assigned |= declared & set(stored(node))
    return Scope(dict.fromkeys(assigned, 0), frozenset(), 0)


def function_scope(node: Function, around: Scope, number: int) -> Scope:
    """The scope of a function within another."""
    declared_global = _declared(node, ast.Global)
    foreign = declared_global | _declared(node, ast.Nonlocal)
    bound = frozenset(set(stored(node)) | _parameters(node)) - foreign
    kept = {name: owner for name, owner in around.shared.items() if name not in bound}
    captured = bound & _captured(node)
    return Scope({**kept, **dict.fromkeys(captured, number)}, bound, number)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What is executed in this scope: nested functions and classes appear, their bodies do not."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, NESTED):
            yield from own_nodes(child)


def _declared(node: ast.AST, kind: type[ast.Global | ast.Nonlocal]) -> set[str]:
    return {name for inner in own_nodes(node) if isinstance(inner, kind) for name in inner.names}


def stored(node: ast.AST) -> Iterator[str]:
    """Names that are bound in this scope, other than parameters; the targets of comprehensions are among them."""
    for inner in own_nodes(node):
        match inner:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name.partition(".")[0]


def _parameters(node: Function) -> set[str]:
    of = node.args
    every = [*of.posonlyargs, *of.args, *of.kwonlyargs, of.vararg, of.kwarg]
    return {argument.arg for argument in every if argument is not None}


def _captured(node: ast.AST) -> set[str]:
    """Names that functions nested in this one use and do not bind themselves."""
    return {name for inner in own_nodes(node) if isinstance(inner, NESTED) for name in free_names(inner)}


def free_names(node: ast.AST) -> set[str]:
    """Names that a function or class takes from around it."""
    used = {inner.id for inner in own_nodes(node) if isinstance(inner, ast.Name)} | _captured(node)
    used |= _declared(node, ast.Nonlocal)
    if isinstance(node, ast.ClassDef):
        return used
    bound = set(stored(node)) | (_parameters(node) if isinstance(node, Function) else set())
    return (used - bound | _declared(node, ast.Nonlocal)) - _declared(node, ast.Global)
