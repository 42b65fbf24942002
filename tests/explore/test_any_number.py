"""Programs with any number of threads: what is decided of all numbers, and of each by counting, against a search of each as it stands.

`python tests/explore/test_any_number.py --programs 5000 --most 6` takes longer.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from explore.anonymous_programs import text
from explore.found import program
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore import Unexplored, explore
from scenario.engines.explore.coverability.deciding import Deciding
from scenario.engines.explore.coverability.outside import by_itself, reasons_against
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.step.layout import layout
from scenario.judge import exploration_verdict, judge
from scenario.program.open import Open
from scenario.settings import ExploreOptions
from scenario.syntax import Const

STATES = 10_000
"""Larger instances are not looked at."""


def decided(of: str) -> tuple[str, Deciding | None, bool | None]:
    """What is said of all numbers, who says it, and whether the least fails."""
    try:
        whole = program(of)
        alone = by_itself(whole)
        if alone is None:
            return "outside: main", None, None
        sizes = {group.key: Const(1) for group in whole.groups if group.key in "AC"}
        made = layout(alone)
        if "'n == 2'" in of or "x <= n" in of:
            return "outside: use", None, None
        for reason in reasons_against(Open(whole, {}, sizes), made):
            return f"outside: {reason.what}", None, None
        deciding = Deciding(made, sizes, partial(judge, alone), Budget(20_000, 2.0))
        unproved = deciding.unproved()
        return unproved or "proved", Deciding(made, sizes, partial(judge, alone), Budget()), deciding.fails(ONE)
    except InvalidScenario:
        return "invalid", None, None
    except Unexplored as reason:
        return f"unexplored: {reason}", None, None


ONE = {"A": 1, "C": 1}


def differences(of: str, most: int) -> Iterator[str]:
    """What is said first; then where a search of an instance says something else."""
    said, deciding, first = decided(of)
    yield said
    if deciding is None:
        return
    failing, searched = False, 0
    for n, m in product(range(1, most + 1), range(1, most + 1) if "C:" in of else (1,)):
        whole = program(of, n=n, m=m)
        exploration = explore(whole, ExploreOptions(max_states=STATES, max_seconds=20), judge=judge)
        found = exploration_verdict(whole, exploration).word
        if found == "undecided":
            continue
        searched += 1
        failing = failing or found == "fails"
        fails = deciding.fails({"A": n, "C": m})
        if fails is not None and fails != (found == "fails"):
            yield f"for {n}, {m}: {found}, but counting says that {'it fails' if fails else 'it does not'}"
        if said == "proved" and first is False and found != "holds":
            yield f"for {n}, {m}: {found}, but it was proved"
    if said == "safety" and searched >= 6 and not failing and "wait" not in of:
        yield f"safety, but no number up to {most} fails"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_each_number_of_threads_has_the_verdict_that_was_decided(seed: int):
    of = text(Random(seed))
    _, *wrong = differences(of, 2)
    assert not wrong, of


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--programs", type=int, default=1000)
    options.add_argument("--most", type=int, default=6)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    seen: Counter[str] = Counter()
    for seed in range(asked.seed, asked.seed + asked.programs):
        of = text(Random(seed))
        said, *wrong = differences(of, asked.most)
        seen[said] += 1
        if wrong:
            print(f"seed {seed}: {wrong}\n{of}", flush=True)
            seen["DIFFERENT"] += 1
        if seed % 100 == 99:
            print(dict(seen.most_common()), flush=True)
    print(dict(seen.most_common()))


if __name__ == "__main__":
    main()
