"""What most executions show is told though the search for the shortest comes to no end."""

from __future__ import annotations

import pytest
from explore.found import program

from scenario.engines.explore import explore
from scenario.engines.explore.search.schedules.recheck import recheck
from scenario.engines.explore.search.strategies import glimpse
from scenario.judge import judge
from scenario.results.exploration import Exploration
from scenario.results.notes import NotShortest
from scenario.settings import ExploreOptions

DEEP = """
vars: {c: 0, odd: 0}
primitives: {lock: Lock, q: Queue}
threads:
  A: {count: 3, steps: [{repeat: 30, as: i, do: [{with: lock, do: [c += 1, {if: c % 2, then: [odd += 1]}]}, {put: q, item: i}]}]}
  B: {count: 2, steps: [{repeat: 45, do: [{get: q}, {with: lock, do: [c += 2]}]}]}
expect: [CLAIM]
"""
TRUE, FALSE = "c == 270", "c == 271"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glimpse, "AFTER", 0.0)
    monkeypatch.setattr(glimpse, "A_WHILE", 0.5)
    monkeypatch.setattr(glimpse, "SHARE", 1.0)
    monkeypatch.setattr(glimpse, "SECONDS", 3.0)


def searched(claim: str, **options: object) -> Exploration:
    return explore(program(DEEP.replace("CLAIM", claim)), ExploreOptions(max_seconds=20, **options), judge=judge)


def test_a_claim_that_every_execution_breaks_is_told_with_a_schedule() -> None:
    found = searched(FALSE)
    (finding,) = found.findings
    assert (finding.failure.kind, finding.shared["c"]) == ("final", 270)
    assert (found.undecided, found.notes, found.exhausted) == ((), (NotShortest(),), False)
    whole = program(DEEP.replace("CLAIM", FALSE))
    again = recheck(whole, finding.schedule, "final", judge=judge)
    assert again is not None
    assert again.shared == finding.shared


def test_what_holds_in_those_executions_stays_undecided() -> None:
    found = searched(TRUE, max_states=20_000)
    assert (found.findings, found.exhausted) == ((), False)
    assert found.undecided


@pytest.mark.parametrize("options", [{"keep_going": True}, {"odds": True}, {"reduce": False}])
def test_who_asks_for_more_than_one_failure_gets_what_the_search_finds(options: dict[str, bool]) -> None:
    assert searched(FALSE, max_states=2_000, **options).findings == ()


def test_a_failure_that_the_search_comes_to_is_the_shortest() -> None:
    found = explore(program("vars: {x: 0}\nthreads: {A: {count: 3, steps: [x += 1]}}\nexpect: [x == 3]"), judge=judge)
    assert (len(found.findings[0].schedule.moves), found.notes) == (6, ())


def test_ctrl_c_among_those_executions_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_seconds: float) -> Exploration:
        return Exploration(exhausted=False, states=0, steps=0, seconds=0.0, interrupted=True)

    look = glimpse.Glimpse.look

    def pressed(self: glimpse.Glimpse) -> None:
        monkeypatch.setattr(self, "_sample", interrupted)
        look(self)

    monkeypatch.setattr(glimpse.Glimpse, "look", pressed)
    found = searched(FALSE)
    assert (found.interrupted, found.findings, found.exhausted) == (True, (), False)
