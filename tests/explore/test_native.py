"""Outside of Python a search goes on as it would have in Python: the same states, steps, rows, failures and schedules."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from drawn import examples
from explore.found import program
from explore.oracle import text
from explore.test_oracle import PROGRAMS
from hypothesis import given, settings
from replay.test_shipped import FILES, ROOT, programs

from scenario.engines.explore import explore
from scenario.engines.explore.search.strategies import breadth_first, native
from scenario.judge import judge
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.settings import ExploreOptions

EARLY = (1, 2, 7, 40)
"""After so many states."""


def searched(of: Program, large: int, *, keep_going: bool, max_states: int = 20_000) -> Exploration:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(breadth_first, "GROWN", math.inf)
        patch.setattr(breadth_first, "LARGE", large)
        patch.setattr(native, "OWN", 0)
        found = explore(of, ExploreOptions(max_states=max_states, keep_going=keep_going), judge=judge)
    return replace(found, seconds=0.0, notes=())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_scenarios_are_told_alike(path):
    for of in programs(path):
        for keep_going in (False, True):
            in_python = searched(of, -1, keep_going=keep_going, max_states=3_000)
            early = EARLY[in_python.states % len(EARLY)]
            assert searched(of, early, keep_going=keep_going, max_states=3_000) == in_python


@settings(max_examples=examples(20))
@given(PROGRAMS)
def test_made_up_programs_are_told_alike(groups):
    of = program(text(groups))
    in_python = searched(of, -1, keep_going=True)
    early = EARLY[in_python.states % len(EARLY)]
    assert searched(of, early, keep_going=True) == in_python


def test_a_search_that_grows_goes_on_natively(monkeypatch):
    of = program("""
        vars: {x: 0}
        threads:
          a: {steps: [{repeat: 8, do: ['x += 1']}]}
          b: {steps: [{repeat: 8, do: ['x += 2']}]}
    """)
    monkeypatch.setattr(breadth_first, "LARGE", 100)
    went_on = []
    monkeypatch.setattr(native, "go_on", lambda *search, go_on=native.go_on: went_on.append(1) or go_on(*search))
    found = explore(of, judge=judge)
    assert (went_on, found.exhausted) == ([1], True)


def test_who_asks_for_odds_has_all_steps_at_hand(monkeypatch):
    monkeypatch.setattr(breadth_first, "LARGE", 2)
    of = program("vars: {x: 0}\nthreads: {a: {count: 2, steps: ['x += 1']}}\n")
    monkeypatch.setattr(
        "scenario.engines.explore.search.strategies.native.go_on", lambda *_: pytest.fail("handed over")
    )
    assert explore(of, ExploreOptions(odds=True), judge=judge).interleavings == 6


EACH_ANOTHER = """
vars: {n: 0}
primitives: {go: Event, m: Lock}
threads:
  w: {count: 9, steps: [{wait: go}, {with: m, do: [n += 1]}]}
  setter: {steps: [{set: go}]}
"""
"""At nearly each state others wait: each needs a renaming of its own."""


def test_where_each_state_is_renamed_in_its_own_way_python_is_faster(monkeypatch):
    monkeypatch.setattr(breadth_first, "LARGE", 400)
    monkeypatch.setattr(native, "go_on", lambda *_: pytest.fail("handed over"))
    assert explore(program(EACH_ANOTHER), judge=judge).exhausted


def test_the_time_may_be_up_while_it_is_handed_over(monkeypatch):
    monkeypatch.setattr(breadth_first, "LARGE", 400)
    monkeypatch.setattr(native, "OWN", 0)
    asked = []

    def late(self, answer, native=native.Native.answer):
        asked.append(answer)
        self._stepper.budget.deadline = 0.0
        native(self, answer)

    monkeypatch.setattr(native.Native, "answer", late)
    found = explore(program(EACH_ANOTHER), judge=judge)
    assert (found.exhausted, len(asked)) == (False, 1)
    assert found.states > 400


def test_a_choice_of_many_thousand_ways_goes_on_natively():
    of = program("""
        vars: {x: 0, y: 0}
        threads:
          a: {steps: [{choose: n, from: range(30)}, x = n, {choose: m, from: range(20_000)}, y = m]}
    """)
    in_python = searched(of, -1, keep_going=True, max_states=40_000)
    assert in_python.states > 20_000
    assert searched(of, 10, keep_going=True, max_states=40_000) == in_python


def test_who_holds_which_object_of_a_variable_is_told_alike():
    of = program("""
        vars: {xs: [0]}
        threads:
          a: {count: 3, steps: [{for: v, in: xs, do: ["xs = xs + [v]", xs.append(1)]}]}
    """)
    in_python = searched(of, -1, keep_going=True, max_states=1_000)
    assert [searched(of, early, keep_going=True, max_states=1_000) for early in (1, 40)] == [in_python] * 2
