"""Random programs over all primitives: reductions change no row, real objects do what the explorer says, and no more.

SCENARIO_PROGRAMS=5000 looks at more of them (from SCENARIO_FIRST on).
"""

from __future__ import annotations

import os
import random
import sys
from dataclasses import replace

import pytest
from conformance.generator import generated
from drawn import first_fitting
from replay.steps import program_of, random_walk

from scenario.engines.explore import Unexplored, explore
from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.results.notes import Hurried
from scenario.settings import ExploreOptions

FIRST = int(os.environ.get("SCENARIO_FIRST", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("SCENARIO_PROGRAMS", "40")))
STATES = 600


def found(seed, **how):
    options = ExploreOptions(keep_going=True, max_states=STATES, max_seconds=60, **how)
    return explore(program_of(generated(seed)), options, judge=judge)


def rows(exploration):
    return {(repr(row.values), row.end) for row in exploration.rows}


def kinds(exploration):
    return {finding.failure.kind for finding in exploration.findings}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_naive_stepper_the_memo_and_symmetry_say_the_same(seed):
    """With a memory all is the same: states, steps, rows, odds, schedules. Symmetry has fewer states, and finds the same."""
    naive = found(seed, reduce=False, odds=True)
    remembered = found(seed, odds=True)
    is_hurried = Hurried() in (*remembered.notes, *naive.notes)
    assert _untimed(remembered, is_hurried) == _untimed(naive, is_hurried)
    if naive.exhausted:
        _reduced_says_the_same(found(seed), naive)


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
    got, wanted = judge(program, done), judge(program, expected)
    return (got.end, repr(got.values)) == (wanted.end, repr(wanted.values))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_real_run_shows_an_explored_row(seed):
    program, known = first_fitting(seed, _with_its_rows)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(random.Random(seed).choice([1e-6, 1e-4, 5e-3]))
    try:
        judged = judge(program, run(program, seed=seed))
    finally:
        sys.setswitchinterval(interval)
    assert (repr(judged.values), judged.end) in known


def _with_its_rows(seed):
    """Not where some are unknown, or a run may take for ever or other time."""
    explored, text = found(seed), generated(seed)
    fits = explored.exhausted and not explored.livelock and "clock: virtual" not in text
    return (program_of(text), rows(explored)) if fits else None
