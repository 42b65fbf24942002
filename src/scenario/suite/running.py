"""`run`: each case on real threads, once or many times, and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from scenario.engines import threads
from scenario.judge import judge, runs_verdict
from scenario.judge.verdict import Run
from scenario.program.program import Program
from scenario.run.exploration import Row
from scenario.run.result import Report, Result
from scenario.suite.loading import Loaded
from scenario.suite.options import RunOptions, Selection
from scenario.suite.pipeline import Case, Listener, Suite, unsuited_python
from scenario.suite.reproducing import command_line


def run(files: Sequence[Loaded], selection: Selection, options: RunOptions, listener: Listener) -> Report:
    """One result a case."""
    suite = Suite("run", listener)

    def work(case: Case) -> Result:
        runs = _runs(case.program, options, listener.printed)
        suite.interrupted = runs[-1].outcome.end == "interrupted"
        return _result(case, runs, selection, options)

    try:
        return suite.go(files, work, unsuited_python)
    finally:
        threads.close()


def _runs(program: Program, options: RunOptions, on_print: Callable[[str], None]) -> list[Run]:
    """As many as were asked for, up to one that was interrupted; what they print is shown of a single one only."""
    runs: list[Run] = []
    for seed in range(options.seed, options.seed + options.times):
        outcome = threads.run(program, seed=seed, on_print=on_print if options.times == 1 else None)
        runs.append(Run(outcome, judge(program, outcome), seed))
        if outcome.end == "interrupted":
            break
    return runs


def _result(case: Case, runs: Sequence[Run], selection: Selection, options: RunOptions) -> Result:
    verdict = runs_verdict(case.program, runs)
    seed = next((e.seed for e in verdict.evidence if not e.expected and e.seed is not None), options.seed)
    reproduce = command_line("run", case, selection, ["--seed", str(seed)])
    result = replace(case.result(verdict), reproduce=reproduce, seed=options.seed)
    if options.times > 1:
        return replace(result, rows=tuple(table(runs)), runs=len(runs))
    outcome = runs[0].outcome
    finished = outcome.end == "finished"
    return replace(result, final=outcome.shared if finished else None, output=outcome.output, elapsed=outcome.elapsed)


def table(runs: Sequence[Run]) -> list[Row]:
    """The outcome table: a row for each values, label and end that was seen, the most frequent first."""
    rows: dict[object, Row] = {}
    for run in runs:
        judged = run.judged
        key = (repr(judged.values), judged.label, judged.end)
        row = rows.get(key) or Row(judged.values, judged.label, judged.because, judged.end, 0, run.seed)
        rows[key] = replace(row, runs=(row.runs or 0) + 1)
    return sorted(rows.values(), key=lambda row: -(row.runs or 0))
