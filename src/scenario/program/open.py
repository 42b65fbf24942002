"""A program of which some params are left open: one instance of it, and how every other differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeVar

from scenario.program.evaluate import Constants, Raised, answered, evaluate
from scenario.program.program import Program
from scenario.program.walk import map_children, walk
from scenario.record import record
from scenario.source import Span
from scenario.syntax import Const, Expr, Node, Param

N = TypeVar("N", bound=Node)
NOTHING: Mapping[str, object] = {}


@record
class Open:
    """The instance for the `least` values (that the claim is about), whose trees have a `Param` wherever one stood.

    What was computed from such params has its tree here: `counts`, how many threads a group has; `values`, what variables
    begin with; `arguments`, of primitives by name (the size of an array is `array`). `uses`: every place in the file that
    depends on such a param; whoever speaks of all instances must have looked at each.
    """

    program: Program
    least: Mapping[str, int]
    counts: Mapping[str, Expr] = field(default_factory=dict)
    values: Mapping[str, Expr] = field(default_factory=dict)
    arguments: Mapping[str, Mapping[str, Expr]] = field(default_factory=dict)
    uses: frozenset[Span] = frozenset()


def params_in(node: Node) -> frozenset[str]:
    """The params that are left open in a tree."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Param))


def value_at(expr: Expr, values: Mapping[str, int], shared: Mapping[str, object] = NOTHING) -> object:
    """The value of what depends on params and these variables alone; None where Python refuses it."""
    value = answered(lambda: evaluate(filled(expr, values), Constants(shared)))
    return None if isinstance(value, Raised) else value


def filled(node: N, values: Mapping[str, int]) -> N | Const:
    """What depends on params, as it is for these values."""
    if isinstance(node, Param):
        return Const(values[node.name], span=node.span)
    return map_children(node, lambda child: filled(child, values))
