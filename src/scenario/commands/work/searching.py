"""A case searched as it stands, or for all values of some params: what a unit of `explore` is, and what is made of what it finds."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from scenario.commands.again.command import command_line, flags, is_piped, replay_line
from scenario.commands.again.retrying import WORDS, Retried, still_failing
from scenario.commands.pipeline import Case
from scenario.commands.work.asking import Asking, at_once
from scenario.engines import tasks
from scenario.engines.explore import explore as search
from scenario.files.options import Selection
from scenario.judge import exploration_verdict, judge
from scenario.machine import available
from scenario.memory.kept import keep
from scenario.program.program import Program
from scenario.record import record
from scenario.results.exploration import Exploration, Pace
from scenario.results.result import Result, Search, Verdict
from scenario.results.token import encode
from scenario.settings import ExploreOptions

if TYPE_CHECKING:  # what divides a sample among workers is not imported for what one does
    from scenario.commands.work.dividing import Part, Piece

Progress: TypeAlias = Callable[[Pace], None]
"""Called now and then with how far a search is."""


@record
class Searched:
    """A program to be searched; `share`: how many such searches share the memory of a machine."""

    program: Program
    selection: Selection
    options: ExploreOptions
    share: int = 1


@record
class Decided:
    """A case to be decided for all values of these params."""

    case: Case
    names: tuple[str, ...]
    selection: Selection
    options: ExploreOptions
    share: int = 1


Unit: TypeAlias = "Searched | Decided | Part"
Value: TypeAlias = "Exploration | Result | Piece"


@record
class Asked:
    """What the command asks for. `workers` do it, `share` is a search's; `keeps`: what is found is kept, and what is kept is tried first."""

    selection: Selection
    options: ExploreOptions
    workers: int = 1
    share: int = 1
    keeps: bool = True


def done(unit: Unit, *, progress: Progress | None = None, keeps: bool = False) -> Value:
    """What comes of a unit; `keeps`: as it is for the searches that a proof makes."""
    options = _shared(unit.options, unit.share)
    match unit:
        case Searched(program, selection):
            return searched(program, selection, options, progress)
        case Decided(case, names, selection):
            from scenario.commands.work.for_all import explore_for_all

            def one(case: Case, options: ExploreOptions) -> Result:
                asked = Asked(selection, options, keeps=keeps)
                return at_once(partial(searching, asked), partial(done, progress=progress))(case)

            return explore_for_all(case, names, selection, options, one)
        case _:
            from scenario.commands.work import dividing

            return dividing.done(unit, options)


def searched(
    program: Program,
    selection: Selection,
    options: ExploreOptions,
    progress: Progress | None = None,
    schedule: str | None = None,
) -> Exploration:
    """All interleavings, or executions of tasks; with own code in a process of its own, or one `schedule` of it."""
    if program.runtime == "asyncio":
        return tasks.explore(program, options, judge=judge)
    if not program.python:
        return search(program, options, judge=judge, progress=progress)
    from scenario.commands.apart import asked as apart

    return apart.explore_apart(apart.Asked(program, options, frozenset(selection.allow_python), schedule), progress)


def _shared(options: ExploreOptions, share: int) -> ExploreOptions:
    """With its share of what is free, where nothing was said of memory."""
    if share == 1 or options.max_memory is not None or not (free := available()):
        return options
    return replace(options, max_memory=max(free // 2 // share >> 20, 1))


def less(options: ExploreOptions, seconds: float) -> ExploreOptions:
    """The same in less time."""
    return replace(options, max_seconds=max(options.max_seconds - seconds, 0.0))


def searching(asked: Asked, case: Case) -> Asking[Unit, Value]:
    """The case as it stands."""
    began = time.monotonic()
    program = configured(case.program, asked.options)
    keeps = asked.keeps and not is_piped(case.loaded.file, asked.selection) and program.runtime == "threading"
    known = _known(case, program, asked.options) if keeps else None
    if known is not None and known.enough:
        return _result(case, program, asked, known.exploration, is_kept=True)
    found = yield from _found(replace(asked, options=less(asked.options, time.monotonic() - began)), program)
    if keeps:
        keep(case.loaded.file, program, found)
    if known is not None and exploration_verdict(program, found).word == "undecided":
        # the budget did not reach as far as it did last time
        return _result(case, program, asked, replace(found, findings=known.exploration.findings), is_kept=True)
    return _result(case, program, asked, found)


def _found(asked: Asked, program: Program) -> Generator[Sequence[Unit], Sequence[Value], Exploration]:
    """What one search finds, or a sample that several take."""
    sampling = asked.options.sampling
    if sampling is not None and asked.workers > 1 and program.runtime == "threading" and not program.python:
        from scenario.commands.work import dividing

        return (yield from dividing.divided(program, asked.options, sampling, workers=asked.workers, share=asked.share))
    (found,) = yield [Searched(program, asked.selection, asked.options, asked.share)]
    assert isinstance(found, Exploration), "a search gives what it found"
    return found


def _known(case: Case, program: Program, options: ExploreOptions) -> Retried | None:
    """What failed before, and does again; not where all failures are asked for, or a share of them."""
    if program.python or options.odds or options.keep_going or options.sampling:
        return None
    return still_failing(case.loaded.file, program, options.max_seconds)


def _result(case: Case, program: Program, asked: Asked, found: Exploration, *, is_kept: bool = False) -> Result:
    verdict = exploration_verdict(program, found)
    if is_kept:
        verdict = replace(verdict, reasons=(*verdict.reasons, WORDS))
    verdict = _replayable(case, asked.selection, asked.options, verdict)
    return replace(
        case.result(verdict),
        rows=found.rows,
        search=Search(found, program.settings),
        reproduce=_reproduce(case, asked.selection, asked.options, verdict),
    )


def _replayable(case: Case, selection: Selection, options: ExploreOptions, verdict: Verdict) -> Verdict:
    """Each failure with the command that replays it, where one does."""
    if case.program.runtime == "multiprocessing":
        return verdict
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
