"""What a scenario file adds to the pictures of an execution: its variables, the lines of its steps, its claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from scenario.engines.code.places import Place
from scenario.source import Span


class Stage(Protocol):
    """Asked in each state of an execution; `names`: the shared variables of the file."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def variables(self) -> Mapping[str, object]:
        """Their values."""
        ...

    def truths(self) -> tuple[bool, ...]:
        """Of each `always`, then each `reachable`."""
        ...

    def said(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The lines that were printed, and the marks."""
        ...

    def span(self, place: Place) -> Span | None:
        """That of the step at a place; None: it is in the user's own code."""
        ...


class Functions:
    """Of functions without a file: nothing (`Stage`)."""

    names: tuple[str, ...] = ()

    def variables(self) -> Mapping[str, object]:
        return {}

    def truths(self) -> tuple[bool, ...]:
        return ()

    def said(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (), ()

    def span(self, _: Place) -> Span | None:
        return None
