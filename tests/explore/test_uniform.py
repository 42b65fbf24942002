"""Walking by chance: a strategy behind the same seam as the search of everything, and what it sees is part of that."""

from __future__ import annotations

from random import Random

import pytest
from conformance.generator import generated
from drawn import first_fitting
from explore.found import program
from replay.steps import program_of

from scenario.engines.explore import explore, retrace
from scenario.engines.explore.search.uniform import uniform
from scenario.engines.threads.controlled import replay
from scenario.judge import exploration_verdict, judge
from scenario.settings import ExploreOptions

LOST = """
vars: {counter: 0}
threads: {inc: {count: 3, steps: [counter += 1]}}
expect: [counter == 3]
"""


def walked(made, seed=0, walks=20, **how):
    return explore(made, judge=judge, strategy=uniform(Random(seed), walks), **how)


def rows(exploration):
    return {(repr(row.values), row.end) for row in exploration.rows}


def kinds(exploration):
    return {finding.failure.kind for finding in exploration.findings}


@pytest.mark.parametrize("seed", range(40))
def test_what_is_walked_is_among_what_is_explored(seed):
    made, whole = first_fitting(seed, _explored)
    some = walked(made, seed)
    assert rows(some) <= rows(whole)
    assert kinds(some) <= kinds(whole)
    assert some.states <= whole.states


def _explored(seed):
    """Not where there are more states than this test looks at."""
    made = program_of(generated(seed))
    whole = explore(made, ExploreOptions(keep_going=True, max_states=2_000), judge=judge)
    return (made, whole) if whole.exhausted else None


def test_many_walks_see_every_row():
    made = program(LOST)
    assert rows(walked(made, walks=500)) == rows(explore(made, ExploreOptions(keep_going=True), judge=judge))


def test_the_same_seed_walks_the_same_ways():
    made = program(LOST)
    first, second = walked(made, 7, 3), walked(made, 7, 3)
    assert (first.states, first.rows, first.findings) == (second.states, second.rows, second.findings)
    assert len({walked(made, seed, 1).states for seed in range(8)}) > 1


def test_what_walks_do_not_find_stays_undecided():
    made = program("vars: {x: 0}\nthreads: {A: {count: 2, steps: [x += 1]}}\nexpect: [x >= 1]\n")
    verdict = exploration_verdict(made, walked(made, walks=9))
    assert (verdict.word, verdict.reasons[0]) == (
        "undecided",
        "9 random walks were taken, which may have missed something",
    )


def test_a_failure_that_a_walk_finds_has_a_schedule_that_real_threads_follow():
    made = program(LOST)
    found = walked(made, walks=50)
    (failure,) = found.findings
    (script,) = retrace(made, failure.schedule)
    replayed = replay(made, script)
    assert replayed.diverged is None
    assert replayed.outcome.shared["counter"] < 3


def test_a_walk_that_goes_round_for_ever_is_broken_off():
    made = program("vars: {go: false}\nthreads: {A: {steps: [{while: not go, do: [pass]}]}}\n")
    assert walked(made, walks=2).states > 0
