"""`scenario explore` beside two model checkers in Python, musil and minicheck, on what all three express.

    python benchmarks/peers/checkers.py [--python OTHER] [--times 5]

OTHER is a Python (3.12 or newer) with `pip install musil minicheck`; without it the one that runs this. Their models are written as their users
would write them, a transition for each access: states are tuples, a thread's part is its place and its locals. Each answer is a process of
its own, from its start to the verdict, in seconds of the processor, with each tool's own defaults; run one after the other, medians.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

from pairs import Answer, NoAnswer, Problem, explored, timed

PROBLEMS = (
    Problem("unlocked", False, {"n": 2, "rounds": 1}),
    Problem("unlocked", False, {"n": 4, "rounds": 2}),
    Problem("unlocked", False, {"n": 6, "rounds": 1}),
    Problem("locked", True, {"n": 4, "rounds": 2}),
    Problem("locked", True, {"n": 6, "rounds": 3}),
    Problem("philosophers", False, {"n": 5}),
    Problem("philosophers_ordered", True, {"n": 8}),
    Problem("peterson", True),
)
ASKED = Path(__file__).with_name("checked.py")
"""What the other Python runs: `checked.py TOOL MODEL SIZE=N ...`."""


def checked(tool: str, python: str, problem: Problem) -> Answer | NoAnswer:
    sizes = [f"{name}={value}" for name, value in problem.sizes.items()]

    def answer(said: str, seconds: float) -> Answer | NoAnswer:
        word, _, states = said.strip().partition(" ")
        return Answer(word == "holds", seconds, int(states)) if word in ("holds", "fails") else NoAnswer(said, seconds)

    return timed([[python, str(ASKED), tool, problem.model, *sizes]], Path.cwd(), None, answer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args()
    subprocess.run([chosen.python, "-c", "import musil, minicheck"], check=True)
    print("| problem | scenario | musil | minicheck |\n|---|---|---|---|")
    for problem in PROBLEMS:
        rounds = [
            [explored(problem), *(checked(tool, chosen.python, problem) for tool in ("musil", "minicheck"))]
            for _ in range(chosen.times)
        ]
        print(f"| `{problem.name}` | {' | '.join(map(_told, [problem] * 3, zip(*rounds, strict=True)))} |", flush=True)


def _told(problem: Problem, answers: tuple[Answer | NoAnswer, ...]) -> str:
    known = [answer for answer in answers if isinstance(answer, Answer)]
    if len(known) < len(answers):
        return "no answer"
    assert all(answer.holds == problem.holds for answer in known), (problem, known)
    return f"{statistics.median(answer.seconds for answer in known):.2f} s ({known[0].states:,} states)"


if __name__ == "__main__":
    main()
