"""Random programs with loops: deadlocks beside threads that go on, livelocks and starvation are as a naive oracle has them.

SCENARIO_EXAMPLES=2000 looks at more of them.
"""

from __future__ import annotations

from typing import Any

import pytest
from explore.endless_oracle import Row, rows
from explore.found import program
from explore.oracle import text
from explore.test_oracle import LOCKS, MANY, ON_OBJECTS, SMALL, VARS, tuples
from hypothesis import assume, given
from hypothesis import strategies as st

from scenario.engines.explore import explore
from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.results.exploration import Exploration
from scenario.settings import ExploreOptions

BIT = st.integers(0, 1)
PLAIN = st.one_of(tuples("set", VARS, BIT), tuples("copy", VARS, VARS))
STEP = st.one_of(PLAIN, *ON_OBJECTS, tuples("choose", VARS, st.just(2)), tuples("assert", VARS, SMALL))
INNER = st.lists(STEP, min_size=0, max_size=2).map(tuple)
SHORT = st.lists(STEP, min_size=0, max_size=1).map(tuple)
LOCKED = tuples("with", LOCKS, SHORT).map(lambda item: (item,))
TRIED = tuples("try", LOCKS, st.booleans(), st.lists(PLAIN, min_size=1, max_size=1).map(tuple)).map(
    lambda item: (item,)
)
LOOP = tuples("while", VARS, st.just(1), st.one_of(INNER, LOCKED, TRIED))
ITEM = st.one_of(STEP, tuples("with", LOCKS, SHORT), tuples("while", VARS, BIT, INNER))
BODY = st.one_of(
    st.lists(ITEM, min_size=1, max_size=3).map(tuple),
    st.tuples(LOOP),
    st.tuples(STEP, LOOP),
    st.tuples(LOOP, ITEM),
)
PROGRAMS = st.one_of(
    st.lists(st.tuples(st.just(1), BODY), min_size=2, max_size=3),
    st.tuples(st.tuples(st.just(2), BODY), st.tuples(st.just(1), BODY)).map(list),
)


def explored(groups: list[Any], fairness: str, *, reduce: bool) -> Exploration:
    made = program(text(groups) + f"explore: {{fairness: {fairness}}}\n")
    return explore(made, ExploreOptions(keep_going=True, reduce=reduce), judge=judge)


def rows_of(found: Exploration) -> set[Row]:
    return {
        (None if row.end == "livelock" else tuple(value for _, value in row.values), row.end)  # type: ignore[misc]
        for row in found.rows
    }


@pytest.mark.parametrize("fairness", ["strong", "weak"])
@MANY
@given(PROGRAMS, st.booleans())
def test_what_never_ends_is_as_the_oracle_has_it(fairness: str, groups: list[Any], reduce: bool) -> None:
    expected = rows(groups, fairness)
    assume(expected is not None)
    assert expected is not None
    found = explored(groups, fairness, reduce=reduce)
    assert rows_of(found) == expected
    assert found.deadlock == any(end == "deadlock" for _, end in expected)
    assert found.livelock == any(end == "livelock" for _, end in expected)


@MANY
@given(PROGRAMS)
def test_what_goes_on_for_ever_does_so_on_real_threads(groups: list[Any]) -> None:
    made = program(text(groups) + "explore: {fairness: weak}\n")
    found = explore(made, ExploreOptions(keep_going=True, max_states=2_000), judge=judge)
    for one in found.findings:
        if one.schedule.cycle is not None:
            (script,) = retrace(made, one.schedule)
            played = replay(made, script)
            assert played.diverged is None
            assert played.outcome.end == "livelock"
            assert {b.thread for b in played.outcome.starving} == {b.thread for b in one.blocked}
