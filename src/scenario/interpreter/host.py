"""Where step code is executed: the shared variables and objects, the threads, and what is seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from scenario.results.failures import Failure
from scenario.steps.code import Code


class Member(Protocol):
    """A thread as expressions ask for it."""

    @property
    def ref(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def index(self) -> int: ...
    @property
    def alive(self) -> bool: ...
    @property
    def blocked(self) -> bool: ...

    def go_round(self) -> int:
        """Back in a loop: how often since its last step."""
        ...

    def enter_atomic(self) -> None: ...
    def leave_atomic(self) -> None: ...


class Host(Protocol):
    """One execution."""

    routines: dict[str, Code]
    shared: dict[str, object]
    objects: dict[str, Any]
    output: list[str]
    marks: list[str]
    failures: dict[object, Failure]
    moment: float
    is_virtual: bool

    def members(self, group: str, index: int | None = None) -> Sequence[Member]: ...
    def current(self) -> Member: ...
    def has_entered(self) -> bool:
        """Whether the thread that calls is one of the execution's."""
        ...
