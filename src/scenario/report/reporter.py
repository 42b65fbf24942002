"""What every format of results can do; a format says what it has to say through `write`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from scenario.run.result import Report, Result

Write: TypeAlias = Callable[[str], None]
"""Takes whole lines, without the last line break."""


class Reporter(Protocol):
    """Told in order: for each case `begin`, what it prints, `end`; then `finish` once."""

    def begin(self, file: str, scenario: str, case: str) -> None: ...
    def printed(self, line: str) -> None: ...
    def end(self, result: Result) -> None: ...
    def finish(self, report: Report) -> None: ...


class Silent:
    """The parts that a format for machines does not need."""

    def begin(self, file: str, scenario: str, case: str) -> None:
        """A case starts."""

    def printed(self, line: str) -> None:
        """The scenario printed a line."""

    def end(self, result: Result) -> None:
        """A result is there."""

    def finish(self, report: Report) -> None:
        """All results are there."""
