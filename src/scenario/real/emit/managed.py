"""Lists and dicts in a manager: what reads one as a whole reads a copy, made in one step; an element, a change and a loop ask itself."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TypeVar

from scenario.program.places import MUTATING
from scenario.program.walk import map_children
from scenario.syntax import Builtin, Clause, Method, Node, Shared, Subscript

N = TypeVar("N", bound=Node)
WHOLE = "whole"
"""The name of the function that copies (`_whole`, as it is written)."""


def read_whole(tree: N, managed: AbstractSet[str]) -> N:
    """The tree with a copy in each place where a container of the manager's is read as a whole."""

    def inner(node: N) -> N:
        return read_whole(node, managed)

    match tree:
        case Shared(name) if name in managed:
            return Builtin(WHOLE, (tree,), span=tree.span)  # type: ignore[return-value]
        case Subscript(value) if isinstance(value, Shared):
            return replace(map_children(tree, inner), value=value)
        case Clause(iterable=value) if isinstance(value, Shared):
            return replace(map_children(tree, inner), iterable=value)
        case Method(value, name) if isinstance(value, Shared) and name in MUTATING:
            return replace(map_children(tree, inner), value=value)
        case _:
            return map_children(tree, inner)
