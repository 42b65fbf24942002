"""A search keeps to its time, also in what it does after the last state; what it says then is still true."""

import pytest
from explore.found import explored, program

from scenario.engines.explore import explore
from scenario.engines.explore.budget import Budget
from scenario.judge import judge

CYCLE = """
vars: {x: 0}
threads:
  A: {steps: [{while: true, do: [x = 1, x = 0]}]}
"""
PHILOSOPHERS = """
params: {n: 3}
primitives: {forks: {array: n, of: Lock}}
threads:
  philosopher: {count: n, steps: [{with: ['forks[index]', 'forks[(index + 1) % n]'], do: [pass]}]}
"""
SAME = """
vars: {x: 0}
threads:
  A: {count: 3, steps: [x += 1, {assert: x == 1}, {assert: x < 3}]}
"""


def test_without_time_to_look_at_the_whole_graph_nothing_is_decided() -> None:
    found = explore(program(CYCLE), judge=judge, max_seconds=0)
    assert (found.exhausted, found.findings, found.undecided) == (False, (), ("the time was up",))


def test_without_time_to_compare_ways_a_shortest_one_is_shown(monkeypatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Budget, "finish", Budget.close)
        late = explore(program(PHILOSOPHERS), judge=judge)
    found = explore(program(PHILOSOPHERS), judge=judge)
    assert [len(f.schedule.moves) for f in late.findings] == [len(f.schedule.moves) for f in found.findings] == [3]
    assert late.findings[0].failure.kind == "deadlock"


def test_threads_that_nothing_tells_apart_fail_once_at_a_place() -> None:
    reduced, whole = (explored(SAME, odds=False, reduce=reduce) for reduce in (True, False))
    assert len(reduced.findings) == len(whole.findings) == 2
    assert {len(f.schedule.moves) for f in reduced.findings} == {len(f.schedule.moves) for f in whole.findings}


COUNTER = """
vars: {n: 0, other: 0}
threads:
  A: {steps: [{while: true, do: [n += 1, {assert: n < 20}]}]}
  B: {steps: [{repeat: 3, do: [other += 1]}]}
"""


@pytest.mark.parametrize("states", [1, 10, 50, 100, 200])
def test_undecided_says_how_far_it_came_and_what_the_states_differ_in(states: int) -> None:
    found = explore(program(COUNTER), judge=judge, max_states=states)
    shortest = len(explore(program(COUNTER), judge=judge).findings[0].schedule.moves)
    if not found.findings:
        assert found.covered < shortest
        assert found.undecided
        assert "A" in {source.name for source in found.sources}
    assert found.covered == 0 or states >= found.covered
