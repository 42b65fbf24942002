"""`scenario explore` beside SPIN on small problems that each states as its user would (see `pairs`).

    python benchmarks/peers/spin.py [--heavy] [--times 5] [NAME ...]

Both run alternately; medians; both must come to the same verdict. Small ones are decided by each tool's defaults, ours for a file
that is new and for one that is known from before. With `--heavy` both go through all states: `-c0`, `-m` and 12 GB there,
`--keep-going` here, new files. Ends with exit code 1 where a bound is passed.
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


def compared(problem: Problem, times: int, *, exhaustively: bool) -> list[float]:
    """The ratios of the medians: ours to SPIN's; where that gives up, the time until then, so it is at most that.

    Of a new file, and of a known one where not all states are asked for.
    """
    rounds = [
        (
            _checked(problem, spun(problem, exhaustively=exhaustively), may_give_up=exhaustively),
            _checked(problem, explored(problem, exhaustively=exhaustively)),
            *(() if exhaustively else (_checked(problem, explored(problem, known=True)),)),
        )
        for _ in range(times)
    ]
    theirs, *ours = (statistics.median(one.seconds for one in tool) for tool in zip(*rounds, strict=True))
    ratios = [seconds / theirs for seconds in ours]
    print(
        f"{problem.name:38} {', '.join(f'{seconds:.2f}' for seconds in ours):>12} s {_states(rounds[0][1]):>18}"
        f"   SPIN {theirs:7.2f} s {_states(rounds[0][0]):>18}   {', '.join(f'{ratio:.3f}' for ratio in ratios)}",
        flush=True,
    )
    return ratios


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
    mean_bound, worst_bound = (HEAVY_MEAN, HEAVY_WORST) if chosen.heavy else (SMALL_MEAN, SMALL_WORST)
    fine = True
    for what, of_all in zip(("new", "known"), zip(*ratios, strict=True), strict=False):
        mean, worst = statistics.geometric_mean(of_all), max(of_all)
        print(f"{what}: geometric mean {mean:.2f} (at most {mean_bound}), worst {worst:.2f} (at most {worst_bound})")
        fine &= mean <= mean_bound and worst <= worst_bound
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
