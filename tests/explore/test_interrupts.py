"""Ctrl-C gives what is known, whatever the search is doing."""

import importlib
from typing import Any

import pytest
from explore.found import program

from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.results.undecided import NotAll
from scenario.settings import ExploreOptions

ENGINE = "scenario.engines.explore.search"

SPINS = """
vars: {x: 0, go: false}
threads: {A: {count: 3, steps: [x += 1, x += 1]}, W: {steps: [{while: not go, do: [pass]}]}}
"""


def once(monkeypatch: pytest.MonkeyPatch, module: str, name: str) -> None:
    """The first call of the engine's function is interrupted."""
    engine, calls = importlib.import_module(f"{ENGINE}.{module}"), []
    real = getattr(engine, name)

    def interrupted(*args: Any, **settings: Any) -> Any:
        calls.append(name)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*args, **settings)

    monkeypatch.setattr(engine, name, interrupted)


def test_during_the_search_the_verdict_is_open() -> None:
    def progress(_far: object) -> None:
        raise KeyboardInterrupt

    made = program(SPINS)
    found = explore(made, judge=judge, progress=progress)
    assert found.interrupted
    assert found.states > 0
    verdict = exploration_verdict(made, found)
    assert (verdict.word, verdict.why) == ("undecided", (NotAll("interrupted"),))


def test_a_failure_that_was_found_before_still_fails() -> None:
    def progress(_far: object) -> None:
        raise KeyboardInterrupt

    made = program(SPINS + "expect: {always: [x < 1]}\n")
    found = explore(made, ExploreOptions(keep_going=True), judge=judge, progress=progress)
    assert found.interrupted
    assert exploration_verdict(made, found).word == "fails"


def test_after_the_search_nothing_is_said_to_be_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    once(monkeypatch, "forever", "find_endless")
    found = explore(program(SPINS), judge=judge)
    assert (found.interrupted, found.exhausted) == (True, False)


def test_while_schedules_are_shortened_the_failures_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    once(monkeypatch, "findings", "finding")
    found = explore(program(SPINS), judge=judge)
    assert found.interrupted
    assert [finding.failure.kind for finding in found.findings] == ["livelock"]
