"""`run`: each case on real threads, once or many times, and judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from scenario.commands.pipeline import Case, Listener, Suite, unbuilt, unsuited_python
from scenario.commands.reproducing import command_line
from scenario.commands.validating import warned
from scenario.engines import tasks, threads
from scenario.files.loaded import Loaded
from scenario.files.options import RunOptions, Selection
from scenario.judge import judge, runs_verdict
from scenario.judge.verdict import Run
from scenario.program.program import Program
from scenario.results.exploration import Row
from scenario.results.outcome import Outcome
from scenario.results.result import Report, Result, Verdict

Progress: TypeAlias = Callable[[Case, int], object]
"""Called before each run of a case with how many are done."""


def _quietly(_case: Case, _done: int) -> None:
    """Nobody is shown how far it is."""


def run(
    files: Sequence[Loaded],
    selection: Selection,
    options: RunOptions,
    listener: Listener,
    progress: Progress = _quietly,
) -> Report:
    """One result a case."""
    try:
        with threads.noise(wanted=options.stress):
            return run_on(files, selection, options, listener, progress)
    finally:
        threads.close()


def run_on(
    files: Sequence[Loaded],
    selection: Selection,
    options: RunOptions,
    listener: Listener,
    progress: Progress = _quietly,
) -> Report:
    """The same for a process that goes on: what the engine keeps for further runs stays (`engines.threads.close`)."""
    suite = Suite("run", listener, selection.exitfirst)

    def work(case: Case) -> Result:
        if case.program.runtime == "multiprocessing":
            return unbuilt(case)
        runs = _runs(case.program, options, listener.printed, partial(progress, case))
        return replace(_result(case, runs, selection, options), interrupted=runs[-1].outcome.end == "interrupted")

    return suite.go([warned(file, selection) for file in files], work, unsuited_python)


def _runs(
    program: Program, options: RunOptions, on_print: Callable[[str], None], progress: Callable[[int], object]
) -> list[Run]:
    """As many as were asked for, up to one that was interrupted; what they print is shown of a single one only."""
    runs: list[Run] = []
    for seed in range(options.seed, options.seed + options.times):
        progress(len(runs))
        said = on_print if options.times == 1 else None
        outcome = _outcome(program, seed, said, stress=options.stress)
        runs.append(Run(outcome, judge(program, outcome), seed))
        if outcome.end == "interrupted":
            break
    return runs


def _outcome(program: Program, seed: int, said: Callable[[str], None] | None, *, stress: bool) -> Outcome:
    """What a run of the program's runtime leaves."""
    if program.runtime == "asyncio":
        return tasks.run(program, seed=seed, on_print=said)
    return threads.run(program, seed=seed, stress=stress, on_print=said)


def _result(case: Case, runs: Sequence[Run], selection: Selection, options: RunOptions) -> Result:
    verdict = runs_verdict(case.program, runs)
    seed = next((e.seed for e in verdict.evidence if not e.expected and e.seed is not None), options.seed)
    stress = ["--stress"] if options.stress else []
    reproduce = (
        command_line("run", case, selection, ["--seed", str(seed), *stress]) if verdict.word == "fails" else None
    )
    if options.times > 1:
        verdict = replace(verdict, reasons=(*verdict.reasons, *_unseen(case, verdict, runs, selection)))
    result = replace(case.result(verdict), reproduce=reproduce, seed=options.seed)
    if options.times > 1:
        return replace(result, rows=tuple(table(runs)), runs=len(runs), failed=_failed(case.program, runs))
    outcome = runs[0].outcome
    finished = outcome.end == "finished"
    return replace(result, final=outcome.shared if finished else None, output=outcome.output, elapsed=outcome.elapsed)


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
    rows: dict[object, Row] = {}
    for run in runs:
        judged = run.judged
        key = (repr(judged.values), judged.label, judged.end)
        row = rows.get(key) or Row(judged.values, judged.label, judged.because, judged.end, 0, run.seed)
        rows[key] = replace(row, runs=(row.runs or 0) + 1)
    return sorted(rows.values(), key=lambda row: -(row.runs or 0))
