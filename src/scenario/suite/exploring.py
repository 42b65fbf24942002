"""`explore`: each case over all interleavings, and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from scenario.engines.explore.explore import explore as search
from scenario.judge import exploration_verdict, judge
from scenario.program.program import ExploreSettings, Program
from scenario.run.result import Report, Result, Search
from scenario.suite.loading import Loaded
from scenario.suite.options import ExploreOptions, Selection
from scenario.suite.pipeline import Case, Listener, Suite, unsuited_python
from scenario.suite.reproducing import command_line, flags

Progress: TypeAlias = Callable[[int, int, int], None]
"""Called now and then with states, steps and depth."""


def explore(
    files: Sequence[Loaded],
    selection: Selection,
    options: ExploreOptions,
    listener: Listener,
    progress: Progress | None = None,
) -> Report:
    """One result a case."""

    def work(case: Case) -> Result:
        return _explore_case(case, selection, options, progress)

    return Suite("explore", listener).go(files, work, _unsuited)


def _unsuited(program: Program) -> str | None:
    return "explore: false" if program.explore is None else unsuited_python(program)


def _explore_case(case: Case, selection: Selection, options: ExploreOptions, progress: Progress | None) -> Result:
    program = configured(case.program, options)
    exploration = search(
        program,
        judge=judge,
        max_states=options.max_states,
        max_seconds=options.max_seconds,
        odds=options.odds,
        keep_going=options.keep_going,
        reduce=options.reduce,
        progress=progress,
    )
    settings = program.explore or ExploreSettings()
    return replace(
        case.result(exploration_verdict(program, exploration)),
        rows=exploration.rows,
        search=Search(exploration, settings.clock, settings.wake, settings.spurious),
        reproduce=command_line("explore", case, selection, flags(options)),
    )


def configured(program: Program, options: ExploreOptions) -> Program:
    """The program with the settings of the command line before its own."""
    settings = program.explore or ExploreSettings()
    chosen = ExploreSettings(
        options.clock or settings.clock,
        options.wake or settings.wake,
        settings.spurious if options.spurious is None else options.spurious,
    )
    return replace(program, explore=chosen)
