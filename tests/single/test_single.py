"""The law behind every verdict: of a program of one thread, plain CPython and all engines make the same.

SCENARIO_PROGRAMS=20000 looks at more of them (from SCENARIO_FIRST on).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from drawn import first_fitting, seeds
from single.engines import by_explore, by_replay, by_run, expected, program_of
from single.generator import generated
from single.reference import TooLongError

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore.model.values import Unexplored

SEEDS = seeds(150)
ONCE_WRONG = [json.loads(line) for line in (Path(__file__).parent / "once_wrong.jsonl").read_text().splitlines()]
"""Programs of which some engine made something else once."""


def with_what_is_right(scenario):
    """The scenario, its program and what is right; none where the file is invalid, or goes on and on."""
    try:
        program = program_of(scenario)
        return scenario, program, expected(scenario)[0]
    except (InvalidScenario, TooLongError):
        return None


def every_engine_does(right, scenario, program):
    assert by_run(scenario, program) == right
    try:
        explored, schedule = by_explore(scenario, program)
    except Unexplored:  # what is undecided is never wrong
        return
    assert explored == right
    assert by_replay(scenario, program, schedule) == right


@pytest.mark.parametrize("seed", SEEDS)
def test_every_engine_does_what_python_does(seed):
    scenario, program, right = first_fitting(seed, lambda one: with_what_is_right(generated(one)))
    every_engine_does(right, scenario, program)


@pytest.mark.parametrize("number", range(len(ONCE_WRONG)))
def test_what_was_wrong_once_is_right(number):
    scenario, program, right = with_what_is_right(ONCE_WRONG[number])
    every_engine_does(right, scenario, program)


@pytest.mark.parametrize("name", ["x", "y"], ids=["shared", "a local"])
def test_what_doubles_again_and_again_is_not_compared(name):
    """Python makes a list of a hundred million items of it, which no engine lets a file have."""
    steps = [f"{name} = [1]", {"repeat": "27", "do": [f"{name} *= 2"]}]
    scenario = {"scenario": "doubles", "vars": {"x": 0}, "routines": {}, "threads": {"A": {"steps": steps}}, "expect": {"observe": ["x"]}}  # fmt: skip
    with pytest.raises(TooLongError):
        expected(scenario)
    with pytest.raises(InvalidScenario, match="longer than 1000000 items"):
        by_run(scenario, program_of(scenario))


PAST_A_BOUND = [
    ("'a'", "NAME += str(NAME)", "longer than 1000000 items"),
    ("'a'", "NAME += " + repr("a" * 9_000), "longer than 1000000 items"),
    ("'%d'", "NAME %= 5", "a text has no %"),
    ("1", f"NAME += {2**9_996}", "an integer of more than 10000 bits"),
    ("1", "NAME += abs(NAME)", "an integer of more than 10000 bits"),
    ("1", "NAME += -(0 - NAME)", "an integer of more than 10000 bits"),
    ("1", "NAME += int(NAME)", "an integer of more than 10000 bits"),
    ("1", "NAME = abs(NAME) + abs(NAME)", "an integer of more than 10000 bits"),
    ("1", "NAME -= 0 - NAME", "an integer of more than 10000 bits"),
    ("1", "NAME = NAME - (0 - NAME)", "an integer of more than 10000 bits"),
    ("1", "NAME = abs(NAME) - -abs(NAME)", "an integer of more than 10000 bits"),
]


@pytest.mark.parametrize("name", ["x", "y"], ids=["shared", "a local"])
@pytest.mark.parametrize(("begins", "step", "why"), PAST_A_BOUND)
def test_what_grows_past_a_bound_in_place_is_the_files_fault_in_every_engine(name, begins, step, why):
    steps = [f"{name} = {begins}", {"repeat": "20000", "do": [step.replace("NAME", name)]}]
    scenario = {"scenario": "grows", "vars": {"x": 0}, "routines": {}, "threads": {"A": {"steps": steps}}, "expect": {"observe": ["1"]}}  # fmt: skip
    with pytest.raises(InvalidScenario, match=why):
        by_run(scenario, program_of(scenario))
    if name == "y":  # each round of the other is a state
        with pytest.raises(InvalidScenario, match=why):
            by_explore(scenario, program_of(scenario))


def _tried(step):
    return {"try": [step], "except": {"ZeroDivisionError": ["z = 'left'"], "IndexError": ["z = 'right'"]}}


@pytest.mark.parametrize(
    "step",
    [
        "z = l.pop() < l.pop()", "z = l[0] < l.pop(0)", "z = l[0] < l.pop(0) < l[0]", "z = [l[-1], l.pop()]", "z = l.pop() - l.pop()",
        _tried("z = 1 / (x - 1) < xs[9]"), _tried("z = xs[9] < 1 / (x - 1)"), _tried("z = 1 / (x - 1) + xs[9]"), _tried("z = [1 / (x - 1), xs[9]]"),
        _tried("l[xs[9]] = 1 / (x - 1)"), _tried("l[1 // (x - 1)] += xs[9]"), _tried("z = xs[9] if 1 / (x - 1) else 0"),
        _tried("m[xs[9]][1 // (x - 1)] = 1"), _tried("z = 1 / (x - 1) < xs[9] < xs[0]"), "z = l.pop() < xs[l.pop()] < xs[0]", {"call": "h", "args": ["l"], "into": "z"},
    ],
)  # fmt: skip
def test_operands_come_from_left_to_right_and_whichever_raises_first_is_seen(step):
    scenario = generated(0)
    beginning = scenario["threads"]["A"]["steps"][:8]
    scenario["threads"]["A"]["steps"] = [*beginning, step]
    scenario["routines"]["h"] = {
        "params": ["p"],
        "steps": [{"try": [{"return": "[p[0], len(p)]"}], "finally": ["p.append(0)"]}],
    }
    fitting = with_what_is_right(scenario)
    assert fitting is not None
    _, program, right = fitting
    every_engine_does(right, scenario, program)
