"""What unpacking gives each target: `a, *b = value`."""

from __future__ import annotations

from typing import Any

from scenario.syntax import Expr, Starred


def shape(targets: tuple[Expr, ...]) -> tuple[int, int | None]:
    """How many targets stand before the starred one, and how many after (None: there is none)."""
    starred = next((i for i, target in enumerate(targets) if isinstance(target, Starred)), None)
    return (len(targets), None) if starred is None else (starred, len(targets) - starred - 1)


def unpacked(value: Any, before: int, after: int | None) -> list[object]:
    """The value's part for each target, a list for the starred one; raises what Python raises where none fits."""
    try:
        iter(value)
    except TypeError:
        raise TypeError(f"cannot unpack non-iterable {type(value).__name__} object") from None
    items = list(value)
    if after is None:
        if len(items) > before:
            raise ValueError(f"too many values to unpack (expected {before})")
        if len(items) < before:
            raise ValueError(f"not enough values to unpack (expected {before}, got {len(items)})")
        return items
    if len(items) < before + after:
        raise ValueError(f"not enough values to unpack (expected at least {before + after}, got {len(items)})")
    end = len(items) - after
    return [*items[:before], items[before:end], *items[end:]]


def inner(target: Expr) -> Expr:
    """What a target of an unpacking assigns to."""
    return target.value if isinstance(target, Starred) else target
