"""`explore`: each case over all interleavings, and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from scenario.commands.left_open import distinct, left_open, refuse_unknown
from scenario.commands.pipeline import Case, Listener, Suite, unsuited_python
from scenario.commands.validating import warned
from scenario.commands.work.asking import Asking, By, at_once
from scenario.commands.work.searching import Asked, Decided, Progress, Unit, Value, configured, done, less, searching
from scenario.files.loaded import Loaded
from scenario.files.options import Selection
from scenario.program.program import Program
from scenario.results.result import Report, Result
from scenario.settings import ExploreOptions


def explore(
    files: Sequence[Loaded],
    selection: Selection,
    options: ExploreOptions,
    listener: Listener,
    progress: Progress | None = None,
    by: By | None = None,
) -> Report:
    """One result a case; its units are done here, or by others. Raises UsageError for what can not be left open."""
    refuse_unknown(options, files, selection)
    chosen = [warned(distinct(file, options, selection), selection) for file in files]
    suite = Suite("explore", listener, selection.exitfirst)
    asked = Asked(selection, options) if by is None else Asked(selection, options, by.hands.workers, by.hands.share)
    if by is None:
        return suite.go(
            chosen, at_once(partial(_asking, asked), partial(done, progress=progress, keeps=True)), unsuited
        )
    from scenario.commands.work.side_by_side import side_by_side

    return side_by_side(suite, chosen, partial(_asking, asked), unsuited, by)


def is_one(files: Sequence[Loaded], options: ExploreOptions) -> bool:
    """Whether there is nothing to divide."""
    return options.sampling is None and sum(len(file.chosen) for file in files) < 2


def _asking(asked: Asked, case: Case) -> Asking[Unit, Value]:
    asked = replace(asked, options=less(asked.options, case.loaded.seconds))
    names = left_open(case.program, asked.options, asked.selection)
    if not names:
        return (yield from searching(asked, case))
    with_settings = replace(case, program=configured(case.program, asked.options))
    (result,) = yield [Decided(with_settings, names, asked.selection, asked.options, asked.share)]
    assert isinstance(result, Result), "a proof gives the whole result"
    return result


def unsuited(program: Program) -> str | None:
    """Why there is nothing to explore or to replay here."""
    return "explore: false" if program.explore is None else unsuited_python(program)
