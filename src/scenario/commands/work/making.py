"""Some runs of a program: what a unit of `run` is, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from scenario.engines import processes, tasks, threads
from scenario.judge import judge
from scenario.judge.verdict import Run
from scenario.program.ops import Atomic, Kill
from scenario.program.program import Program
from scenario.program.walk import walk_all
from scenario.program.whole import every_node
from scenario.record import record
from scenario.results.outcome import Outcome

Progress: TypeAlias = Callable[[str, int, int], object]
"""Called before each run of a case with its name, how many are done, and how many there will be."""


@record
class Runs:
    """So many runs of a program, from that seed on. `name` is the case's; what a single one prints is shown, and its steps may be kept."""

    name: str
    program: Program
    seed: int
    times: int
    stress: bool
    is_single: bool
    records: bool = False


@record
class Made:
    """What came of them; `is_cut`: up to a Ctrl-C in one, or after it; `printed`: what is still to be shown."""

    runs: tuple[Run, ...]
    is_cut: bool = False
    printed: tuple[str, ...] = ()


def unmade(program: Program) -> str | None:
    """Why there is no run of it, if there is none."""
    inside = (node for node in every_node(program) if isinstance(node, Atomic))
    killed = (node for block in inside for node in walk_all(block.body) if isinstance(node, Kill))
    if (kill := next(killed, None)) is None:
        return None
    return f"`kill` inside `atomic` (line {kill.span.line}) is explored, but not run on real processes"


def quietly(_name: str, _done: int, _of: int) -> None:
    """Nobody is shown how far it is."""


def made(asked: Runs) -> Made:
    """The runs of a unit, for somebody far away."""
    printed: list[str] = []
    return replace(make(asked, printed.append), printed=tuple(printed))


def make(asked: Runs, on_print: Callable[[str], None], progress: Progress = quietly) -> Made:
    """As many as were asked for, or those up to a Ctrl-C. Raises KeyboardInterrupt where that came before the first."""
    runs: list[Run] = []
    try:
        for seed in range(asked.seed, asked.seed + asked.times):
            progress(asked.name, len(runs), asked.times)
            said = on_print if asked.is_single else None
            outcome = _timed(asked, seed, said)
            runs.append(Run(outcome, judge(asked.program, outcome), seed))
            if outcome.end == "interrupted":
                return Made(tuple(runs), is_cut=True)
    except KeyboardInterrupt:  # between two
        if not runs:
            raise
        return Made(tuple(runs), is_cut=True)
    return Made(tuple(runs))


def _timed(asked: Runs, seed: int, said: Callable[[str], None] | None) -> Outcome:
    """A run that was not over in time took all of it, also where most went by before a thread could start."""
    began = time.monotonic()
    outcome = _outcome(asked, seed, said)
    return replace(outcome, elapsed=time.monotonic() - began) if outcome.end == "timeout" else outcome


def _outcome(asked: Runs, seed: int, said: Callable[[str], None] | None) -> Outcome:
    """What a run of the program's runtime leaves."""
    records = asked.is_single and asked.records
    if asked.program.runtime == "asyncio":
        return tasks.run(asked.program, seed=seed, on_print=said, records=records)
    if asked.program.runtime == "multiprocessing":
        return processes.run(asked.program, seed=seed, on_print=said, records=records)
    return threads.run(asked.program, seed=seed, stress=asked.stress, on_print=said, records=records)
