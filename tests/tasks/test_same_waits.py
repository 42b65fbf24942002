"""The same deadlock on asyncio and on threads: the same threads are stuck, with the same waits, holders and pattern."""

from __future__ import annotations

import time

import pytest
from replay.test_same_waits import WAITS
from tasks.files import program

from scenario.diagnostics import InvalidScenario
from scenario.engines import tasks, threads
from scenario.judge import judge, run_verdict
from scenario.judge.patterns import pattern
from scenario.program.program import Program
from scenario.results.outcome import Outcome


def fits(text: str) -> bool:
    try:
        program(text)
    except InvalidScenario:
        return False
    return True


OTHERWISE = {
    "many futures of its own",  # a future that is cancelled is done there, and needs no worker to say so
    "semaphore, by whom a refused release has left it",  # places are given back one by one there, up to the one too many
}
COMMON = {name: text for name, text in WAITS.items() if name not in OTHERWISE and fits(text)}


def the_pattern(made: Program, outcome: Outcome) -> object:
    (evidence,) = run_verdict(made, outcome, judge(made, outcome), 0).evidence
    found = pattern(evidence)
    return found and found.name


def test_most_waits_are_there_on_asyncio_too():
    assert len(COMMON) >= 20


@pytest.mark.parametrize("name", COMMON)
def test_a_deadlock_is_told_as_on_threads(name: str) -> None:
    on_threads, on_tasks = program(COMMON[name], "threading"), program(COMMON[name])
    there, here = threads.run(on_threads), tasks.run(on_tasks)
    assert (there.end, here.end) == ("deadlock", "deadlock")
    assert here.blocked == there.blocked
    assert the_pattern(on_tasks, here) == the_pattern(on_threads, there)


@pytest.mark.parametrize("name", COMMON)
def test_a_deadlock_is_told_at_once(name: str) -> None:
    began = time.monotonic()
    tasks.run(program(COMMON[name]))
    assert time.monotonic() - began < 5  # and not at the timeout of 30 seconds
