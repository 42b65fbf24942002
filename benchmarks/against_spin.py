"""`scenario explore` beside SPIN: the same small problems, each as its user would write it, from the file to the verdict.

    python benchmarks/against_spin.py [--heavy] [--times 5] [NAME ...]

The models are in `benchmarks/models/`. SPIN's manual has three commands: `spin -a`, `gcc -O2`, `./pan`; all three
count, as does the whole process of `scenario explore` for a file that it has not seen before. Both run alternately; medians; both must
come to the same verdict. Small ones are decided by each tool's defaults. With `--heavy` both go through all states: `-c0` and
`-m` there, `--keep-going` here.
Ends with exit code 1 where a bound is passed.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

MODELS = Path(__file__).parent / "models"
SMALL_MEAN, SMALL_WORST = 0.15, 0.7
HEAVY_MEAN, HEAVY_WORST = 0.5, 3.0
ALL_STATES = ("-c0", "-m10000000")
"""Every error is counted, and the depth that SPIN takes for granted does not end the search before."""
MEMORY = 12_000
"""MiB for a heavy one; SPIN takes 1 GiB for granted."""

QUICK = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As it is where nobody asks for a start without byte code."""


@dataclass(frozen=True)
class Problem:
    """A pair of models with their sizes, and whether what they claim is so."""

    model: str
    holds: bool
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return " ".join([self.model, *(f"{name}={value}" for name, value in self.sizes.items())])


SMALL = (
    *(Problem("unlocked", False, {"n": n, "rounds": 1}) for n in range(2, 9)),
    Problem("unlocked", False, {"n": 3, "rounds": 5}),
    *(Problem("locked", True, {"n": n, "rounds": 1}) for n in range(2, 11)),
    *(Problem("philosophers", False, {"n": n}) for n in range(3, 9)),
    *(Problem("philosophers_ordered", True, {"n": n}) for n in (5, 8)),
    Problem("buffer_semaphores", True, {"n": 2, "rounds": 3, "places": 2}),
    Problem("buffer_condition", True, {"n": 2, "rounds": 3, "places": 2}),
    Problem("peterson", True),
)
HEAVY = (
    Problem("unlocked", False, {"n": 8, "rounds": 1}),
    Problem("unlocked", False, {"n": 4, "rounds": 3}),
    Problem("philosophers", False, {"n": 12}),
    Problem("philosophers_ordered", True, {"n": 11}),
    Problem("buffer_semaphores", True, {"n": 3, "rounds": 4, "places": 2}),
    Problem("locked", True, {"n": 6, "rounds": 5}),
)


@dataclass(frozen=True)
class Answer:
    """What a tool found, how long its whole process took (seconds), and what it says of its states."""

    holds: bool
    seconds: float
    states: str


def scenario(problem: Problem, *, exhaustively: bool) -> Answer:
    sizes = [part for name, value in problem.sizes.items() for part in ("-p", f"{name}={value}")]
    options = ["--keep-going", "--max-seconds", "3600"] if exhaustively else []
    file = str(MODELS / f"{problem.model}.yaml")
    command = [sys.executable, "-m", "scenario", "explore", *options, *sizes, file]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=QUICK)
    seconds = time.perf_counter() - began
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    states = re.search(r"([\d,]+) states", done.stdout)
    return Answer(done.returncode == 0, seconds, states[1] if states else "")


def spin(problem: Problem, *, exhaustively: bool) -> Answer:
    sizes = [f"-D{name}={value}" for name, value in problem.sizes.items()]
    options, memory = (ALL_STATES, [f"-DMEMLIM={MEMORY}"]) if exhaustively else ((), [])
    with tempfile.TemporaryDirectory() as here:
        began = time.perf_counter()
        for command in (
            ["spin", *sizes, "-a", str(MODELS / f"{problem.model}.pml")],
            ["gcc", "-O2", *memory, "-o", "pan", "pan.c"],
            ["./pan", *options],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=here)
        seconds = time.perf_counter() - began
    errors, states = re.search(r"errors: (\d+)", done.stdout), re.search(r"(\d+) states, stored", done.stdout)
    cut = "max search depth too small" in done.stdout or "out of memory" in done.stdout + done.stderr
    if not errors or not states or cut:
        sys.exit(f"{problem.name}\n{done.stdout}{done.stderr}")
    return Answer(errors[1] == "0", seconds, f"{int(states[1]):,}")


def compared(problem: Problem, times: int, *, exhaustively: bool) -> float:
    """The ratio of the medians: ours to SPIN's."""
    pairs = [
        (scenario(problem, exhaustively=exhaustively), spin(problem, exhaustively=exhaustively)) for _ in range(times)
    ]
    for pair in pairs:
        assert pair[0].holds == pair[1].holds == problem.holds, (problem, pair)
    ours, theirs = (statistics.median(pair[side].seconds for pair in pairs) for side in (0, 1))
    print(
        f"{problem.name:42} {ours:7.2f} s {pairs[0][0].states:>12} states   SPIN {theirs:7.2f} s"
        f" {pairs[0][1].states:>12} states   {ours / theirs:.2f}",
        flush=True,
    )
    return ours / theirs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="Only these models.")
    parser.add_argument("--heavy", action="store_true")
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    problems = [p for p in (HEAVY if chosen.heavy else SMALL) if not chosen.names or p.model in chosen.names]
    ratios = [compared(problem, chosen.times, exhaustively=chosen.heavy) for problem in problems]
    mean, worst = statistics.geometric_mean(ratios), max(ratios)
    mean_bound, worst_bound = (HEAVY_MEAN, HEAVY_WORST) if chosen.heavy else (SMALL_MEAN, SMALL_WORST)
    print(f"geometric mean {mean:.2f} (at most {mean_bound}), worst {worst:.2f} (at most {worst_bound})")
    return 0 if mean <= mean_bound and worst <= worst_bound else 1


if __name__ == "__main__":
    sys.exit(main())
