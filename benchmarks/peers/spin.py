"""`scenario explore` beside SPIN on small problems that each states as its user would (see `pairs`).

    python benchmarks/peers/spin.py [--heavy] [--times 5] [NAME ...]

Both run alternately; medians; both must come to the same verdict. Small ones are decided by each tool's defaults. With `--heavy`
both go through all states: `-c0`, `-m` and 12 GB there, `--keep-going` here. Ends with exit code 1 where a bound is passed.
"""

from __future__ import annotations

import argparse
import statistics
import sys

from pairs import Answer, NoAnswer, Problem, explored, spun

SMALL_MEAN, SMALL_WORST = 0.15, 0.7
HEAVY_MEAN, HEAVY_WORST = 0.5, 3.0
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


def compared(problem: Problem, times: int, *, exhaustively: bool) -> float:
    """The ratio of the medians: ours to SPIN's; where that gives up, the time until then, so it is at most that."""
    pairs = [
        (
            _checked(problem, explored(problem, exhaustively=exhaustively)),
            _checked(problem, spun(problem, exhaustively=exhaustively), may_give_up=exhaustively),
        )
        for _ in range(times)
    ]
    ours, theirs = (statistics.median(pair[side].seconds for pair in pairs) for side in (0, 1))
    print(
        f"{problem.name:38} {ours:7.2f} s {_states(pairs[0][0]):>18}   SPIN {theirs:7.2f} s"
        f" {_states(pairs[0][1]):>18}   {ours / theirs:.3f}",
        flush=True,
    )
    return ours / theirs


def _checked(problem: Problem, answer: Answer | NoAnswer, *, may_give_up: bool = False) -> Answer | NoAnswer:
    match answer:
        case NoAnswer(said):
            if not may_give_up or "out of memory" not in said:
                sys.exit(f"{problem.name}: {said}")
        case Answer(holds):
            assert holds == problem.holds, (problem, answer)
    return answer


def _states(answer: Answer | NoAnswer) -> str:
    return f"{answer.states:,} states" if isinstance(answer, Answer) else "out of memory"


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
