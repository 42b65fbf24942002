"""A case of a scenario explained: what there is, who touches it, and the indivisible steps of each line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from scenario.language.runtimes import Runtime
from scenario.record import record
from scenario.settings import Asked

Uses: TypeAlias = Mapping[str, tuple[str, ...]]
"""What is done with a thing (`read`, `acquire`, …) -> the bodies that do it."""


@record
class Variable:
    """A shared variable and its initial value."""

    name: str
    value: object
    uses: Uses


@record
class Primitive:
    """A primitive, or an array of them: `kind` is `Lock`, `Semaphore(value=3)`; `count` is None for no array."""

    name: str
    kind: str
    count: int | None
    uses: Uses


@record
class Threads:
    """A thread, or a group: `kind` is `Thread` (`Task`, `Process`), `Timer` or the name of its class; `count` is None for no group."""

    name: str
    kind: str
    count: int | None
    daemon: bool
    uses: Uses


@record
class Line:
    """A line of the file and the steps that it takes, in order; what is done within one step stands together."""

    line: int
    text: str
    steps: tuple[tuple[str, ...], ...]


@record
class Body:
    """What a thread, a group, `main` or a routine does; lines that take no step are left out."""

    name: str
    lines: tuple[Line, ...]


@record
class Explained:
    """One case, at the size at which it would be explored; `explored`: of the settings those that are not as by default."""

    file: str
    scenario: str
    description: str
    tags: tuple[str, ...]
    case: str
    runtime: Runtime
    explored: Asked
    params: Mapping[str, object]
    variables: tuple[Variable, ...]
    primitives: tuple[Primitive, ...]
    threads: tuple[Threads, ...]
    bodies: tuple[Body, ...]
