"""`--output-format sarif`: SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from scenario import __version__
from scenario.record import record
from scenario.report.machines.json_results import json_text
from scenario.report.pages import catalogue, markdown
from scenario.report.reporter import Silent, Write
from scenario.report.repository import in_repository
from scenario.report.style import Style
from scenario.report.words.failures import message
from scenario.report.words.moves import in_words
from scenario.results.result import Report, Result
from scenario.results.schedule import Schedule
from scenario.source import START, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LONGEST = 500
"""Steps of a schedule that are listed."""

MEANINGS: Mapping[str, str] = {
    "final": "An expectation of the final state is false.",
    "sometimes": "A state that must be possible at the end was never seen.",
    "always": "An invariant is false in some state.",
    "reachable": "A state that must be reachable was never seen.",
    "output": "The output is not the expected one.",
    "order": "Marks did not come in the expected order.",
    "error": "A thread ended with an unexpected exception, or without the expected one.",
    "assert": "An assert of a thread is false.",
    "raises": "A step did not raise what it must.",
    "deadlock": "Threads can never move again.",
    "livelock": "Threads go on for ever without getting anywhere.",
    "elapsed": "The run took less or more time than expected.",
    "outcome": "An outcome is forbidden, or none of those listed.",
    "timeout": "A run took longer than its timeout.",
    "fails": "A failure that the scenario is there to show was not found.",
    "undecided": "Not all interleavings could be covered.",
}
"""What each kind of failure means, in a line."""


@record
class Remark:
    """One result of SARIF: something that is wrong at a place. `rule` is a diagnostic's code or a failure's kind."""

    rule: str
    level: str
    message: str
    span: Span
    result: Result
    schedule: Schedule | None = None


class Sarif(Silent):
    """Nothing until all results are there."""

    def __init__(self, write: Write, _style: Style) -> None:
        self._write = write

    def finish(self, report: Report) -> None:
        self._write(json_text(sarif(report), 2))


def sarif(report: Report) -> dict[str, object]:
    """The whole log: one run of the tool."""
    found = [remark for result in report.results for remark in remarks(result)]
    rules = sorted({remark.rule for remark in found})
    driver = {"name": "scenario", "semanticVersion": __version__, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [*_results(found, rules)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def remarks(result: Result) -> Iterator[Remark]:
    """What is wrong with one file or case; what `expect` allows is not."""
    for diagnostic in result.diagnostics:
        hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
        yield Remark(diagnostic.code, diagnostic.severity, diagnostic.message + hint, diagnostic.span, result)
    if result.verdict.word == "undecided" and result.fault is None:
        reasons = "; ".join(result.verdict.reasons) or "undecided"
        yield Remark("undecided", "warning", f"{_name(result)}: {reasons}", START, result)
    for evidence in result.verdict.evidence:
        if not evidence.expected:
            failure = evidence.failure
            said = f"{_name(result)}: {message(failure)}"
            yield Remark(failure.kind, "error", said, failure.span, result, evidence.schedule)


def _name(result: Result) -> str:
    return f"{result.scenario or result.file}{f' [{result.case}]' if result.case else ''}"


def _rule(code: str) -> dict[str, object]:
    known = catalogue().get(code)
    if known is None:
        return {"id": code, "shortDescription": {"text": MEANINGS.get(code, code)}}
    text = "\n".join(markdown(known))
    shape: dict[str, object] = {"id": code, "name": known.name, "shortDescription": {"text": known.summary}}
    why = {"fullDescription": {"text": known.why}} if known.why else {}
    return {**shape, **why, "help": {"text": text, "markdown": text}}


def _invocation(report: Report) -> dict[str, object]:
    faults = [result for result in report.results if result.fault is not None]
    notes = [{"level": "error", "message": {"text": f"{result.file}: {result.fault}"}} for result in faults]
    fine = not faults and not report.interrupted
    return {"executionSuccessful": fine, **({"toolExecutionNotifications": notes} if notes else {})}


def _results(found: Sequence[Remark], rules: Sequence[str]) -> Iterator[dict[str, object]]:
    """With a fingerprint that survives moved lines; of several alike, each has its number."""
    seen: Counter[str] = Counter()
    for remark in found:
        likeness = _likeness(remark)
        seen[likeness] += 1
        shape: dict[str, object] = {
            "ruleId": remark.rule,
            "ruleIndex": rules.index(remark.rule),
            "level": remark.level,
            "message": {"text": remark.message},
            "locations": [_location(remark.result.file, remark.span)],
            "partialFingerprints": {"scenario/v1": f"{likeness}:{seen[likeness]}"},
        }
        if remark.schedule is not None and remark.schedule.moves:
            shape["codeFlows"] = [{"threadFlows": [_flow(remark.result.file, remark.schedule)]}]
        yield shape


def _likeness(remark: Remark) -> str:
    source = remark.result.source
    line = source.line(remark.span.line).strip() if source else ""
    parts = (remark.rule, in_repository(remark.result.file), remark.result.scenario or "", remark.result.case, line)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _location(file: str, span: Span, text: str | None = None) -> dict[str, object]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    place = {"artifactLocation": {"uri": _uri(file)}, "region": region}
    return {"physicalLocation": place, **({"message": {"text": text}} if text is not None else {})}


def _uri(file: str) -> str:
    """Relative to the repository; an absolute path of no repository is a `file` URI."""
    path = quote(in_repository(file), errors="replace")
    return f"file://{path}" if path.startswith("/") else path


def _flow(file: str, schedule: Schedule) -> dict[str, object]:
    """The interleaving, step by step, as a reader shows it beside the code."""
    steps = [
        {"executionOrder": number, "location": _location(file, move.span, f"{move.thread}: {in_words(move)}")}
        for number, move in enumerate(schedule.moves[:LONGEST], 1)
    ]
    return {"locations": steps}
