"""What an HTML page shows of results: how each failure comes about, what passes, executions of what holds, the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scenario.commands.exploring import unsuited
from scenario.engines.explore import Unexplored, execution, film, game, nearest_passing
from scenario.files.loaded import Loaded, label
from scenario.judge import judge
from scenario.judge.environment import OutcomeView
from scenario.judge.expressions import truth
from scenario.judge.patterns.conflict import conflict
from scenario.language.runtimes import RUNTIMES
from scenario.program.claims import Claim
from scenario.program.program import Program
from scenario.report.page.content import Claims, Reel, Sheet
from scenario.report.words.failures import headline
from scenario.report.words.patterns import why
from scenario.results.frames import Frame
from scenario.results.result import Evidence, Result
from scenario.results.schedule import Schedule

SECONDS = 10.0
"""For each graph, and for what passes."""
LONG = 30.0
"""For the pictures of one schedule."""
MOST = 5_000
"""Steps of a schedule that is shown."""
STATES = 20_000
"""States of all graphs of a page."""
LEAST = 300
"""States of each of them."""
SAMPLES, SEEDS = 4, 12
"""Executions of what holds, of so many that are tried: those that end differently."""


def filmed(results: Sequence[Result], files: Sequence[Loaded], asked: Mapping[str, str | bool]) -> Iterator[Sheet]:
    """A sheet a result."""
    states = max(STATES // max(len(results), 1), LEAST)
    for result in results:
        program = _program(result, files, asked)
        sheet = Sheet(
            file=result.file,
            name=f"{result.scenario or ''} {result.case}".strip(),
            verdict=result.verdict.word,
            source=tuple(result.source.text.splitlines()) if result.source is not None else (),
            said=tuple(_said(result)),
            waiting=next((one.blocked for one in result.verdict.evidence if one.schedule is None), ()),
            rows=result.rows,
        )
        yield sheet if program is None else _played(sheet, result, program, states)


def _program(result: Result, files: Sequence[Loaded], asked: Mapping[str, str | bool]) -> Program | None:
    """The one that the result is of, under the settings that it was explored or replayed with (`asked`: those of the command)."""
    for loaded in files:
        for program in loaded.programs if loaded.file == result.file else ():
            if (
                label(loaded.programs, program) == result.case
                and program.runtime == RUNTIMES[0]
                and unsuited(program) is None
            ):
                return replace(
                    program, explore=result.search.settings if result.search else program.settings.with_those(asked)
                )
    return None


def _said(result: Result) -> Iterator[str]:
    """What failed without a schedule, what is wrong with the file, and why nothing was decided."""
    yield from (headline(one.failure) for one in result.verdict.evidence if one.schedule is None)
    yield from (f"{one.code}: {one.message}" for one in result.diagnostics if one.severity == "error")
    yield from result.verdict.reasons


def _played(sheet: Sheet, result: Result, program: Program, states: int) -> Sheet:
    reels = tuple(_reels(result, program))
    schedules = sum(one.schedule is not None for one in result.verdict.evidence)
    unshown = schedules - sum(reel.kind in ("fails", "expected") for reel in reels)
    said = (f"{unshown} of {schedules} schedules are too long to be stepped through here",) if unshown else ()
    return replace(
        sheet,
        said=(*sheet.said, *said),
        claims=_claims(program),
        reels=reels,
        game=game(program, judge=judge, max_states=states, max_seconds=SECONDS),
    )


def _claims(program: Program) -> Claims:
    claims = program.claims
    at_end = (*claims.final, *claims.sometimes)

    def truths(frame: Frame) -> Sequence[bool]:
        view = OutcomeView(frame.outcome)
        return [truth(claim, view).holds for claim in at_end]

    return Claims(
        _texts(claims.always), _texts(claims.reachable), _texts(claims.final), _texts(claims.sometimes), truths
    )


def _texts(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(claim.text for claim in claims)


# --- schedules -------------------------------------------------------------------------------------------


def _reels(result: Result, program: Program) -> Iterator[Reel]:
    """Each failure, and after it what passes; where there is none, some executions."""
    number = 0
    for evidence in result.verdict.evidence:
        for reel in _failing(program, evidence, number) if evidence.schedule is not None else ():
            number += 1
            yield reel
    if not number:
        yield from _samples(program)


def _failing(program: Program, evidence: Evidence, number: int) -> Iterator[Reel]:
    """`number` is that of the first of these."""
    schedule = evidence.schedule
    if schedule is None or len(schedule.moves) > MOST or schedule.rest:
        return
    try:
        made = film(program, schedule, LONG)
    except (Unexplored, LookupError):
        return
    yield Reel(
        "expected" if evidence.expected else "fails",
        headline(evidence.failure),
        made,
        why(evidence),
        evidence.replay or "",
        conflict(evidence),
    )
    yield from _passing(program, schedule, number)


def _passing(program: Program, failing: Schedule, number: int) -> Iterator[Reel]:
    found = nearest_passing(program, failing, judge=judge, max_seconds=SECONDS)
    if found is None or len(found.schedule.moves) > MOST:
        return
    try:
        made = film(program, found.schedule, LONG)
    except (Unexplored, LookupError):
        return
    yield Reel("passes", "the nearest execution that passes", made, of=number, same=found.same)


def _samples(program: Program) -> Iterator[Reel]:
    """Executions that end with different values, in different ways."""
    seen: set[str] = set()
    for seed in range(SEEDS):
        try:
            made = film(program, execution(program, seed, SECONDS).schedule, SECONDS)
        except (Unexplored, LookupError, StopIteration):
            return
        last = made.frames[-1].outcome
        ended = repr((last.shared, last.output, last.registers, sorted(last.errors)))
        if ended not in seen:
            seen.add(ended)
            yield Reel(
                "sample",
                "one of its executions" if len(seen) == 1 else f"another of its executions ({len(seen)})",
                made,
            )
        if len(seen) == SAMPLES:
            return
