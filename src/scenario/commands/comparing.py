"""`compare`: a file on each runtime that has what it uses, on other Pythons, and one thread after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import TypeAlias

from scenario.commands.elsewhere import on_python
from scenario.commands.exploring import explore
from scenario.commands.in_turn import in_turn
from scenario.commands.loading.selected import load_all
from scenario.commands.pipeline import denied, unsuited_python
from scenario.commands.running import table
from scenario.commands.work.making import Runs, make, unmade
from scenario.diagnostics import InvalidScenario
from scenario.engines import threads
from scenario.files.loaded import Loaded
from scenario.files.options import Selection, UsageError
from scenario.judge import runs_verdict
from scenario.language.runtimes import RUNTIMES, Runtime
from scenario.program.program import Program
from scenario.record import record
from scenario.report.reporter import Silent
from scenario.report.values import json_values
from scenario.results.comparison import IN_TURN, Comparison, LeftOut, Line, Seen, Way
from scenario.results.result import Result
from scenario.settings import ExploreOptions

Progress: TypeAlias = Callable[[str, str], None]
"""Called with a file and a way before it is gone."""


@record
class Asked:
    """What is asked of each file: how often it is run, how it is explored, the other interpreters."""

    selection: Selection
    seed: int
    times: int
    search: ExploreOptions
    pythons: tuple[str, ...] = ()


def compare(files: Sequence[Loaded], asked: Asked, progress: Progress) -> Iterator[Comparison]:
    """One comparison a case of each valid file. Raises UsageError for standard input, which can be read once only."""
    if "-" in asked.selection.paths:
        raise UsageError("a file is read several times to be compared: `-` can be read once only")
    try:
        for loaded in files:
            yield from _file(loaded, asked, progress)
    finally:
        threads.close()


def _file(loaded: Loaded, asked: Asked, progress: Progress) -> Iterator[Comparison]:
    meant = loaded.about.runtimes if loaded.about else ()
    cases = {_key(program): program for program in loaded.programs}
    lines: dict[str, list[Line]] = {key: [] for key in cases}
    left: dict[str, list[LeftOut]] = {key: [] for key in cases}
    for runtime in asked.selection.runtimes or RUNTIMES:
        progress(loaded.file, runtime)
        for key, found in _on(runtime, loaded, asked, cases):
            for one in found:
                if isinstance(one, Line):
                    lines[key].append(replace(one, meant=one.way == runtime and runtime in meant))
                else:
                    left[key].append(one)
    for python in asked.pythons:
        progress(loaded.file, python)
        for told in on_python(python, loaded.file, asked.selection, asked.times, asked.search.max_seconds):
            for key, program in cases.items():
                if isinstance(told, LeftOut):
                    left[key].append(told)
                elif told.case == _case(loaded, program):
                    lines[key] += told.lines
                    left[key] += (one for one in told.left_out if replace(one, python="") not in left[key])
    for key, program in cases.items():
        yield Comparison(loaded.file, program.name, _case(loaded, program), tuple(lines[key]), tuple(left[key]))


def _key(program: Program) -> str:
    return repr(program.params)


def _case(loaded: Loaded, program: Program) -> str:
    """The params in which the cases of the file differ."""
    return ",".join(f"{name}={value}" for name, value in loaded.differing(program).items())


def _on(
    runtime: Runtime, loaded: Loaded, asked: Asked, cases: Mapping[str, Program]
) -> Iterator[tuple[str, list[Line | LeftOut]]]:
    """What there is to say of a runtime, by case."""
    selection = replace(asked.selection, paths=(loaded.file,), runtimes=(runtime,), keyword="", tags=(), exclude=())
    (there,) = load_all(selection)
    if there.invalid:
        told = next(d for d in there.diagnostics if d.severity == "error")
        why = f"line {told.span.line}: {told.message}"
        for key in cases:
            yield key, [LeftOut(runtime, "", why)]
        return
    for number, program in enumerate(there.programs):
        if (unsuited := unsuited_python(program) or unmade(program)) is not None:
            yield _key(program), [LeftOut(runtime, "", unsuited)]
        else:
            yield _key(program), [*_ways(program, number, selection, asked)]


def _ways(program: Program, number: int, selection: Selection, asked: Asked) -> Iterator[Line | LeftOut]:
    """The program in turn, and as it is."""
    if program.runtime == RUNTIMES[0]:
        turn = in_turn(program)
        yield LeftOut(IN_TURN, "", turn) if isinstance(turn, str) else _run(turn, IN_TURN, asked)
    found = _run(program, program.runtime, asked)
    if isinstance(found, Line):
        result = _explored(number, selection, asked)
        word = None if result is None or result.verdict.word == "skipped" else result.verdict.word
        why = result.verdict.reasons[0] if result is not None and word == "undecided" and result.verdict.reasons else ""
        kinds = () if result is None else tuple(dict.fromkeys(one.failure.kind for one in result.verdict.evidence))
        found = replace(found, explored=word, why=why, found=kinds)
    yield found


def _run(program: Program, way: Way, asked: Asked) -> Line | LeftOut:
    wanted = Runs("", program, asked.seed, asked.times, stress=False, is_single=False)
    try:
        made = make(wanted, _silently)
    except InvalidScenario as invalid:
        return LeftOut(way, "", invalid.diagnostics[0].message)
    except OSError as error:
        return LeftOut(way, "", denied(error), refused=True)
    if made.is_cut:
        raise KeyboardInterrupt
    runs = made.runs
    ends = {run.outcome.end for run in runs} if way == IN_TURN else set()
    if "deadlock" in ends:
        return LeftOut(way, "", "a thread has to wait for another")
    if "timeout" in ends:
        return LeftOut(way, "", f"it takes longer than the file's `timeout`, {program.timeout:g} s")
    return Line(
        way,
        "",
        runs_verdict(program, runs).word,
        None,
        median(run.outcome.elapsed or 0.0 for run in runs),
        median(run.outcome.cpu or 0.0 for run in runs),
        tuple(Seen(json_values(dict(row.values)), row.end, row.runs or 0) for row in table(runs)),
    )


def _silently(_line: str) -> None:
    """What is printed is not shown."""


def _explored(number: int, selection: Selection, asked: Asked) -> Result | None:
    """What exploring says of the case."""
    files = load_all(selection, exploring=True)
    report = explore(files, selection, asked.search, Silent())
    if report.interrupted:
        raise KeyboardInterrupt
    results = report.results
    return results[min(number, len(results) - 1)] if results else None


def version() -> str:
    """This Python's, and whether it runs without the global lock."""
    is_free = not getattr(sys, "_is_gil_enabled", lambda: True)()
    return f"{sys.version.split()[0]}{' free-threaded' if is_free else ''}"
