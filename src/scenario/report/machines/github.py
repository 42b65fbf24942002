"""`--output-format github`: the normal text, then annotations, worst first, and a table in the step's summary."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import islice
from pathlib import Path
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.regular import to_write
from scenario.report.full import Full
from scenario.report.pictures.mermaid import sequence_diagram
from scenario.report.reporter import Write
from scenario.report.repository import in_repository
from scenario.report.style import Style
from scenario.report.summary import summary
from scenario.report.words.failures import message
from scenario.results.result import Report, Result
from scenario.source import START, Span

Level: TypeAlias = Literal["error", "warning", "notice"]
LEVELS: tuple[Level, ...] = ("error", "warning", "notice")
"""Worst first: GitHub shows the first ten of a level and step."""
ROWS = 300
CELL = 300
"""Rows of the summary's table and characters of a cell: GitHub refuses a summary past a MiB."""
DIAGRAMS = 10
"""Failures that are drawn; each takes some ten KiB at most."""
MESSAGE = 8000
"""Characters of an annotation's message: GitHub refuses one past 64 KiB."""


@record
class Annotation:
    """A remark at a place in a file."""

    level: Level
    file: str
    span: Span
    title: str
    message: str

    def command(self) -> str:
        """The workflow command."""
        span = self.span
        at = {"file": in_repository(self.file), "line": span.line, "endLine": span.end_line}
        if span.line == span.end_line:  # GitHub takes columns within one line only
            at |= {"col": span.column, "endColumn": span.end_column}
        properties = ",".join(f"{key}={_property(str(value))}" for key, value in {**at, "title": self.title}.items())
        return f"::{self.level} {properties}::{_data(shortened(self.message, MESSAGE))}"


class GitHub:
    """Text of a scenario never acts as a workflow command: commands are off until the report ends."""

    def __init__(self, write: Write, style: Style, environment: Mapping[str, str] = os.environ) -> None:
        self._write = write
        self._text = Full(write, style)
        self._summary = environment.get("GITHUB_STEP_SUMMARY")
        self._token = secrets.token_hex(16)
        self._stopped = False

    def begin(self, file: str, scenario: str, case: str) -> None:
        self._stop()
        self._text.begin(file, scenario, case)

    def printed(self, line: str) -> None:
        self._text.printed(line)

    def end(self, result: Result) -> None:
        self._stop()
        self._text.end(result)

    def finish(self, report: Report) -> None:
        self._text.finish(report)
        if self._stopped:
            self._write(f"::{self._token}::")
        found = [annotation for result in report.results for annotation in remarks(result)]
        for annotation in sorted(found, key=lambda annotation: LEVELS.index(annotation.level)):
            self._write(annotation.command())
        if self._summary:
            self._summarise(report, Path(self._summary))

    def _summarise(self, report: Report, summary: Path) -> None:
        """In a container the variable may be there without the file: that says nothing of the scenarios."""
        try:
            with os.fdopen(to_write(summary, more=True), "w", encoding="utf-8") as file:
                file.write("\n".join(markdown(report)) + "\n")
        except OSError as error:
            self._write(f"::warning::{_data(f'the summary of the step can not be written: {error.strerror}')}")

    def _stop(self) -> None:
        if not self._stopped:
            self._stopped = True
            self._write(f"::stop-commands::{self._token}")


def remarks(result: Result) -> Iterator[Annotation]:
    """Errors for what fails or is invalid, warnings for what is undecided."""
    name = f"{result.scenario or result.file}{f' [{result.case}]' if result.case else ''}"
    for diagnostic in result.diagnostics:
        hint = f"\nhelp: {diagnostic.hint}" if diagnostic.hint else ""
        yield Annotation(diagnostic.severity, result.file, diagnostic.span, diagnostic.code, diagnostic.message + hint)
    if result.fault is not None:
        yield Annotation("error", result.file, START, "internal error of scenario", result.fault)
    elif result.verdict.word == "undecided":
        yield Annotation("warning", result.file, START, f"{name}: undecided", "; ".join(result.verdict.reasons))
    for evidence in result.verdict.evidence:
        if not evidence.expected:
            failure = evidence.failure
            again = f"\nreproduce: {result.reproduce}" if result.reproduce else ""
            yield Annotation("error", result.file, failure.span, f"{name}: {failure.kind}", message(failure) + again)


def markdown(report: Report) -> Iterator[str]:
    """What did not hold, as a table; the sum of all above it."""
    yield f"### scenario {report.command}\n"
    yield f"{summary(report, Style())}\n"
    worth = [result for result in report.results if result.verdict.word not in ("holds", "skipped")]
    if not worth:
        return
    yield "| verdict | scenario | file | what |"
    yield "|---|---|---|---|"
    for result in worth[:ROWS]:
        word = "internal error" if result.fault is not None else result.verdict.word
        name = f"{result.scenario or ''} {result.case}".strip()
        yield f"| {word} | {_cell(name)} | {_cell(result.file)} | {_cell(_what(result))} |"
    if len(worth) > ROWS:
        yield f"\n… and {len(worth) - ROWS} more"
    yield from _diagrams(worth)


def _diagrams(results: Sequence[Result]) -> Iterator[str]:
    """How the first of those fail, as pictures that GitHub draws."""
    shown = (
        (result, evidence)
        for result in results
        for evidence in result.verdict.evidence
        if evidence.schedule is not None and not evidence.expected
    )
    for result, evidence in islice(shown, DIAGRAMS):
        yield f"\n<details><summary>{_plain(f'{result.file}: {message(evidence.failure)}')}</summary>\n\n```mermaid"
        assert evidence.schedule is not None
        yield from sequence_diagram(evidence.schedule, evidence.blocked)
        yield "```\n\n</details>"


def _what(result: Result) -> str:
    """The first of what is worst, and how many more there are as bad."""
    found = [annotation for annotation in remarks(result) if annotation.level != "notice"]
    if not found:
        return ""
    worst = min(found, key=lambda annotation: LEVELS.index(annotation.level))
    others = sum(annotation.level == worst.level for annotation in found) - 1
    more = f" (and {others} more)" if others else ""
    return f"{worst.title.rpartition(': ')[2]}: {worst.message.splitlines()[0] if worst.message else ''}{more}"


def _cell(text: str) -> str:
    """Text that neither ends its cell nor becomes HTML or Markdown, nor fills the page."""
    text = shortened(" ".join(text.split()), CELL).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\|`*_[]~#" else c for c in text)


def _plain(text: str) -> str:
    """The same within HTML, where Markdown says nothing."""
    return escape(shortened(" ".join(text.split()), CELL))


def shortened(text: str, length: int) -> str:
    """The text, cut where it is longer."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
