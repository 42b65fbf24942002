"""Random programs for multiprocessing: reductions change no row, and real processes do what the explorer says, and no more.

SCENARIO_PROGRAMS=2000 looks at more of them (from SCENARIO_FIRST on).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from conformance.explored import found, kinds, row_of, rows, with_its_rows
from conformance.for_processes import for_processes
from drawn import first_fitting, seeds
from tasks.files import program

from scenario.engines.processes import run
from scenario.results.notes import Hurried


@pytest.mark.parametrize("seed", seeds(40))
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


@pytest.mark.parametrize("seed", seeds(5))
def test_a_real_run_shows_an_explored_row(seed):
    made, known = first_fitting(seed, lambda one: with_its_rows(for_processes(one)))
    assert row_of(made, run(replace(made, timeout=100), seed=seed)) in known


SMALL = {
    "a lost update": "vars: {x: 0}\nthreads:\n  A: {count: 2, steps: [{repeat: 2, do: [x += 1]}]}\nexpect: {observe: [x]}\n",
    "a list in a manager": (
        "vars: {xs: [0]}\nthreads:\n  A: {count: 2, steps: ['xs[0] += 1', xs.append(index)]}\nexpect: {observe: [list(xs)]}\n"
    ),
    "a dict in a manager": (
        "vars: {d: {expr: '{0: 1}'}, n: 0}\nthreads:\n  A: {steps: ['d[1] = d[0]', 'd[0] += 1']}\n"
        "  B: {steps: [{try: [{for: k, in: d, do: [n += 1]}], except: {RuntimeError: [n = 9]}}]}\nexpect: {observe: [dict(d), n]}\n"
    ),
    "what a view of a dict in a manager shows is a list": (
        "vars: {d: {expr: '{0: 1}'}, n: 0}\nthreads:\n  A: {steps: [{for: [k, v], in: d.items(), do: ['d[k + 5] = v', n += 1]}]}\n"
        "  B: {steps: ['d[2] = 9']}\nexpect: {observe: [dict(d), n]}\n"
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
    explored = found(made, max_states=100_000)
    assert explored.exhausted
    known = rows(explored)
    assert len(known) > 1 or explored.findings
    for seed in range(3):
        assert row_of(made, run(made, seed=seed)) in known
