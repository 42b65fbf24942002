"""Searches of a few thousand states, as most of the library's are, beside those of another checkout: one process each, in turn.

    git worktree add ../before COMMIT
    python benchmarks/explore_small.py --beside ../before [--times 7]

Each reads its own files: an older language may not know all of ours. Compiling a file is not counted. Without `--beside` it prints what a search takes today, and has no limit; with it the limit is
5 % of the sum of all medians, for machines and commits that are quiet enough.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

LIMIT = 1.05
ROOT = Path(__file__).resolve().parent.parent
FILES = (
    "puzzles/river_crossing", "puzzles/readers_writers_priority", "puzzles/unisex_bathroom", "puzzles/santa_claus",
    "puzzles/sleeping_barber", "pools/timeouts", "primitives/array", "basic_thread",
)  # fmt: skip
ONE = """
import json, sys, time
from scenario.compile import compile_scenario
from scenario.engines.explore.explore import explore
from scenario.judge import judge
from scenario.source import Source
from scenario.spec.load import load

found = {}
for path in sys.argv[1:]:
    source = Source(path, open(path, encoding="utf-8").read())
    program = compile_scenario(load(source), source)[0]
    explore(program, judge=judge)  # imports, and what is made once
    began = time.process_time()
    states = explore(program, judge=judge).states
    found[path] = time.process_time() - began, states
print(json.dumps(found))
"""


def measured(checkout: Path) -> dict[str, tuple[float, int]]:
    """For each file the seconds of the processor that its search takes, and its states."""
    paths = [str(checkout / "scenarios" / f"{name}.yaml") for name in FILES]
    surroundings = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    done = subprocess.run(
        [sys.executable, "-c", ONE, *paths], env=surroundings, capture_output=True, text=True, check=True
    )
    return {Path(path).stem: tuple(found) for path, found in json.loads(done.stdout).items()}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--times", type=int, default=7)
    given = parser.parse_args()
    checkouts = [ROOT, *([given.beside.resolve()] if given.beside else [])]
    seconds: dict[tuple[str, Path], list[float]] = defaultdict(list)
    states: dict[str, int] = {}
    for _ in range(given.times):
        for checkout in checkouts:
            for name, (took, count) in measured(checkout).items():
                seconds[name, checkout].append(took)
                assert states.setdefault(name, count) == count, f"{name} is another search there"
    for name, count in states.items():
        taken = [median(seconds[name, checkout]) for checkout in checkouts]
        ratio = f", {taken[0] / taken[1]:.2f} of the other's" if given.beside else ""
        print(f"{name}: {count:,} states in {taken[0] * 1000:.0f} ms{ratio}")
    sums = [sum(median(seconds[name, checkout]) for name in states) for checkout in checkouts]
    if given.beside:
        print(f"all: {sums[0] / sums[1]:.2f} of the other's, at most {LIMIT}")
    return int(len(sums) > 1 and sums[0] > LIMIT * sums[1])


if __name__ == "__main__":
    sys.exit(main())
