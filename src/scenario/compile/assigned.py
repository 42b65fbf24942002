"""Which names the steps of a thread or routine assign: its locals, as in a Python function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scenario import syntax
from scenario.compile.targets import target_ids
from scenario.spec import steps as spec
from scenario.spec.steps import Steps

_TARGETS: dict[type[spec.Step], tuple[str, ...]] = {
    model: tuple(f for f in ("into", "as_", "target") if f in model.__pydantic_fields__)
    for model in spec.VERBS.values()
}
_BODIES: dict[type[spec.Step], tuple[str, ...]] = {
    model: tuple(f for f in ("do", "body", "then", "else_", "finally_") if f in model.__pydantic_fields__)
    for model in spec.VERBS.values()
}


def assigned(steps: Steps) -> Iterator[str]:
    """The names, with repetitions; `error` if there is an `except`. `x += 1` reads x first: it makes no local."""
    for step in steps:
        if isinstance(step, spec.Step):
            yield from _by_verb(step)
        elif isinstance(step, syntax.Assign):
            for target in step.targets:
                yield from target_ids(target)


def _by_verb(step: Any) -> Iterator[str]:
    model = type(step)
    for name in _TARGETS[model]:
        target = getattr(step, name)
        if target is not None:
            yield from target_ids(target)
    for name in _BODIES[model]:
        yield from assigned(getattr(step, name) or ())
    if model is spec.If:
        for branch in step.elif_:
            yield from assigned(branch.then)
    elif model is spec.Try and step.except_:
        yield "error"
        for body in step.except_.values():
            yield from assigned(body)
