"""The value of an expression that depends on params and a few known names only."""

from __future__ import annotations

from collections.abc import Mapping

from scenario import syntax
from scenario.program.evaluate import Constants, Raised, answered, evaluate
from scenario.program.walk import walk
from scenario.syntax import Expr

UNKNOWN = object()
"""What an expression is that depends on more."""

_VARYING = (syntax.Shared, syntax.TlsField, syntax.Query, syntax.FutureQuery, syntax.Now, syntax.Register,
            syntax.Comprehension)  # fmt: skip


def constant(expr: Expr, known: Mapping[str, object]) -> object:
    """The value, or UNKNOWN."""
    if isinstance(expr, syntax.Const):
        return expr.value
    for node in walk(expr):
        if isinstance(node, _VARYING) or (isinstance(node, syntax.Local) and node.name not in known):
            return UNKNOWN
    value = answered(lambda: evaluate(expr, Constants(known)))
    return UNKNOWN if isinstance(value, Raised) else value
