"""`run`: each case on real threads, once or many times, and judged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from scenario.commands.again.command import command_line
from scenario.commands.pipeline import Case, Listener, Suite, unsuited_python
from scenario.commands.validating import warned
from scenario.commands.work.asking import Asking, By, at_once, parts
from scenario.commands.work.making import Made, Progress, Runs, make, quietly, unmade
from scenario.engines import threads
from scenario.files.loaded import Loaded
from scenario.files.options import RunOptions, Selection
from scenario.judge import runs_verdict
from scenario.judge.verdict import Run
from scenario.program.program import Program
from scenario.results.exploration import Row, row_of
from scenario.results.outcome import Outcome
from scenario.results.recorded import Recorded
from scenario.results.result import Report, Result, Verdict

if TYPE_CHECKING:  # what only pages have
    from scenario.results.frames import Film

PIECES = 4
"""Slices of `--times` for each worker, so that none is idle for long while others go on."""


def run(
    files: Sequence[Loaded],
    selection: Selection,
    options: RunOptions,
    listener: Listener,
    progress: Progress = quietly,
    by: By | None = None,
) -> Report:
    """One result a case; its runs are made here, or by others."""
    suite = Suite("run", listener, selection.exitfirst)
    chosen = [warned(file, selection) for file in files]
    ask = partial(_asking, selection, options, 1 if by is None else by.hands.workers * PIECES)
    try:
        with threads.noise(wanted=options.stress):  # once, whatever the number of workers
            if by is None:
                do = partial(make, on_print=listener.printed, progress=progress)
                return suite.go(chosen, at_once(ask, do), unsuited_python)
            from scenario.commands.work.side_by_side import side_by_side

            return side_by_side(suite, chosen, ask, unsuited_python, by)
    finally:
        threads.close()


def is_one(files: Sequence[Loaded], options: RunOptions) -> bool:
    """Whether there is nothing to divide."""
    return options.times * sum(len(file.chosen) for file in files) < 2


def _asking(selection: Selection, options: RunOptions, pieces: int, case: Case) -> Asking[Runs, Made]:
    if (reason := unmade(case.program)) is not None:
        return case.result(Verdict("undecided", reasons=(reason,)))
    made = yield [
        Runs(
            case.name,
            case.program,
            options.seed + part[0],
            len(part),
            options.stress,
            is_single=options.times == 1,
            records=options.records,
        )
        for part in parts(options.times, pieces)
    ]
    runs = [run for one in made for run in one.runs]
    is_cut = len(runs) < options.times or any(one.is_cut for one in made)
    return replace(_result(case, runs, selection, options), interrupted=is_cut)


def _result(case: Case, runs: Sequence[Run], selection: Selection, options: RunOptions) -> Result:
    verdict = runs_verdict(case.program, runs, asked=options.times)
    seed = next((e.seed for e in verdict.evidence if not e.expected and e.seed is not None), options.seed)
    stress = ["--stress"] if options.stress else []
    reproduce = (
        command_line("run", case, selection, ["--seed", str(seed), *stress]) if verdict.word == "fails" else None
    )
    notes = _unseen(case, verdict, runs, selection) if options.times > 1 else _raised(runs[0])
    verdict = replace(verdict, reasons=(*verdict.reasons, *notes))
    result = replace(case.result(verdict), reproduce=reproduce, seed=options.seed)
    if options.times > 1:
        return replace(result, rows=tuple(table(runs)), runs=len(runs), failed=_failed(case.program, runs))
    outcome = runs[0].outcome
    finished = outcome.end == "finished"
    return replace(
        result,
        final=outcome.shared if finished else None,
        output=outcome.output,
        elapsed=outcome.elapsed,
        film=None if outcome.recorded is None else _film(case.program, outcome.recorded, outcome),
    )


def _raised(run: Run) -> Iterator[str]:
    """Which rows of `outcomes` a single run has passed over, for it has no table that says so."""
    if run.judged.label is not None:
        yield from (f"outcomes `{one.text}` raised {one.raised}, so it is false" for one in run.judged.raised)


def _film(program: Program, recorded: Recorded, outcome: Outcome) -> Film:
    from scenario.real.showing import film

    return film(program, recorded, outcome)


def _failed(program: Program, runs: Sequence[Run]) -> int:
    """In how many runs something failed that is not expected."""
    expected = program.claims.fails or ()
    return sum(any(failure.kind not in expected for failure in run.judged.failures) for run in runs)


def upper_bound(runs: int) -> float:
    """The largest share of which none is seen in so many runs once in 20 times (Clopper-Pearson, one-sided 95 %)."""
    return 1.0 - math.pow(0.05, 1 / runs)


def _unseen(case: Case, verdict: Verdict, runs: Sequence[Run], selection: Selection) -> Iterator[str]:
    """One line on what no run has shown (what `expect` names, or else any failure), and how little that means."""
    count = sum(run.outcome.end != "interrupted" for run in runs)
    names = [f"{seen.kind} `{seen.text}`" for seen in verdict.seen if not seen.seen]
    shown = {failure.span for run in runs for failure in run.judged.failures if failure.kind == "outcome"}
    rows = case.program.claims.outcomes or ()
    names += [f"forbidden `{row.when.text}`" for row in rows if row.rating == "forbidden" and row.span not in shown]
    if not count or not (names or verdict.word == "holds"):
        return
    what = (
        f"never seen in {count:,} runs: {', '.join(names)}"
        if names
        else f"no {'other ' if verdict.evidence else ''}failure in {count:,} runs"
    )
    share = f"its share is still up to {100 * upper_bound(count):.2g} %"
    yield f"{what}: at 95 % confidence {share}{_elsewhere(case, selection)}"


def _elsewhere(case: Case, selection: Selection) -> str:
    if case.program.explore is None or case.program.python:  # there is nothing to explore
        return ""
    return f" (every interleaving: {command_line('explore', case, selection, [])})"


def table(runs: Sequence[Run]) -> list[Row]:
    """The outcome table: a row for each values, label and end that was seen, the most frequent first."""
    rows: dict[str, Row] = {}
    for run in runs:
        key = run.judged.key
        row = rows.get(key) or replace(row_of(run.judged), runs=0, seed=run.seed)
        rows[key] = replace(row, runs=(row.runs or 0) + 1)
    return sorted(rows.values(), key=lambda row: -(row.runs or 0))
