"""What a page shows of the user's own code: its failing schedules taken once more and filmed, in a process that has the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from scenario.commands.apart.asked import Films, film_apart
from scenario.engines.code import Request, SetupFailed
from scenario.engines.code.film import film_own_code
from scenario.program.program import Program
from scenario.record import record
from scenario.report.code import covered, what
from scenario.report.page.content import Reel, Sheet
from scenario.report.page.page import page
from scenario.report.words.failures import headline
from scenario.report.words.patterns import sentence
from scenario.results.code import CodeFailure, CodeResult
from scenario.results.filmed import CodeFilm, Filmed
from scenario.results.patterns import Pattern
from scenario.results.result import Evidence
from scenario.settings import ExploreOptions

SECONDS = 20.0
"""For all films of a case."""
PASSES = "an execution that passes, and begins as that one does"


@record
class Told:
    """What is said of a failing schedule; `is_expected`: the file wants it to fail."""

    title: str
    why: str
    replay: str
    is_expected: bool = False


def filmed_apart(program: Program, evidence: Sequence[Evidence], allowed: frozenset[str]) -> Filmed | None:
    """The schedules of a file, or some executions where it has none."""
    schedules = tuple(
        one.schedule.code for one in evidence if one.schedule is not None and one.schedule.code is not None
    )
    return film_apart(Films(program, ExploreOptions(max_seconds=SECONDS), allowed, schedules))


def code_page(name: str, result: CodeResult, replay: str, request: Request) -> str:
    """The page of functions that were explored. Raises what `setup` raises."""
    failure = result.failure
    try:
        found = film_own_code(replace(request, schedule="" if failure is None else failure.schedule))
    except SetupFailed as failed:
        raise failed.raised from None
    words = () if failure is None else (_told(failure, replay),)
    said = [result.reason] if failure is None and result.reason else []
    sheet = Sheet(
        file=request.modules[0].__name__ if request.modules else "",
        name=name,
        verdict=result.verdict,
        source=(),
        said=(*said, *([covered(result.covered)] if failure is None else [])),
        reels=tuple(reels(found.films, words)),
        code=found.texts,
    )
    return page([sheet], f"scenario: {name}")


def _told(failure: CodeFailure, replay: str) -> Told:
    return Told(what(failure).splitlines()[0], pattern_why(failure.pattern), replay.format(failure.schedule))


def told(evidence: Sequence[Evidence]) -> tuple[Told, ...]:
    """Of each that has a schedule."""
    return tuple(
        Told(headline(one.failure), pattern_why(one.code.pattern if one.code else None), one.replay or "", one.expected)
        for one in evidence
        if one.schedule is not None and one.schedule.code is not None
    )


def pattern_why(pattern: Pattern | None) -> str:
    """Its name and its sentence."""
    return "" if pattern is None else f"{pattern.name}: {sentence(pattern)}"


def reels(films: Sequence[CodeFilm], words: Sequence[Told]) -> Iterator[Reel]:
    """In order, each failing one with the next of the words."""
    failing, left = 0, iter(words)
    for number, one in enumerate(films):
        match one.kind:
            case "fails":
                failing, of = number, next(left)
                yield Reel("expected" if of.is_expected else "fails", of.title, one.film, of.why, of.replay, one.marked)
            case "passes":
                yield Reel("passes", PASSES, one.film, of=failing, same=one.same)
            case "sample":
                title = f"another of its executions ({number + 1})" if number else "one of its executions"
                yield Reel("sample", title, one.film)
            case _:
                assert_never(one.kind)
