"""Walking the closed trees: children and transformation, whatever the class of a node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from scenario.record import compared, values_of
from scenario.syntax import Local, Node

N = TypeVar("N", bound=Node)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, in the order of Python's evaluation where fields are in that order."""
    for name in compared(type(node)):
        yield from _nodes(getattr(node, name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, before their children."""
    return walk_all(node)


def walk_all(nodes: object) -> Iterator[Node]:
    """All nodes of a node or a (nested) tuple of nodes, such as a block."""
    left = [nodes]
    while left:
        value = left.pop()
        if isinstance(value, tuple):
            left.extend(reversed(value))
        elif isinstance(value, Node):
            yield value
            left.append(values_of(value))


def map_children(node: N, function: Callable[[Any], object]) -> N:
    """The node with each direct child replaced by what the function makes of it."""
    changes = {}
    for name in compared(type(node)):
        value = getattr(node, name)
        changed = _mapped(value, function)
        if changed is not value:
            changes[name] = changed
    return replace(node, **changes) if changes else node


def _mapped(value: object, function: Callable[[object], object]) -> Any:
    if isinstance(value, Node):
        return function(value)
    if isinstance(value, tuple):
        changed = tuple(_mapped(item, function) for item in value)
        return changed if any(a is not b for a, b in zip(changed, value, strict=True)) else value
    return value


def made_inner(node: N, bound: frozenset[str]) -> N:
    """A node whose ref is spelled by an engine, which does not know in which comprehension it stands, nor what that binds."""

    def marked(child: Node) -> Node:
        if isinstance(child, Local):
            return replace(child, inner=True) if child.name in bound else child
        return map_children(child, marked)

    return map_children(node, marked) if bound else node
