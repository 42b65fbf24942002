"""What an HTML page shows of results: how each failure comes about, or an execution of what holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from scenario.commands.exploring import unsuited
from scenario.engines.explore import Unexplored, execution, film
from scenario.files.loaded import Loaded, label
from scenario.judge.environment import OutcomeView
from scenario.judge.expressions import truth
from scenario.judge.patterns import pattern
from scenario.program.claims import Claim
from scenario.program.program import Program
from scenario.report.page.content import Shown
from scenario.report.words.failures import message
from scenario.report.words.patterns import sentence
from scenario.results.frames import Film
from scenario.results.result import Evidence, Result
from scenario.results.schedule import Schedule

SECONDS = 10.0
"""For each schedule."""
MOST = 5_000
"""Steps of a schedule that is shown."""


def filmed(results: Iterable[Result], files: Sequence[Loaded], asked: Mapping[str, str | bool]) -> Iterator[Shown]:
    """Each failure's schedule, and of what has none an execution. What can not be explored, or is very long, is left out."""
    for result in results:
        program = _program(result, files, asked)
        if program is None:
            continue
        failing = [one for one in result.verdict.evidence if one.schedule is not None]
        try:
            if failing:
                yield from (_shown(result, program, one.schedule, one) for one in failing if one.schedule is not None)
            elif result.verdict.word in ("holds", "undecided"):
                yield _shown(result, program, execution(program, 0, SECONDS).schedule, None)
        except (Unexplored, LookupError):
            continue


def _program(result: Result, files: Sequence[Loaded], asked: Mapping[str, str | bool]) -> Program | None:
    """The one that the result is of, under the settings that it was explored or replayed with (`asked`: those of the command)."""
    for loaded in files:
        for program in loaded.programs if loaded.file == result.file else ():
            if label(loaded.programs, program) == result.case and unsuited(program) is None:
                return replace(
                    program, explore=result.search.settings if result.search else program.settings.with_those(asked)
                )
    return None


def _shown(result: Result, program: Program, schedule: Schedule, evidence: Evidence | None) -> Shown:
    """Raises Unexplored, and LookupError where it can not be followed or is too long."""
    if len(schedule.moves) > MOST or schedule.rest:
        raise LookupError("it is too long to be looked at step by step")
    claims = (*program.claims.always, *program.claims.final)
    made = film(program, schedule, SECONDS)
    return Shown(
        file=result.file,
        name=f"{result.scenario or ''} {result.case}".strip(),
        verdict=result.verdict.word,
        title="one of its executions" if evidence is None else f"{evidence.failure.kind}: {message(evidence.failure)}",
        why=_why(evidence),
        replay=(evidence.replay if evidence is not None else None) or "",
        film=made,
        source=tuple(result.source.text.splitlines()) if result.source is not None else (),
        claims=tuple(claim.text for claim in claims),
        truths=_truths(made, claims),
    )


def _why(evidence: Evidence | None) -> str:
    known = pattern(evidence) if evidence is not None else None
    return f"{known.name}: {sentence(known)}" if known is not None else ""


def _truths(made: Film, claims: Sequence[Claim]) -> tuple[tuple[bool, ...], ...]:
    views = (OutcomeView(frame.outcome) for frame in made.frames)
    return tuple(tuple(truth(claim, view).holds for claim in claims) for view in views)
