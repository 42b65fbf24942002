"""What every format of results can do; a format says what it has to say through `write`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from scenario.legible import legible, legibly
from scenario.results.result import Report, Result

Write: TypeAlias = Callable[[str], None]
"""Takes whole lines, without the last line break."""


class Reporter(Protocol):
    """Told in order: for each case `begin`, what it prints, `end`; then `finish` once."""

    def begin(self, file: str, scenario: str, case: str) -> None: ...
    def printed(self, line: str) -> None: ...
    def end(self, result: Result) -> None: ...
    def finish(self, report: Report) -> None: ...


class Legible:
    """A reporter that is told of texts that are fit for a terminal."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def begin(self, file: str, scenario: str, case: str) -> None:
        self._reporter.begin(legible(file), legible(scenario), legible(case))

    def printed(self, line: str) -> None:
        for part in line.split("\n"):
            self._reporter.printed(legible(part, keep="\t"))

    def end(self, result: Result) -> None:
        self._reporter.end(legibly(result))

    def finish(self, report: Report) -> None:
        self._reporter.finish(legibly(report))


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
