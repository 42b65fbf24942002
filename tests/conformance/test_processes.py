"""Random programs for multiprocessing: reductions change no row, and real processes do what the explorer says, and no more.

SCENARIO_PROGRAMS=2000 looks at more of them (from SCENARIO_FIRST on).
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from conformance.for_processes import for_processes
from drawn import first_fitting
from tasks.files import program

from scenario.engines.explore import explore
from scenario.engines.processes import run
from scenario.judge import judge
from scenario.results.notes import Hurried
from scenario.settings import ExploreOptions

FIRST = int(os.environ.get("SCENARIO_FIRST", "0"))
ASKED = os.environ.get("SCENARIO_PROGRAMS")
SEEDS = range(FIRST, FIRST + int(ASKED or "40"))
RUNS = range(FIRST, FIRST + int(ASKED or "5"))
STATES = 600


def found(made, **how):
    return explore(made, ExploreOptions(keep_going=True, max_states=STATES, max_seconds=60, **how), judge=judge)


def rows(exploration):
    return {(repr(row.values), row.end) for row in exploration.rows}


def kinds(exploration):
    return {finding.failure.kind for finding in exploration.findings}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_naive_stepper_the_memo_and_symmetry_say_the_same(seed):
    made = first_fitting(seed, for_processes)
    naive = found(made, reduce=False)
    remembered = found(made, odds=True)
    hurried = Hurried() in (*remembered.notes, *naive.notes)
    assert (remembered.states, remembered.steps, rows(remembered)) == (naive.states, naive.steps, rows(naive))
    assert hurried or kinds(remembered) == kinds(naive)
    if naive.exhausted:
        reduced = found(made)
        assert (rows(reduced), kinds(reduced), reduced.deadlock) == (rows(naive), kinds(naive), naive.deadlock)
        assert reduced.states <= naive.states


def _with_its_rows(seed):
    """Not where some are unknown, or a run may take for ever."""
    made = for_processes(seed)
    if made is None:
        return None
    explored = found(made)
    return (made, rows(explored)) if explored.exhausted and not explored.livelock else None


def shown(made, seed=0):
    judged = judge(made, run(made, seed=seed))
    return repr(judged.values), judged.end


@pytest.mark.parametrize("seed", RUNS)
def test_a_real_run_shows_an_explored_row(seed):
    made, known = first_fitting(seed, _with_its_rows)
    assert shown(replace(made, timeout=100), seed) in known


SMALL = {
    "a lost update": "vars: {x: 0}\nthreads:\n  A: {count: 2, steps: [{repeat: 2, do: [x += 1]}]}\nexpect: {observe: [x]}\n",
    "a list in a manager": (
        "vars: {xs: [0]}\nthreads:\n  A: {count: 2, steps: ['xs[0] += 1', xs.append(index)]}\nexpect: {observe: [list(xs)]}\n"
    ),
    "a dict in a manager": (
        "vars: {d: {expr: '{0: 1}'}, n: 0}\nthreads:\n  A: {steps: ['d[1] = d[0]', 'd[0] += 1']}\n"
        "  B: {steps: [{try: [{for: k, in: d, do: [n += 1]}], except: {RuntimeError: [n = 9]}}]}\nexpect: {observe: [dict(d), n]}\n"
    ),
    "a queue that hands over later": (
        "vars: {got: 0}\nprimitives: {q: Queue}\nthreads:\n  P: {count: 2, steps: [{put: q, item: index + 1}]}\n"
        "  C: {steps: [{get: q, into: a}, {get: q, into: b}, got = a * 10 + b]}\nexpect: {observe: [got]}\n"
    ),
    "locks in a circle": (
        "primitives: {a: Lock, b: Lock}\nthreads:\n  A: {steps: [{with: [a, b], do: [pass]}]}\n"
        "  B: {steps: [{with: [b, a], do: [pass]}]}\nexpect: {observe: []}\n"
    ),
    "waits that time out": (
        "primitives: {e: Event}\nthreads:\n  A: {steps: [{wait: e, timeout: 0.01, into: r}]}\n"
        "  B: {steps: [{set: e}, {clear: e}]}\nexpect: {observe: [A.r]}\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", SMALL.values(), ids=SMALL)
def test_small_files_stay_within_the_explored_rows(text):
    made = program(f"timeout: 100\n{text}", "multiprocessing")
    explored = explore(made, ExploreOptions(keep_going=True, max_seconds=60), judge=judge)
    assert explored.exhausted
    known = rows(explored)
    assert len(known) > 1 or explored.findings
    for seed in range(3):
        assert shown(made, seed) in known
