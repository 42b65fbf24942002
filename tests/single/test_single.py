"""The law behind every verdict: of a program of one thread, plain CPython and all engines make the same.

SCENARIO_PROGRAMS=20000 looks at more of them (from SCENARIO_FIRST on).
"""

from __future__ import annotations

import os

import pytest
from drawn import first_fitting
from single.engines import by_explore, by_replay, by_run, expected, program_of
from single.generator import generated
from single.reference import TooLongError

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore.model.values import Unexplored

FIRST = int(os.environ.get("SCENARIO_FIRST", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("SCENARIO_PROGRAMS", "150")))
ONCE_WRONG = (399, 1247, 1295, 1314, 1325, 1665, 2059, 2381, 2455, 2487)
"""Programs of which some engine made something else once."""


def a_program(seed):
    """The scenario, its program and what is right; none where the file is invalid, or goes on and on."""
    scenario = generated(seed)
    try:
        program = program_of(scenario)
        return scenario, program, expected(scenario)[0]
    except (InvalidScenario, TooLongError):
        return None


@pytest.mark.parametrize("seed", sorted({*SEEDS, *ONCE_WRONG}))
def test_every_engine_does_what_python_does(seed):
    scenario, program, right = first_fitting(seed, a_program)
    assert by_run(scenario, program) == right
    try:
        explored, schedule = by_explore(scenario, program)
    except Unexplored:  # what is undecided is never wrong
        return
    assert explored == right
    assert by_replay(scenario, program, schedule) == right
