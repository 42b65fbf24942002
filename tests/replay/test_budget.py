"""Following a schedule takes no longer than a search may: in a replay, and for a failure that was kept."""

from __future__ import annotations

import time
from functools import partial

import pytest
from cli.files import results, scenario
from explore.found import program
from replay.steps import program_of

from scenario.commands import replaying
from scenario.engines.explore import Unexplored
from scenario.engines.explore.again import recheck, retrace
from scenario.judge import judge
from scenario.results.token import decode

LONG = "vars: {x: 0}\nthreads: {A: {steps: [x = 1, 'n = sum(i * j for i in range(10000) for j in range(10000))', x = 2]}}\n"


def schedule(made):
    return decode(f"1:{made.digest}:A:0,A:0")


def test_a_replay_is_not_followed_for_longer_than_it_may_take():
    made, began = program(LONG), time.monotonic()
    with pytest.raises(Unexplored):
        next(retrace(made, schedule(made), max_seconds=0.3))
    assert time.monotonic() - began < 10


def test_a_kept_failure_is_not_looked_for_longer_than_a_search_may_take():
    made, began = program(LONG), time.monotonic()
    assert recheck(made, schedule(made), "final", judge=judge, max_seconds=0.3) is None
    assert time.monotonic() - began < 10


def test_a_schedule_that_is_not_followed_in_time_is_undecided(tmp_path, monkeypatch):
    text = f"scenario: x\n{LONG}"
    (tmp_path / "x.yaml").write_text(text)
    in_time = partial(retrace, max_seconds=0.3)
    monkeypatch.setattr(replaying, "retrace", lambda made, schedule, _: in_time(made, schedule))
    token = f"1:{program_of(text).digest}:A:0,A:0"
    (result,) = results(scenario("replay", str(tmp_path / "x.yaml"), "--schedule", token, "--output-format", "json"))
    assert result["verdict"] == "undecided"
    (reason,) = result["reasons"]
    assert reason.startswith("the schedule was not followed to its end: the time was up in the middle of ")


def test_a_schedule_that_goes_on_after_the_end_can_not_be_followed():
    made = program("vars: {x: 0}\nthreads: {A: {steps: [x = 1]}, D: {daemon: true, steps: [x = 2, x = 3]}}\n")
    assert list(retrace(made, decode(f"1:{made.digest}:A:0,A:0,D:0"))) == []
