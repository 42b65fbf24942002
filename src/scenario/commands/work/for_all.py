"""`explore` for all values of some params: proved; or searched at the least values at which it fails; or undecided."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TypeAlias, assert_never

from scenario.commands.loading.compiling import open_file
from scenario.commands.pipeline import Case
from scenario.compile.opened import OpenFile
from scenario.diagnostics import InvalidScenario
from scenario.engines.explore.forall import by_total, decide, least, of_total
from scenario.files.options import Selection
from scenario.judge import judge
from scenario.record import record
from scenario.report.words.for_all import NO_SCHEDULE, unsaid
from scenario.results.exploration import Exploration
from scenario.results.for_all import Answer, ForAll, Outside, Proved, Reason, Refuted
from scenario.results.result import Result, Search, Verdict
from scenario.settings import ExploreOptions

SEARCHED = 6
"""Up to so much above the least values, in total, a file of which nothing is known for all values is searched."""

SECONDS = 10.0
"""The most that these searches take."""

TRIED = 30
"""Values for which it is looked whether the file is valid."""

Explore: TypeAlias = Callable[[Case, ExploreOptions], Result]
"""The usual exploration of a case."""


def explore_for_all(
    case: Case, names: Sequence[str], selection: Selection, options: ExploreOptions, explore: Explore
) -> Result:
    """The case's result for all values of these params."""
    began = time.monotonic()
    file = open_file(case.loaded, selection)
    at = _Instances(case, file, file.case_of(case.program))
    given = {name: value for name in names if isinstance(value := case.program.params[name], int)}
    lowest = at.first_valid(least(file.left_open(at.number, given)))
    answer = at.decided(lowest, options.max_seconds)
    rest = replace(options, max_seconds=options.max_seconds - (time.monotonic() - began))
    match answer:
        case Proved():
            exploration = Exploration(exhausted=True, states=0, steps=0, seconds=time.monotonic() - began)
            result = replace(case.result(Verdict("holds")), search=Search(exploration, case.program.settings))
            return _of_all(case, result, ForAll(lowest, answer))
        case Refuted(values):
            return _refuted(case, explore(at.case(values), rest), ForAll(lowest, answer), values)
        case Outside():
            return _searched(at, ForAll(lowest, answer), rest, explore)
        case _:
            assert_never(answer)


@record
class _Instances:
    """What a case is for each values of its params; `number`: the case's in its file."""

    of: Case
    file: OpenFile
    number: int

    def first_valid(self, lowest: Mapping[str, int]) -> Mapping[str, int]:
        """The least values for which the file is valid: it may name its second thread, say."""
        for values in islice(by_total(lowest), TRIED):
            with suppress(InvalidScenario):
                self.file.instance(self.number, values)
                return values
        return lowest

    def decided(self, lowest: Mapping[str, int], seconds: float) -> Answer:
        """From these values on, under the settings of the command line."""
        try:
            opened = self.file.left_open(self.number, lowest)
        except InvalidScenario as invalid:
            return Outside(tuple(Reason("invalid", one.span, one.message) for one in invalid.diagnostics[:1]))
        program = replace(opened, program=replace(opened.program, explore=self.of.program.explore))
        return decide(program, judge, seconds)

    def case(self, values: Mapping[str, int]) -> Case:
        """The case for these values, which the command line would name with `-p`. Raises InvalidScenario."""
        program = self.file.instance(self.number, values)
        return Case(replace(self.of.loaded, programs=(self.of.program, program), only=program), program)


def _of_all(case: Case, result: Result, known: ForAll) -> Result:
    """What a report says of all values, beside what it says of the search."""
    assert result.search is not None, "it was explored"
    left = {name: value for name, value in (result.params or {}).items() if name not in known.least}
    is_one = result.verdict.word == "fails"
    params = result.params if is_one else left
    return replace(result, search=replace(result.search, for_all=known), params=params, case=case.label)


def _refuted(case: Case, result: Result, known: ForAll, values: Mapping[str, int]) -> Result:
    """What was found where it must fail: a search that looks at everything and finds nothing there would be a fault of ours."""
    if result.verdict.word == "holds":
        raise AssertionError(f"for {dict(values)} it was said to fail, and holds")
    if result.verdict.word == "undecided" and not _is_interrupted(result):
        verdict = replace(result.verdict, reasons=(*result.verdict.reasons, NO_SCHEDULE))
        result = replace(result, verdict=verdict)
    return _of_all(case, result, known)


def _searched(at: _Instances, known: ForAll, options: ExploreOptions, explore: Explore) -> Result:
    """The first of the least values for which it fails; undecided if none of them does."""
    end = time.monotonic() + min(options.max_seconds, SECONDS)
    for total in range(SEARCHED + 1):
        for values in of_total(known.least, total):
            result = _one(at, values, replace(options, max_seconds=end - time.monotonic()), explore)
            if result is not None and (result.verdict.word == "fails" or _is_interrupted(result)):
                return _of_all(
                    at.of, result, known if _is_interrupted(result) else replace(known, answer=Refuted(values))
                )
            if result is None or result.verdict.word != "holds":
                return _undecided(at.of, replace(known, searched=total - 1))
    return _undecided(at.of, replace(known, searched=SEARCHED))


def _one(at: _Instances, values: Mapping[str, int], options: ExploreOptions, explore: Explore) -> Result | None:
    """What is found for these values; None where the file is not valid for them, or there is no time left."""
    if options.max_seconds <= 0:
        return None
    try:
        return explore(at.case(values), options)
    except InvalidScenario:
        return None


def _is_interrupted(result: Result) -> bool:
    return result.search is not None and result.search.exploration.interrupted


def _undecided(case: Case, known: ForAll) -> Result:
    exploration = Exploration(exhausted=False, states=0, steps=0, seconds=0.0)
    result = case.result(Verdict("undecided", reasons=tuple(unsaid(known))))
    return _of_all(case, replace(result, search=Search(exploration, case.program.settings)), known)
