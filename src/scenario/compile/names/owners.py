"""Whose local a name is: for whoever reads it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.compile.names.assigned import assigned
from scenario.record import record
from scenario.spec.scenario import Scenario
from scenario.spec.steps import Steps


@record
class Owner:
    """A thread, group, routine or `main`; `ref` is how a claim names a thread, "" for a routine."""

    words: str
    ref: str = ""

    def __str__(self) -> str:
        return self.words


def owner(model: Scenario, name: str) -> Owner | None:
    """The first that assigns the name as a local of its own."""
    return next((who for who, steps in _bodies(model) if name in assigned(steps)), None)


def _bodies(model: Scenario) -> Iterator[tuple[Owner, Steps]]:
    for key, thread in model.threads.items():
        ref = "" if thread.interrupts is not None else key if thread.count is None else f"{key}[0]"
        yield Owner(f"`{key}`", ref), thread.steps or ()
    yield Owner("`main`", "main"), model.main or ()
    for key, routine in model.routines.items():
        yield Owner(f"routine `{key}`"), routine.steps
