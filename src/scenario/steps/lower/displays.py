"""Displays with `*value` and `**value`, part by part: CPython reads what is spread when it comes to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from scenario.syntax import DictDisplay, Expr, ListDisplay, SetDisplay, Starred, TupleDisplay

Step: TypeAlias = Callable[[Expr], Expr]
"""Evaluates an expression now; gives what stands for its value."""


def is_spread(items: tuple[Expr, ...]) -> bool:
    """Whether one of the items stands for several."""
    return any(isinstance(item, Starred) for item in items)


def spread(expr: ListDisplay | TupleDisplay | SetDisplay, held: Step, made: Step) -> Expr:
    """The display's value: `held` evaluates an item, `made` a display of such."""
    display = SetDisplay if isinstance(expr, SetDisplay) else ListDisplay
    first = next(i for i, item in enumerate(expr.items) if isinstance(item, Starred))
    result = made(display(tuple(map(held, expr.items[:first]))))
    for item in expr.items[first:]:
        more = Starred(held(item.value)) if isinstance(item, Starred) else held(item)
        result = made(display((Starred(result), more)))
    return made(TupleDisplay((Starred(result),))) if isinstance(expr, TupleDisplay) else result


def merged(expr: DictDisplay, held: Step, made: Step) -> Expr:
    """The same of a dict: the pairs between two `**` go in together."""
    result = made(DictDisplay((), ()))
    pairs: list[tuple[Expr, Expr]] = []
    for key, value in zip((*expr.keys, None), (*expr.values, None), strict=True):
        if key is not None and value is not None:
            pairs.append((held(key), held(value)))
            continue
        if pairs:
            more: Expr = DictDisplay(tuple(k for k, _ in pairs), tuple(v for _, v in pairs))
            result = made(DictDisplay((None, None), (result, more)))
            pairs.clear()
        if value is not None:
            result = made(DictDisplay((None, None), (result, held(value))))
    return result
