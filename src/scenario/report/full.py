"""`--output-format full`: what a person reads."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.report.diagnostics import diagnostic_text
from scenario.report.reporter import Write
from scenario.report.style import Style
from scenario.report.summary import seconds, summary
from scenario.report.values import numbered
from scenario.results.result import Report, Result, Search, Seen

WORDS = {"holds": "PASS", "fails": "FAIL", "undecided": "UNDECIDED", "invalid": "INVALID", "skipped": "SKIP"}
EXPLORED = {**WORDS, "holds": "HOLDS", "fails": "FAILS"}


class Full:
    """Each case with what it printed, its verdict, and all that is known of each failure."""

    def __init__(self, write: Write, style: Style) -> None:
        self._write = write
        self._style = style

    def begin(self, file: str, scenario: str, case: str) -> None:
        self._write(self._style.bold(f"{file}: {scenario}") + (f" [{case}]" if case else ""))

    def printed(self, line: str) -> None:
        self._write(f"  {self._style.gutter('|')} {line}")

    def end(self, result: Result) -> None:
        before = None
        for line in result_text(result, self._style):
            if line or before:  # never two blank lines in a row
                self._write(line)
            before = line

    def finish(self, report: Report) -> None:
        if text := summary(report, self._style):
            self._write(text)


def result_text(result: Result, style: Style) -> Iterator[str]:
    """Everything but what the scenario printed."""
    for diagnostic in result.diagnostics:
        yield from diagnostic_text(diagnostic, result.file, result.source, style)
    if result.fault is not None:
        yield from _fault(result, style)
        return
    if result.verdict.word == "invalid" or result.validated:
        return
    yield _headline(result, style)
    for reason in result.verdict.reasons:
        yield from style.filled(f"  {reason}")
    if result.verdict.evidence:
        yield from _evidence(result, style)
    yield from _seen(result)
    if result.rows:
        yield from _outcomes(result, style)
    if result.search is not None:
        yield from _search(result.search, result, style)
    if result.reproduce and result.verdict.word == "fails":
        yield f"{style.hint('reproduce')}: {result.reproduce}"
    yield ""


def _headline(result: Result, style: Style) -> str:
    word = result.verdict.word
    text = (EXPLORED if result.search else WORDS)[word]
    name = f"{result.scenario or result.file}{f' [{result.case}]' if result.case else ''}"
    if word == "skipped":  # nothing began, so nothing has named the file
        name = f"{result.file}: {name}"
    if result.search is not None and result.search.for_all is not None:
        from scenario.report.words.for_all import claimed

        name = f"{name} {claimed(result.search.for_all)}"
    took = f" in {seconds(result.elapsed)}" if result.elapsed is not None else ""
    return f"{style.verdict(word, text)} {name}{_runs(result)}{took}"


def _runs(result: Result) -> str:
    """`: 3 of 1,000 runs failed`."""
    if not result.runs:
        return ""
    return (
        f": {result.failed:,} of {numbered(result.runs, 'run')} failed"
        if result.failed
        else f": {numbered(result.runs, 'run')}"
    )


def _seen(result: Result) -> Iterator[str]:
    for seen in result.verdict.seen:
        yield f"  {seen.kind} `{seen.text}`: {'seen' if seen.seen else 'not seen'}{_why(seen)}"


def _why(seen: Seen) -> str:
    if seen.raised is None:
        return ""
    from scenario.report.words.failures import because_it_raised

    return because_it_raised(seen.raised)


def _evidence(result: Result, style: Style) -> Iterator[str]:
    from scenario.report.evidence import evidence_text

    for evidence in result.verdict.evidence:
        yield from evidence_text(evidence, result, style)


def _outcomes(result: Result, style: Style) -> Iterator[str]:
    from scenario.report.table import outcome_table

    if table := outcome_table(result.rows, style):
        yield style.bold("outcomes:")
        yield from (f"  {line}" for line in table)


def _search(search: Search, result: Result, style: Style) -> Iterator[str]:
    from scenario.report.searched import search_text

    for line in search_text(search, result):
        yield from style.filled(line)


def _fault(result: Result, style: Style) -> Iterator[str]:
    yield f"{style.bad('internal error')} {result.file}: {result.fault}"
    yield "  This is a fault of scenario, not of your file. Please report it, with the file and the line above."
    yield ""
