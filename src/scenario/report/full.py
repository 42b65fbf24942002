"""`--output-format full`: what a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scenario.report.code import covered, races
from scenario.report.code import lanes as of_code
from scenario.report.diagnostics import diagnostic_text, headed
from scenario.report.lanes import is_folded, lanes
from scenario.report.reporter import Write
from scenario.report.sample import sample_lines
from scenario.report.style import Style
from scenario.report.summary import seconds, summary
from scenario.report.table import outcome_table
from scenario.report.timeline import timeline
from scenario.report.undecided import how_far
from scenario.report.vacuous import without_effect
from scenario.report.values import short, text_value
from scenario.report.waits import waits
from scenario.report.words.failures import message
from scenario.report.words.for_all import claimed
from scenario.report.words.notes import untold
from scenario.report.words.notes import words as words_of_note
from scenario.report.words.ways import words as words_of_way
from scenario.results.code import CodeFailure
from scenario.results.exploration import Exploration
from scenario.results.for_all import ForAll, Outside, Proved
from scenario.results.result import Evidence, Report, Result, Search
from scenario.results.schedule import Schedule
from scenario.results.waiting import Blocked

WORDS = {"holds": "PASS", "fails": "FAIL", "undecided": "UNDECIDED", "invalid": "INVALID", "skipped": "SKIP"}
MANY = 8
"""Threads whose locals are shown."""

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
    for evidence in result.verdict.evidence:
        yield from _evidence(evidence, result, style)
    yield from _seen(result)
    if table := outcome_table(result.rows, style):
        yield style.bold("outcomes:")
        yield from (f"  {line}" for line in table)
    if result.search is not None:
        for line in _search(result.search, result):
            yield from style.filled(line)
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
        name = f"{name} {claimed(result.search.for_all)}"
    took = f" in {seconds(result.elapsed)}" if result.elapsed is not None else ""
    return f"{style.verdict(word, text)} {name}{_runs(result)}{took}"


def _runs(result: Result) -> str:
    """`: 3 of 1,000 runs failed`."""
    if not result.runs:
        return ""
    return f": {result.failed:,} of {result.runs:,} runs failed" if result.failed else f": {result.runs:,} runs"


def _evidence(evidence: Evidence, result: Result, style: Style) -> Iterator[str]:
    failure = evidence.failure
    said = message(failure) + (" (expected)" if evidence.expected else "")
    yield from headed(f"{failure.kind}:", said, result.file, result.source, failure.span, style)
    if evidence.traceback:
        yield from evidence.traceback.rstrip().splitlines()
    from scenario.judge.patterns import pattern  # noqa: PLC0415 (what holds has none)
    from scenario.report.words.patterns import sentence  # noqa: PLC0415 (as the patterns)

    known = (evidence.code.pattern if evidence.code is not None else None) or pattern(evidence)
    if known is not None:
        yield from style.led(known.name, f": {sentence(known)}", style.bold)
    yield from waits(evidence.blocked, result.file, style, evidence.going)
    if evidence.code is not None:
        yield from _own_code(evidence.code, style)
    elif evidence.schedule is not None:
        count = len(evidence.schedule.moves)
        preempted = sum(move.preempts for move in evidence.schedule.moves)
        steps = f"{count} step{'s' if count != 1 else ''}"
        hint = style.unfolds if not style.full and is_folded(evidence.schedule) else ""
        yield style.bold(f"how: {steps}, {preempted} preemption{'s' if preempted != 1 else ''}{hint}")
        if evidence.schedule.untold:
            yield from style.filled(f"  {untold(evidence.schedule)}")
        yield from (f"  {line}" for line in _drawn(evidence.schedule, evidence.blocked, style))
    yield from _left(evidence, style)
    if evidence.replay and not (result.verdict.word == "fails" and evidence.replay == result.reproduce):
        yield f"  {style.hint('replay')}: {evidence.replay}"
    yield ""


def _own_code(code: CodeFailure, style: Style) -> Iterator[str]:
    """By which lines of the file and of the user's own code it came about."""
    steps = f"{len(code.rows)} step{'s' if len(code.rows) != 1 else ''} that matter"
    preempted = f"{code.preemptions} preemption{'s' if code.preemptions != 1 else ''}"
    yield style.bold(f"how: {steps}, {preempted}, seen on real threads")
    yield from of_code(code.rows, style)


def _drawn(schedule: Schedule, blocked: Sequence[Blocked], style: Style) -> list[str]:
    """With what each thread holds where that was asked for and has room."""
    asked = timeline(schedule, blocked, style) if style.timeline else None
    return lanes(schedule, style) if asked is None else asked


def _left(evidence: Evidence, style: Style) -> Iterator[str]:
    """The values that were left: the shared ones, and each thread's own."""
    if evidence.shared:
        yield from _values("then ", evidence.shared, style)
    named = evidence.schedule.locals if evidence.schedule is not None else {}
    for thread in list(named)[: None if style.full else MANY]:
        yield from _values(f"locals of {thread}: ", named[thread], style)
    if len(named) > MANY and not style.full:
        yield f"  locals of {len(named) - MANY} more threads{style.unfolds}"


def _values(what: str, values: Mapping[str, object], style: Style) -> Iterator[str]:
    said = text_value if style.full else short
    yield from style.filled(f"  {what}{', '.join(f'{name} = {said(value)}' for name, value in values.items())}")


def _seen(result: Result) -> Iterator[str]:
    for seen in result.verdict.seen:
        yield f"  {seen.kind} `{seen.text}`: {'seen' if seen.seen else 'not seen'}"


def _search(search: Search, result: Result) -> Iterator[str]:
    """How the verdict was reached, and for what it stands."""
    exploration = search.exploration
    if search.for_all is not None and isinstance(search.for_all.answer, Proved | Outside):
        yield from _all_values(search.for_all, result)
        return
    if exploration.sample is not None:
        yield from (f"  {line}" for line in sample_lines(exploration, exploration.sample))
    else:
        yield from _whole(search, result)
    if result.params:
        yield f"  for {', '.join(f'{name} = {text_value(value)}' for name, value in result.params.items())}"
    changed = [f"{name} {value}" for name, value in search.settings.changed().items()]
    if changed:
        yield f"  with {', '.join(changed)}"
    yield from _odds(exploration)
    yield from (f"  {words_of_note(note)}" for note in exploration.notes)


def _all_values(known: ForAll, result: Result) -> Iterator[str]:
    """By what it was proved, and for which of the other params."""
    if isinstance(known.answer, Proved):
        yield f"  proved by {', '.join(map(words_of_way, known.answer.ways))}"
    if result.params:
        yield f"  for {', '.join(f'{name} = {text_value(value)}' for name, value in result.params.items())}"


def _whole(search: Search, result: Result) -> Iterator[str]:
    """What was searched, and how far."""
    exploration = search.exploration
    if exploration.code is not None:
        yield f"  {_covered(exploration, result)}: {covered(exploration.code)} in {seconds(exploration.seconds)}"
        yield from () if exploration.races is None else races(exploration.races, Style())
        return
    sizes = (_many(exploration.states, "state"), _many(exploration.steps, "step"))
    counts = f"{', '.join(sizes)} in {seconds(exploration.seconds)}"
    yield f"  {_covered(exploration, result)}: {counts}"
    yield from (f"  {line}" for line in (*how_far(search, result), *without_effect(search, result)))
    if exploration.reductions:
        yield f"  reduced by {', '.join(map(words_of_way, exploration.reductions))}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _covered(exploration: Exploration, result: Result) -> str:
    if exploration.exhausted:
        return "all interleavings covered"
    stopped = result.verdict.word == "fails" and not exploration.undecided
    return "stopped at the first failure (--keep-going finds all)" if stopped else "not all interleavings covered"


def _odds(exploration: Exploration) -> Iterator[str]:
    bad = exploration.bad
    if exploration.interleavings is not None:
        yield f"  {exploration.interleavings:,} interleavings"
    if bad is None:
        return
    count = "" if bad.interleavings is None else f"{bad.interleavings:,} bad"
    chance = "" if bad.probability is None else f"probability {bad.probability} (≈ {float(bad.probability):.6f})"
    fewest = "" if bad.preemptions is None else f"fewest preemptions {bad.preemptions}"
    yield f"  {', '.join(filter(None, (count, chance, fewest)))}"


def _fault(result: Result, style: Style) -> Iterator[str]:
    yield f"{style.bad('internal error')} {result.file}: {result.fault}"
    yield "  This is a fault of scenario, not of your file. Please report it, with the file and the line above."
    yield ""
