"""Random programs over all primitives: reductions change no row, real objects do what the explorer says, and no more.

SCENARIO_PROGRAMS=5000 looks at more of them (from SCENARIO_FIRST on).
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace

import pytest
from conformance.explored import found, kinds, row_of, rows, with_its_rows
from conformance.generator import generated
from drawn import first_fitting, seeds
from replay.steps import program_of, random_walk

from scenario.engines.explore import Unexplored
from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.results.notes import Hurried

SEEDS = seeds(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_naive_stepper_the_memo_and_symmetry_say_the_same(seed):
    """With a memory all is the same: states, steps, rows, odds, schedules. Symmetry has fewer states, and finds the same."""
    made = program_of(generated(seed))
    naive = found(made, reduce=False, odds=True)
    remembered = found(made, odds=True)
    is_hurried = Hurried() in (*remembered.notes, *naive.notes)
    assert _untimed(remembered, is_hurried) == _untimed(naive, is_hurried)
    if naive.exhausted:
        _reduced_says_the_same(found(made), naive)


def _untimed(exploration, is_hurried):
    """Without what the clock decides: on a busy machine the time to shorten schedules may be up."""
    if not is_hurried:
        return replace(exploration, seconds=0)
    notes = tuple(note for note in exploration.notes if note != Hurried())
    return kinds(exploration), replace(exploration, seconds=0, notes=notes, findings=(), permitted=())


def _reduced_says_the_same(reduced, naive):
    assert (rows(reduced), kinds(reduced), reduced.deadlock) == (rows(naive), kinds(naive), naive.deadlock)
    assert reduced.states <= naive.states


@pytest.mark.parametrize("seed", SEEDS)
def test_the_real_objects_follow_a_random_execution(seed):
    program, (schedule, is_over, expected) = first_fitting(seed, _with_an_execution)
    assert any(_follows(program, script, expected, is_over=is_over) for script in retrace(program, schedule))


def _with_an_execution(seed):
    """Not where it may go on for ever, nor where it does what is not explored."""
    program = program_of(generated(seed))
    try:
        walk = random_walk(program, seed)
    except Unexplored:
        return None
    return None if len(walk[0].moves) == 200 else (program, walk)


def _follows(program, script, expected, *, is_over):
    replayed = replay(program, script)
    done = replayed.outcome
    if replayed.diverged is not None:
        return False
    if not is_over:
        return done.end in ("deadlock", "livelock") and repr(done.shared) == repr(expected.shared)
    return row_of(program, done) == row_of(program, expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_real_run_shows_an_explored_row(seed):
    program, known = first_fitting(seed, _with_its_rows)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(random.Random(seed).choice([1e-6, 1e-4, 5e-3]))
    try:
        outcome = run(program, seed=seed)
    finally:
        sys.setswitchinterval(interval)
    assert row_of(program, outcome) in known


def _with_its_rows(seed):
    """Not where a run takes other time."""
    text = generated(seed)
    return None if "clock: virtual" in text else with_its_rows(program_of(text))
