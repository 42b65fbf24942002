"""Random programs with any number of threads: what `explore --for-all` says of all numbers against a search of each, one by one.

    python benchmarks/any_number.py --programs 5000 --most 6

prints how often which answer was given, and each difference with its file; exit code 1 if there is one.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from explore.anonymous_programs import differences, text


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--programs", type=int, default=1000)
    options.add_argument("--most", type=int, default=6, help="threads in a group")
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    answers: Counter[str] = Counter()
    different = 0
    for seed in range(asked.seed, asked.seed + asked.programs):
        of = text(Random(seed))
        answer, *wrong = differences(of, asked.most)
        answers[answer] += 1
        if wrong:
            different += 1
            print(f"seed {seed}: {wrong}\n{of}\n", flush=True)
        if seed % 50 == 49:
            print(sum(answers.values()), different, dict(answers.most_common()), flush=True)
    for answer, count in answers.most_common():
        print(f"{count:6} {answer}")
    print(f"{different:6} differences")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
