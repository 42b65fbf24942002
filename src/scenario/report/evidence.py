"""All that is known of one failure, for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scenario.judge.patterns import pattern
from scenario.report.code import lanes as of_code
from scenario.report.diagnostics import headed
from scenario.report.lanes import is_folded, lanes
from scenario.report.pictures.timeline import timeline
from scenario.report.style import Style
from scenario.report.values import numbered, short, text_value
from scenario.report.waits import waits
from scenario.report.words.failures import message
from scenario.report.words.notes import untold
from scenario.report.words.patterns import sentence
from scenario.results.code import CodeFailure
from scenario.results.result import Evidence, Result
from scenario.results.schedule import Schedule
from scenario.results.waiting import Blocked

MANY = 8
"""Threads whose locals are shown."""


def evidence_text(evidence: Evidence, result: Result, style: Style) -> Iterator[str]:
    """What failed, the pattern behind it, how it came about and what it left."""
    failure = evidence.failure
    said = message(failure) + (" (expected)" if evidence.expected else "")
    yield from headed(f"{failure.kind}:", said, result.file, result.source, failure.span, style)
    if evidence.traceback:
        yield from evidence.traceback.rstrip().splitlines()
    known = (evidence.code.pattern if evidence.code is not None else None) or pattern(evidence)
    if known is not None:
        yield from style.led(known.name, f": {sentence(known)}", style.bold)
    yield from waits(evidence.blocked, result.file, style, evidence.going, at_times=failure.kind == "livelock")
    if evidence.code is not None:
        yield from _own_code(evidence.code, style)
    elif evidence.schedule is not None:
        count = len(evidence.schedule.moves)
        preempted = sum(move.preempts for move in evidence.schedule.moves)
        steps = numbered(count, "step")
        hint = style.unfolds if not style.full and is_folded(evidence.schedule) else ""
        yield style.bold(f"how: {steps}, {numbered(preempted, 'preemption')}{hint}")
        if evidence.schedule.untold:
            yield from style.filled(f"  {untold(evidence.schedule)}")
        yield from (f"  {line}" for line in _drawn(evidence.schedule, evidence.blocked, style))
    yield from _left(evidence, style)
    if evidence.replay and not (result.verdict.word == "fails" and evidence.replay == result.reproduce):
        yield f"  {style.hint('replay')}: {evidence.replay}"
    yield ""


def _own_code(code: CodeFailure, style: Style) -> Iterator[str]:
    """By which lines of the file and of the user's own code it came about."""
    steps = f"{numbered(len(code.rows), 'step')} that matter{'s' if len(code.rows) == 1 else ''}"
    preempted = numbered(code.preemptions, "preemption")
    yield style.bold(f"how: {steps}, {preempted}, seen on real threads")
    yield from of_code(code.rows, style)


def _drawn(schedule: Schedule, blocked: Sequence[Blocked], style: Style) -> list[str]:
    """With what each thread holds where that was asked for."""
    return timeline(schedule, blocked, style) if style.timeline else lanes(schedule, style)


def _left(evidence: Evidence, style: Style) -> Iterator[str]:
    """The values that were left: the shared ones, and each thread's own."""
    if evidence.shared:
        yield from _values("then ", evidence.shared, style)
    named = evidence.schedule.locals if evidence.schedule is not None else {}
    for thread in list(named)[: None if style.full else MANY]:
        yield from _values(f"locals of {thread}: ", named[thread], style)
    if len(named) > MANY and not style.full:
        yield f"  locals of {numbered(len(named) - MANY, 'more thread')}{style.unfolds}"


def _values(what: str, values: Mapping[str, object], style: Style) -> Iterator[str]:
    said = text_value if style.full else short
    yield from style.filled(f"  {what}{', '.join(f'{name} = {said(value)}' for name, value in values.items())}")
