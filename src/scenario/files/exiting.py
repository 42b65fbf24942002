"""The exit code of a report."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.results.result import Report

FAULT, INTERRUPTED, INVALID, FAILS, UNDECIDED, NOTHING, FINE = 70, 130, 2, 1, 3, 5, 0
FIRST = (INTERRUPTED, FAULT, INVALID, FAILS, UNDECIDED, NOTHING, FINE)
"""Of several, the first of these."""
_CODES = {"invalid": INVALID, "fails": FAILS, "undecided": UNDECIDED, "holds": FINE, "skipped": FINE}


def exit_code(report: Report) -> int:
    """LANGUAGE.md section 9."""
    return min(_codes(report), key=FIRST.index)


def _codes(report: Report) -> Iterator[int]:
    if report.interrupted:
        yield INTERRUPTED
    if not report.results:
        yield NOTHING
    for result in report.results:
        yield FAULT if result.fault is not None else _CODES[result.verdict.word]
