"""Assignment targets as written: their parts and names."""

from __future__ import annotations

from scenario import syntax
from scenario.syntax import Expr


def target_parts(target: Expr) -> list[Expr]:
    """The single targets of an unpacking."""
    match target:
        case syntax.TupleDisplay(items) | syntax.ListDisplay(items):
            return [part for item in items for part in target_parts(item)]
        case syntax.Starred(value):
            return target_parts(value)
        case _:
            return [target]


def target_names(target: Expr) -> list[syntax.Name]:
    """The names that an assignment target binds, as written."""
    return [part for part in target_parts(target) if isinstance(part, syntax.Name)]


def target_ids(target: Expr) -> list[str]:
    """As `target_names`, as text."""
    return [name.id for name in target_names(target)]
