"""`--output-format concise`: one line a failure, and one for the sum."""

from __future__ import annotations

from scenario.report.diagnostics import one_line
from scenario.report.reporter import Silent, Write
from scenario.report.style import Style
from scenario.report.summary import summary
from scenario.report.words.failures import message
from scenario.report.words.for_all import claimed
from scenario.results.result import Report, Result


class Concise(Silent):
    """For editors and grep: `file:line:column: what`."""

    def __init__(self, write: Write, style: Style) -> None:
        self._write = write
        self._style = style

    def end(self, result: Result) -> None:
        case = f" [{result.case}]" if result.case else ""
        if result.search is not None and result.search.for_all is not None:
            case += f" [{claimed(result.search.for_all)}]"
        for diagnostic in result.diagnostics:
            word = "warning: " if diagnostic.severity == "warning" else ""
            self._write(one_line(diagnostic.code, word + diagnostic.message, result.file, diagnostic.span))
        for evidence in result.verdict.evidence:
            expected = " (expected)" if evidence.expected else ""
            failure = evidence.failure
            self._write(one_line(failure.kind, message(failure) + expected + case, result.file, failure.span))
        if result.verdict.word != "fails":  # beside its failures what else is known of it would read like one more
            for reason in result.verdict.reasons:
                self._write(f"{result.file}: {result.verdict.word}: {reason}{case}")
        if result.fault:
            self._write(f"{result.file}: internal error: {result.fault}")

    def finish(self, report: Report) -> None:
        if text := summary(report, self._style):
            self._write(text)
