"""What an HTML page shows of results: how each failure comes about, what passes, executions of what holds, the graph."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scenario.commands.pictures.following import any_execution, film, found, game, has_states, nearest_passing
from scenario.commands.pictures.own_code import filmed_apart, reels, told
from scenario.commands.pipeline import is_interrupted, unsuited_python
from scenario.diagnostics import InvalidScenario
from scenario.engines.explore import Unexplored
from scenario.files.loaded import Loaded
from scenario.judge import exploration_verdict
from scenario.judge.patterns.conflict import conflict
from scenario.judge.truths import expectations, truths
from scenario.program.program import Program
from scenario.report.page.content import Claims, Reel, Sheet
from scenario.report.values import are
from scenario.report.words.claims import expected
from scenario.report.words.failures import headline
from scenario.report.words.patterns import why
from scenario.results.frames import Film, Game
from scenario.results.recorded import MOST
from scenario.results.result import Evidence, Report, Result
from scenario.results.schedule import Schedule

SECONDS = 10.0
"""For each graph, and for what passes."""
LONG = 30.0
"""For the pictures of one schedule."""
STATES = 20_000
"""States of all graphs of a page."""
LEAST = 300
"""States of each of them."""
SAMPLES, SEEDS = 4, 12
"""Executions of what holds, of so many that are tried: those that end differently."""
TRYING = 3.0
"""Seconds after which no other is tried."""
RECORDED = (
    "Each row is a step as its thread began it, in the order in which they were begun; values, locks and waits are as they were "
    "just then. Noting them slows the threads down. The other executions here are explored, not run."
)
CUT = " The run went on after these steps; they are as many as a page shows."


def filmed(
    report: Report, files: Sequence[Loaded], asked: Mapping[str, str | bool], allowed: frozenset[str]
) -> Iterator[Sheet]:
    """A sheet a result; `allowed`: the modules that a file may call. Ctrl-C ends the looking for more of those before it, too."""
    states = max(STATES // max(len(report.results), 1), LEAST)
    for each in report.results:
        result = replace(each, interrupted=each.interrupted or report.interrupted)
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
        if program is None or result.verdict.word == "invalid":
            yield sheet
        elif program.python and result.film is None and result.verdict.word != "skipped":
            yield _with_own_code(sheet, result, program, allowed)
        else:
            yield _played(sheet, result, program, states)


def _program(result: Result, files: Sequence[Loaded], asked: Mapping[str, str | bool]) -> Program | None:
    """The one that the result is of, under the settings that it was explored or replayed with (`asked`: those of the command)."""
    for loaded in files:
        for program in loaded.programs if loaded.file == result.file else ():
            if (
                loaded.label(program) == result.case
                and result.runtime in (None, program.runtime)
                and unsuited_python(program) is None
            ):
                return replace(
                    program, explore=result.search.settings if result.search else program.settings.with_those(asked)
                )
    return None


def _is_explored(program: Program) -> bool:
    """Whether schedules of it can be followed here, and are not own code's."""
    return program.explore is not None and not program.python


def _said(result: Result) -> Iterator[str]:
    """What failed without a schedule, what is wrong with the file, and why nothing was decided."""
    yield from (headline(one.failure) for one in result.verdict.evidence if one.schedule is None)
    yield from (
        f"{one.code}: {one.message} (line {one.span.line})" for one in result.diagnostics if one.severity == "error"
    )
    yield from result.verdict.reasons


def _played(sheet: Sheet, result: Result, program: Program, states: int) -> Sheet:
    """Where Ctrl-C has ended it, nothing more is looked for than how it fails."""
    played = None if is_interrupted(result) else _game(program, states)
    reels = tuple(_reels(result, program, played))
    schedules = sum(one.schedule is not None for one in result.verdict.evidence)
    unshown = schedules - sum(reel.kind in ("fails", "expected") for reel in reels)
    said = (
        (f"{unshown} of {schedules} schedules {are(unshown)} too long to be stepped through here",)
        if unshown > 0
        else ()
    )
    return replace(
        sheet,
        said=(*sheet.said, *said),
        claims=_claims(program),
        reels=reels,
        game=played,
    )


def _with_own_code(sheet: Sheet, result: Result, program: Program, allowed: frozenset[str]) -> Sheet:
    """Executed once more in a process of its own."""
    evidence = result.verdict.evidence
    found = None if is_interrupted(result) else filmed_apart(program, evidence, allowed)
    if found is None:
        return replace(sheet, claims=_claims(program))
    return replace(sheet, claims=_claims(program), reels=tuple(reels(found.films, told(evidence))), code=found.texts)


def _game(program: Program, states: int) -> Game | None:
    return game(program, states, SECONDS) if _is_explored(program) else None


def _claims(program: Program) -> Claims:
    return Claims(tuple(map(expected, expectations(program.claims))), truths(program))


# --- schedules -------------------------------------------------------------------------------------------


def _reels(result: Result, program: Program, played: Game | None) -> Sequence[Reel]:
    """The run that was made; each failure, and after it what passes; where there is none, some executions."""
    is_cut = is_interrupted(result)
    run = [] if result.film is None else [_run(result, result.film)]
    reels = list(run)
    for evidence in result.verdict.evidence if result.film is None else _explored(result, program):
        for failing in _failing(program, evidence):
            reels.append(failing)
            if not is_cut:
                reels += _passing(program, failing.film.schedule, len(reels) - 1)
    if len(reels) == len(run) and _is_explored(program) and not is_cut:
        reels += _samples(program, is_only=played is not None and _is_one(played))
    return reels


def _is_one(played: Game) -> bool:
    """Whether there is but one execution, in which nobody has anything to choose."""
    return played.whole and len(played.starts) == 1 and all(len(spot.choices) <= 1 for spot in played.spots)


def _run(result: Result, film: Film) -> Reel:
    failures = [one for one in result.verdict.evidence if not one.expected] or [*result.verdict.evidence]
    what = headline(failures[0].failure) if failures else "as it went"
    return Reel("run", f"this run: {what}", film, RECORDED + ("" if film.frames[-1].outcome.end != "ended" else CUT))


def _explored(result: Result, program: Program) -> Sequence[Evidence]:
    """What exploring finds of a program whose run has failed."""
    if result.verdict.word != "fails" or not _is_explored(program):
        return ()
    try:
        return exploration_verdict(program, found(program, SECONDS)).evidence
    except InvalidScenario:  # somewhere past a bound, where this run was not
        return ()


def _failing(program: Program, evidence: Evidence) -> Iterator[Reel]:
    """Nothing where it has no schedule, or one that is too long."""
    schedule = evidence.schedule
    if schedule is None or len(schedule.moves) > MOST:
        return
    made = film(program, schedule, LONG)
    if made is None:
        return
    yield Reel(
        "expected" if evidence.expected else "fails",
        headline(evidence.failure),
        made,
        why(evidence),
        evidence.replay or "",
        conflict(evidence),
    )


def _passing(program: Program, failing: Schedule, number: int) -> Iterator[Reel]:
    near = nearest_passing(program, failing, SECONDS)
    if near is None or len(near.schedule.moves) > MOST:
        return
    made = film(program, near.schedule, LONG)
    if made is not None:
        yield Reel("passes", "the nearest execution that passes", made, of=number, same=near.same)


def _samples(program: Program, *, is_only: bool) -> Iterator[Reel]:
    """Executions that end with different values, in different ways."""
    first = "its only execution: nothing in it is left open" if is_only else "one of its executions"
    seen: set[str] = set()
    for made in _executions(program):
        last = made.frames[-1].outcome
        ended = repr((last.shared, last.output, last.registers, sorted(last.errors)))
        if ended not in seen:
            seen.add(ended)
            title = first if len(seen) == 1 else f"another of its executions ({len(seen)})"
            yield Reel("sample", f"the beginning of {title}" if _goes_on(made) else title, made)
        if len(seen) == SAMPLES:
            return


def _goes_on(made: Film) -> bool:
    """Whether it has more steps than are shown."""
    return any(stands.state == "can move" for stands in made.frames[-1].stands)


def _executions(program: Program) -> Iterator[Film]:
    """On a loop one; else some by chance."""
    enough = time.monotonic() + TRYING
    for seed in range(SEEDS if has_states(program) else 1):
        if seed and time.monotonic() > enough:
            return
        try:
            made = film(program, any_execution(program, seed, SECONDS), SECONDS)
        except (Unexplored, LookupError, StopIteration, InvalidScenario):
            return
        if made is None:
            return
        yield made
