"""Ctrl-C gives what is known, whatever the search is doing."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from explore.found import program

from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.report.searched import search_text
from scenario.results.result import Result
from scenario.results.result import Search as ResultSearch
from scenario.results.undecided import NotAll
from scenario.settings import ExploreOptions

ENGINE = "scenario.engines.explore.search.schedules"

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


ABBA = """
primitives: {a: Lock, b: Lock}
threads: {A: {steps: [{with: [a, b], do: [pass]}]}, B: {steps: [{with: [b, a], do: [pass]}]}}
"""


def told(monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    """What the search of a deadlock says when that function is interrupted."""
    once(monkeypatch, *options)
    made = program(ABBA)
    found = explore(made, judge=judge)
    verdict = exploration_verdict(made, found)
    assert (verdict.word, found.interrupted) == ("fails", True)
    return "\n".join(search_text(ResultSearch(found, made.settings), Result("x.yaml", verdict, None)))


def test_while_the_shortest_schedule_is_looked_for_no_other_reason_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    said = told(monkeypatch, "findings", "least_preemptions")
    assert "not all interleavings covered (interrupted)" in said
    assert "looking for shorter schedules was interrupted" in said
    assert "stopped at the first failure" not in said


def test_when_all_is_said_it_stays_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letting go of millions of states takes long, and the signal is heeded after that."""

    @contextmanager
    def lets_go() -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    made = program(ABBA)
    monkeypatch.setattr(sys.modules["scenario.engines.explore.explore"], "no_collection", lets_go)
    found = explore(made, judge=judge)
    assert (found.interrupted, exploration_verdict(made, found).word) == (True, "fails")


def test_what_is_not_begun_is_interrupted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["scenario.engines.explore.explore"], "layout", interrupted)
    found = explore(program(ABBA), judge=judge)
    assert (found.interrupted, found.undecided) == (True, (NotAll("interrupted"),))


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_budget_that_is_spent_is_not_a_first_failure() -> None:
    made = program(
        "vars: {x: 0}\nthreads: {A: {count: 3, steps: [{repeat: 3, do: [x += 1]}]}}\nexpect: {always: [x < 1]}\n"
    )
    found = explore(made, ExploreOptions(keep_going=True, max_states=20), judge=judge)
    verdict = exploration_verdict(made, found)
    said = "\n".join(search_text(ResultSearch(found, made.settings), Result("x.yaml", verdict, None)))
    assert verdict.word == "fails"
    assert "not all interleavings covered (more than 20 states)" in said
