"""Odd arguments of every verb: a run, exploring and a replay make the same of them.

SCENARIO_PROGRAMS=1200 looks at more of them (from SCENARIO_FIRST on).
"""

from __future__ import annotations

import json
import random

import pytest
from drawn import first_fitting, seeds
from single.engines import by_explore, by_replay, by_run, program_of

from scenario.diagnostics import InvalidScenario

VALUES = [
    "None", "-1", "0", "1", "2", "1.5", "-0.5", "'x'", "''", "[]", "[1]", "()", "True", "False", "10 ** 400", "1e400", "float('nan')",
    "{}", "{1}", "1e20", "-1e20", "x", "range(3)", "'ab'.encode()",
]  # fmt: skip
STEPS = [
    {"acquire": "lock", "timeout": "V", "into": "x"}, {"acquire": "lock", "blocking": "V", "into": "x"},
    {"acquire": "lock", "blocking": "V", "timeout": "1", "into": "x"}, {"acquire": "rlock", "blocking": "V", "timeout": "V", "into": "x"},
    {"acquire": "places", "timeout": "V", "into": "x"}, {"acquire": "places", "blocking": "V", "timeout": "V", "into": "x"},
    {"acquire": "none", "blocking": "V", "timeout": "0", "into": "x"}, {"acquire": "locks[V]", "timeout": "0"}, {"with": "locks[V]", "do": ["x = 2"]},
    {"release": "bounded", "n": "V"}, {"release": "places", "n": "V if V != 10 ** 400 else 1"}, {"release": "lock"}, {"set": "events[V]"},
    {"put": "jobs", "item": "V", "timeout": "0"}, {"put": "jobs", "item": "1", "block": "V", "timeout": "V"}, {"put": "ranked", "item": "V"},
    {"put": "full", "item": "1", "block": "V", "timeout": "0"}, {"put": "full", "item": "1", "block": "0", "timeout": "V"},
    {"get": "full", "block": "V", "timeout": "0", "into": "x"}, {"get": "full", "timeout": "V", "into": "x"}, {"get": "jobs", "block": "V", "timeout": "0", "into": "x"},
    {"get": "simple", "timeout": "V", "into": "x"}, {"put": "simple", "item": "V", "block": "V", "timeout": "V"}, {"task_done": "jobs"},
    {"wait": "is_set", "timeout": "V", "into": "x"}, {"notify": "held", "n": "V"}, {"notify": "changed"}, {"wait": "changed", "timeout": "V"},
    {"wait": "alone", "timeout": "V", "into": "x"}, {"sleep": "0 if V == 1e20 else V"}, {"result": "V"}, {"cancel": "V"}, {"wait_futures": "V", "timeout": "0"},
    {"as_completed": "k", "in": "V", "do": ["x = 2"]}, {"repeat": "V", "do": ["x = 2", "break"]}, {"for": "k", "in": "V", "do": ["x = k", "break"]},
    {"while": "V", "do": ["x = 2", "break"]}, {"choose": "x", "from": "[V]"}, {"assert": "V", "message": "{V}"}, {"raise": "ValueError", "message": "{V}"},
    {"await": "True", "timeout": "V"}, {"call": "given", "args": ["V"], "into": "ys[V]"}, {"call": "given", "args": ["V"], "into": "x, k"},
    {"print": "{V:>5}"}, {"print": "{V!r:d}"}, {"mark": "{V:.2f}"}, {"atomic": ["x = V"]},
]  # fmt: skip
PRIMITIVES = {
    "lock": "Lock", "rlock": "RLock", "places": {"Semaphore": 3}, "none": {"Semaphore": 0}, "bounded": {"BoundedSemaphore": 5}, "jobs": {"Queue": 3},
    "full": {"Queue": 1}, "ranked": "PriorityQueue", "simple": "SimpleQueue", "is_set": "Event", "held": "Condition", "changed": "Condition",
    "alone": {"Barrier": 1}, "locks": {"array": 2, "of": "Lock"}, "events": {"array": 2, "of": "Event"},
}  # fmt: skip
BEFORE = [{"acquire": "held"}, {"put": "full", "item": 1}, {"put": "simple", "item": 1}, {"set": "is_set"}]
SEEDS = seeds(60)


def with_an_odd_argument(seed):
    """The scenario of that seed with its program; none where the file is refused before anything is run."""
    chance = random.Random(seed)
    return with_step(json.loads(json.dumps(chance.choice(STEPS)).replace("V", chance.choice(VALUES))))


def with_step(step):
    scenario = {
        "scenario": "odd", "vars": {"x": 0, "ys": [1, 2]}, "primitives": PRIMITIVES,
        "routines": {"given": {"params": ["a"], "steps": [{"return": "a"}]}},
        "threads": {"A": {"steps": [*BEFORE, step, "ys[0] = 9"]}}, "expect": {"output": {"contains": []}},
    }  # fmt: skip
    try:
        return scenario, program_of(scenario)
    except InvalidScenario:
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_every_engine_makes_the_same_of_an_odd_argument(seed):
    every_engine_makes_the_same(*first_fitting(seed, with_an_odd_argument))


@pytest.mark.parametrize(
    "step",
    [
        {"acquire": "lock", "timeout": "None"},  # a replay took it for none given
        {"release": "places", "n": "float('nan')"},  # counted in a loop before Python 3.12 alone
        {"release": "bounded", "n": "1.5"},
        {"acquire": "lock", "blocking": "10 ** 400"},  # before Python 3.12, three messages
        {"acquire": "rlock", "blocking": "2 ** 31"},
        {"acquire": "lock", "blocking": "-2 ** 31 - 1"},
    ],
    ids=str,
)
def test_what_was_wrong_once_is_the_same(step):
    every_engine_makes_the_same(*with_step(step))


def every_engine_makes_the_same(scenario, program):
    explored, schedule = by_explore(scenario, program)
    assert by_run(scenario, program) == explored
    assert by_replay(scenario, program, schedule) == explored
