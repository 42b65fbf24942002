"""`--quiet`: of cases that hold nothing is shown."""

from __future__ import annotations

from scenario.report.reporter import Reporter
from scenario.results.result import Report, Result


class Quiet:
    """Keeps back what is told of a case until it is known to be worth a look, then passes all of it on."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self._case: tuple[str, str, str] | None = None
        self._lines: list[str] = []

    def begin(self, file: str, scenario: str, case: str) -> None:
        self._case = (file, scenario, case)
        self._lines = []

    def printed(self, line: str) -> None:
        self._lines.append(line)

    def end(self, result: Result) -> None:
        if not result.holds:
            if self._case is not None:
                self._reporter.begin(*self._case)
            for line in self._lines:
                self._reporter.printed(line)
            self._reporter.end(result)
        self._case, self._lines = None, []

    def finish(self, report: Report) -> None:
        self._reporter.finish(report)
