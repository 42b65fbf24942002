"""What every format of results can do; a format says what it has to say through `write`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
        self._told: list[tuple[Result, Result]] = []

    def begin(self, file: str, scenario: str, case: str) -> None:
        self._reporter.begin(legible(file), legible(scenario), legible(case))

    def printed(self, line: str) -> None:
        for part in line.split("\n"):
            self._reporter.printed(legible(part, keep="\t"))

    def end(self, result: Result) -> None:
        self._told.append((result, legibly(result)))
        self._reporter.end(self._told[-1][1])

    def finish(self, report: Report) -> None:
        known = {id(result): told for result, told in self._told}
        results = tuple(known[id(one)] if id(one) in known else legibly(one) for one in report.results)
        self._reporter.finish(replace(legibly(replace(report, results=())), results=results))


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
