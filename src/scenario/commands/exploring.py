"""`explore`: each case over all interleavings, and judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from scenario.commands.left_open import distinct, left_open, refuse_unknown
from scenario.commands.pipeline import Case, Listener, Suite, unbuilt, unsuited_python
from scenario.commands.reproducing import command_line, flags, is_piped, replay_line
from scenario.commands.retrying import WORDS, still_failing
from scenario.commands.validating import warned
from scenario.engines.explore import explore as search
from scenario.files.loaded import Loaded
from scenario.files.options import Selection
from scenario.judge import exploration_verdict, judge
from scenario.memory.kept import keep
from scenario.program.program import Program
from scenario.results.exploration import Exploration, Pace
from scenario.results.result import Report, Result, Search, Verdict
from scenario.results.token import encode
from scenario.settings import ExploreOptions

Progress: TypeAlias = Callable[[Pace], None]
"""Called now and then with how far a search is."""


def explore(
    files: Sequence[Loaded],
    selection: Selection,
    options: ExploreOptions,
    listener: Listener,
    progress: Progress | None = None,
) -> Report:
    """One result a case. Raises UsageError for what can not be left open."""
    refuse_unknown(options, files, selection)

    def search_case(case: Case, options: ExploreOptions) -> Result:
        return _explore_case(case, selection, options, progress)

    def work(case: Case) -> Result:
        if case.program.runtime != "threading":
            return unbuilt(case)
        left = _less(options, case.loaded.seconds)
        names = left_open(case.program, options, selection)
        if not names:
            return search_case(case, left)
        from scenario.commands.for_all import explore_for_all

        asked = replace(case, program=configured(case.program, options))
        return explore_for_all(asked, names, selection, left, search_case)

    chosen = [warned(distinct(file, options, selection), selection) for file in files]
    return Suite("explore", listener, selection.exitfirst).go(chosen, work, unsuited)


def unsuited(program: Program) -> str | None:
    """Why there is nothing to explore or to replay here."""
    return "explore: false" if program.explore is None else unsuited_python(program)


def _less(options: ExploreOptions, seconds: float) -> ExploreOptions:
    """The same in less time."""
    return replace(options, max_seconds=max(options.max_seconds - seconds, 0.0))


def _explore_case(case: Case, selection: Selection, options: ExploreOptions, progress: Progress | None) -> Result:
    began = time.monotonic()
    program = configured(case.program, options)
    piped = is_piped(case.loaded.file, selection)
    known = (
        None
        if piped or program.python or options.odds or options.keep_going or options.sampling
        else still_failing(case.loaded.file, program, options.max_seconds)
    )
    is_kept = known is not None and known.enough
    left = _less(options, time.monotonic() - began)
    found = known.exploration if known and is_kept else searched(program, selection, left, progress)
    if not piped and not is_kept:
        keep(case.loaded.file, program, found)
    verdict = exploration_verdict(program, found)
    if known and verdict.word == "undecided":  # the budget did not reach as far as it did last time
        found = replace(found, findings=known.exploration.findings)
        verdict = exploration_verdict(program, found)
        is_kept = True
    if is_kept:
        verdict = replace(verdict, reasons=(*verdict.reasons, WORDS))
    verdict = _replayable(case, selection, options, verdict)
    return replace(
        case.result(verdict),
        rows=found.rows,
        search=Search(found, program.settings),
        reproduce=_reproduce(case, selection, options, verdict),
    )


def searched(
    program: Program,
    selection: Selection,
    options: ExploreOptions,
    progress: Progress | None = None,
    schedule: str = "",
) -> Exploration:
    """All interleavings; with own code in a process of its own, or one `schedule` of it."""
    if not program.python:
        return search(program, options, judge=judge, progress=progress)
    from scenario.commands.apart import Asked, explore_apart

    return explore_apart(Asked(program, options, frozenset(selection.allow_python), schedule), progress)


def _replayable(case: Case, selection: Selection, options: ExploreOptions, verdict: Verdict) -> Verdict:
    """Each failure with the command that replays it."""
    evidence = tuple(
        one
        if one.schedule is None
        else replace(one, replay=replay_line(case, selection, encode(one.schedule), options))
        for one in verdict.evidence
    )
    return replace(verdict, evidence=evidence)


def _reproduce(case: Case, selection: Selection, options: ExploreOptions, verdict: Verdict) -> str:
    """The command that replays the first failure; without a schedule, that explores again."""
    replays = (one.replay for one in verdict.evidence if one.replay is not None and not one.expected)
    return next(replays, command_line("explore", case, selection, flags(options)))


def configured(program: Program, options: ExploreOptions) -> Program:
    """The program with the settings of the command line before its own."""
    return replace(program, explore=program.settings.with_those(options.asked))
