"""Which names the steps of a thread or routine assign: its locals, as in a Python function."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from scenario import syntax
from scenario.spec import steps as spec
from scenario.spec.step import Step
from scenario.spec.steps import Steps
from scenario.syntax import Expr

_TARGETS = ("into", "as_", "target")
_BODIES = ("do", "body", "then", "else_", "finally_")


@cache
def _has(model: type[Step], fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field for field in fields if field in model.__pydantic_fields__)


def assigned(steps: Steps) -> Iterator[str]:
    """The names, with repetitions; `error` if there is an `except`. `x += 1` reads x first: it makes no local."""
    for step in steps:
        if isinstance(step, Step):
            yield from _by_verb(step)
        elif isinstance(step, syntax.Assign):
            for target in step.targets:
                yield from target_ids(target)


def _by_verb(step: Any) -> Iterator[str]:
    model: type[Step] = type(step)
    for name in _has(model, _TARGETS):
        target = getattr(step, name)
        if target is not None:
            yield from target_ids(target)
    for name in _has(model, _BODIES):
        yield from assigned(getattr(step, name) or ())
    if model is spec.If:
        for branch in step.elif_:
            yield from assigned(branch.then)
    elif model is spec.Try and step.except_:
        yield "error"
        for body in step.except_.values():
            yield from assigned(body)


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
