"""Searches that grow: four threads that add to one counter, in the kernel and in Python.

    python benchmarks/explore_native.py [--times 3]

4 × 4 unlocked increments without symmetry (each thread knows its index) in the kernel: at least 3 million steps a second and
at most 60 bytes a state in the kernel's memory. 4 × 3 in Python and in the kernel, alternately: equal states and steps, and
the ratio of the medians. Ends with exit code 1 where a bound is passed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from scenario.compile import compile_scenario
from scenario.engines.explore import explore
from scenario.engines.explore.native.kernel import Kernel
from scenario.engines.explore.search.strategies import breadth_first
from scenario.judge import judge
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import load

STEPS, BYTES = 3.0, 60
"""Millions a second; a state."""
OPTIONS = ExploreOptions(max_states=100_000_000, max_seconds=600.0, keep_going=True)


def counter(rounds: int) -> Program:
    text = f"""scenario: counter
vars: {{x: 0}}
threads:
  w: {{count: 4, steps: [mine = index, {{repeat: {rounds}, do: [x += 1]}}]}}
"""
    source = Source("counter.yaml", text)
    (program,) = compile_scenario(load(source), source, {}, exploring=True)
    return program


def timed(program: Program, *, natively: bool) -> tuple[float, Exploration]:
    breadth_first.LARGE = 20_000 if natively else -1
    began = time.perf_counter()
    found = explore(program, OPTIONS, judge=judge)
    return time.perf_counter() - began, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    small, large = counter(3), counter(4)
    pairs = [(timed(small, natively=False), timed(small, natively=True)) for _ in range(times)]
    assert all((p.states, p.steps) == (n.states, n.steps) for (_, p), (_, n) in pairs)
    python, native = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
    print(
        f"4 × 3, {pairs[0][0][1].states:,} states: {python:.2f} s in Python, {native:.2f} s in the kernel: {native / python:.2f}"
    )
    kernels: list[Kernel] = []
    began_with = Kernel.__init__

    def noted(kernel: Kernel, *arguments: object) -> None:
        began_with(kernel, *arguments)  # type: ignore[arg-type]
        kernels.append(kernel)

    Kernel.__init__ = noted  # type: ignore[method-assign]
    runs = [timed(large, natively=True) for _ in range(times)]
    seconds, found = statistics.median(run[0] for run in runs), runs[0][1]
    rate, size = found.steps / seconds / 1e6, kernels[-1].memory / found.states
    print(
        f"4 × 4, {found.states:,} states, {found.steps:,} steps in {seconds:.2f} s: {rate:.1f} M steps/s (at least {STEPS})"
    )
    print(f"{size:.0f} bytes a state with what is known of the graph (at most {BYTES})")
    return 0 if rate >= STEPS and size <= BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
