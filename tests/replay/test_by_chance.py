"""Real threads under a scheduler that goes by chance end in what exploring knows: one more strategy behind the same seam."""

from __future__ import annotations

from random import Random

import pytest
from conformance.explored import found, row_of, rows, with_its_rows
from conformance.generator import generated
from conformance.test_real_runs import LIVES, SMALL
from drawn import first_fitting
from explore.found import program
from replay.steps import program_of

from scenario.engines.threads.controlled import execute
from scenario.engines.threads.controlled.uniform import Uniform


def ended(made, seeds):
    """How executions end; not those that are broken off, since they go on for long."""
    outcomes = [execute(made, Uniform(Random(seed)), longest=500) for seed in seeds]
    return {row_of(made, outcome) for outcome in outcomes if outcome.end != "interrupted"}


@pytest.mark.parametrize("text", SMALL)
def test_each_execution_ends_in_an_explored_row(text):
    made = program(text)
    assert ended(made, range(25)) <= rows(found(made, max_states=100_000))


@pytest.mark.parametrize("path", LIVES, ids=lambda path: path.stem)
def test_with_pools_timers_joins_and_futures_too(path):
    made = program(path.read_text().partition("\n")[2])
    assert ended(made, range(6)) <= rows(found(made, max_states=100_000))


@pytest.mark.parametrize("seed", range(40))
def test_random_programs_end_in_explored_rows(seed):
    made, known = first_fitting(seed, _with_its_rows)
    assert ended(made, range(4)) <= known


def _with_its_rows(seed):
    """Not where an execution goes by the clock."""
    text = generated(seed)
    return None if "clock: virtual" in text or "spurious: true" in text else with_its_rows(program_of(text))


ROUND_AFTER_ROUND = """
vars: {x: 0}
primitives: {g: {Barrier: 1}}
threads:
  A: {steps: [{wait: g}, {wait: g}]}
  B: {steps: [{wait: g, into: x, timeout: 0.01}]}
"""


def test_who_comes_before_all_have_left_a_barrier_waits_for_them_whatever_its_timeout():
    """CPython's `Barrier.wait` has no timeout for that."""
    made = program(ROUND_AFTER_ROUND)
    known = rows(found(made))
    assert ended(made, range(12)) <= known


def test_chance_finds_both_ends_of_a_lost_update():
    made = program("vars: {x: 0}\nthreads: {A: {count: 2, steps: [x += 1]}}\n")
    assert {values for values, _ in ended(made, range(20))} == {repr((("x", n),)) for n in (1, 2)}


def test_the_same_seed_takes_the_same_steps():
    made = program(SMALL[1])
    assert len(ended(made, [3] * 5)) == 1


def test_a_deadlock_by_chance_is_a_deadlock():
    made = program(SMALL[-2])
    outcomes = [execute(made, Uniform(Random(seed))) for seed in range(20)]
    stuck = [outcome for outcome in outcomes if outcome.end == "deadlock"]
    assert stuck
    assert all({one.thread for one in outcome.blocked} == {"A", "B"} for outcome in stuck)
