"""Syntax trees as values: a node that is changed is a new one, at the same place of the source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=ast.AST)
Visit = Callable[[ast.AST], object]
"""What a node becomes: a node, or, of a statement, several."""


def changed(node: T, **fields: object) -> T:
    """The node with other fields."""
    return ast.copy_location(type(node)(**{**dict(ast.iter_fields(node)), **fields}), node)


def visited(node: T, visit: Visit, **fields: object) -> T:
    """The node with other fields, and with all of the rest visited, in the order of Python's grammar."""
    if not node._fields:
        return node
    rest = {name: _part(value, visit) for name, value in ast.iter_fields(node) if name not in fields}
    return changed(node, **fields, **rest)


def _part(value: object, visit: Visit) -> object:
    match value:
        case ast.AST():
            return visit(value)
        case list():
            return all_visited(value, visit)
        case _:
            return value


def all_visited(nodes: Iterable[object], visit: Visit) -> list[object]:
    """What several become; what stands between and is no node (the key of `**others` in a display) stays."""
    parts = [visit(each) if isinstance(each, ast.AST) else each for each in nodes]
    return [one for part in parts for one in (part if isinstance(part, list) else [part])]


def located(node: ast.AST, made: T) -> T:
    """What stands nowhere in the source, in the place of a node that does."""
    ast.copy_location(made, node)
    for each in ast.walk(made):
        if not hasattr(each, "lineno"):
            ast.copy_location(each, node)
    return made
