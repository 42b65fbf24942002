"""The last line of a report: how many of each verdict, and how long it took."""

from __future__ import annotations

from collections import Counter

from scenario.report.style import Style
from scenario.report.values import numbered
from scenario.results.result import Command, Report, VerdictWord

WORDS: dict[str, dict[VerdictWord, str]] = {
    "run": {"holds": "passed", "fails": "failed"},
    "validate": {"holds": "valid"},
    "explore": {},
    "replay": {"holds": "as expected", "fails": "failed again", "undecided": "without a failure"},
}
ORDER: tuple[VerdictWord, ...] = ("fails", "invalid", "undecided", "holds", "skipped")

DONE: dict[Command, str] = {"run": "run", "validate": "checked", "explore": "explored", "replay": "replayed"}
NAMED = 10
"""Files that are named one by one."""


def summary(report: Report, style: Style) -> str:
    """`1 failed, 5 passed, 1 skipped in 3.2 s`; nothing of a report that is empty."""
    if not report.results and not report.interrupted:
        return ""
    faults = sum(result.fault is not None for result in report.results)
    counts = Counter(result.verdict.word for result in report.results if result.fault is None)
    parts = [
        style.verdict(word, f"{counts[word]} {_said(report.command, word, counts[word])}")
        for word in ORDER
        if counts[word]
    ]
    if faults:
        parts.insert(0, style.bad(numbered(faults, "internal error")))
    text = ", ".join(parts) or "nothing"
    took = f"{text} in {seconds(report.seconds)}"
    end = f"{'interrupted; so far: ' if report.interrupted else ''}{took}{_not_done(report)}"
    return f"{end}\n{passed_over(report.others)}" if report.others else end


def passed_over(others: int) -> str:
    """How many files of directories were not looked at, and why."""
    files = "1 other YAML file has" if others == 1 else f"{others} other YAML files have"
    return f"{files} no top-level `scenario:` key and {'was' if others == 1 else 'were'} passed over"


def _not_done(report: Report) -> str:
    """A line that names the files of which nothing is known, as many as one reads."""
    files = report.unrun
    if not files:
        return ""
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    return f"\nnot {DONE[report.command]}: {', '.join(files[:NAMED])}{more}"


def _said(command: str, word: VerdictWord, count: int) -> str:
    """`1 holds`, `2 hold`; `1 passed`, `2 passed`."""
    plain = WORDS[command].get(word)
    return plain or (word.removesuffix("s") if count > 1 and word in ("holds", "fails") else word)


def seconds(value: float) -> str:
    """`0.31 s`, `74 s`."""
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
