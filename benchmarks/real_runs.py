"""Real runs of pools, timers, joins and futures, under stress: none may end as no interleaving does.

    python benchmarks/real_runs.py [--runs 3000] [--seed 0] [FILE...]

Each file (those of tests/conformance/lives, where none is named) is explored, then run so many times; what a run leaves
and how it ended must be a row of the explored table. Ends with exit code 1 if one is not, and says which rows were seen.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path

from scenario.compile import compile_scenario
from scenario.engines.explore import explore
from scenario.engines.threads import runner
from scenario.judge import judge
from scenario.program.program import Program
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import load

LIVES = Path(__file__).parents[1] / "tests" / "conformance" / "lives"


def program(path: Path, *, exploring: bool) -> Program:
    source = Source(str(path), path.read_text())
    (made,) = compile_scenario(load(source), source, {}, exploring=exploring)
    return made


def check(path: Path, runs: int, seed: int) -> bool:
    """Whether all runs stay within the explored rows."""
    found = explore(program(path, exploring=True), ExploreOptions(keep_going=True), judge=judge)
    rows = {(repr(row.values), row.end) for row in found.rows}
    made, seen, began = program(path, exploring=False), Counter[tuple[str, str | None]](), time.monotonic()
    for number in range(runs):
        judged = judge(made, runner.execute(made, seed=seed + number, stress=number % 2 == 0))
        seen[repr(judged.values), judged.end] += 1
    outside = {row: times for row, times in seen.items() if row not in rows}
    print(f"{path.stem}: {len(seen)} of {len(rows)} rows seen in {time.monotonic() - began:.0f} s", flush=True)
    for (values, end), times in outside.items():
        print(f"  in {times} runs, and in no interleaving: {values}, {end or 'fine'}", flush=True)
    return found.exhausted and not outside


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    files = options.files or sorted(LIVES.glob("*.yaml"))
    fine = [check(path, options.runs, options.seed) for path in files]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # runs that deadlocked have left workers, which the interpreter would wait for
