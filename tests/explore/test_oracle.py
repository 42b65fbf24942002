"""Random programs: the explorer and the naive oracle agree on rows, ends, interleavings, probabilities, preemptions.

SCENARIO_EXAMPLES=2000 looks at more of them.
"""

from __future__ import annotations

from typing import Any

from drawn import examples
from explore.found import explored
from explore.oracle import Rows, outcomes, shortest_deadlock, text
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = examples(250)
VARS = st.sampled_from(["x", "y"])
LOCKS = st.sampled_from(["a", "b"])
SMALL = st.integers(0, 2)


def tuples(*parts: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts))


PLAIN = st.one_of(
    tuples("set", VARS, SMALL),
    tuples("copy", VARS, VARS),
    tuples("add", VARS, st.integers(-1, 1)),
    tuples("assert", VARS, SMALL),
)
ON_OBJECTS = (
    tuples("acquire", LOCKS),
    tuples("release", LOCKS),
    tuples("down"),
    tuples("up"),
    tuples("wait", st.booleans()),
    tuples("pulse", st.booleans()),
    tuples("sleep_on", st.booleans()),
    tuples("notify", st.booleans()),
)
STEP = st.one_of(PLAIN, *ON_OBJECTS, tuples("choose", VARS, st.integers(1, 2)))


def bodies(least: int, most: int) -> st.SearchStrategy[tuple[Any, ...]]:
    inner = st.lists(STEP, min_size=1, max_size=2).map(tuple)
    plain = st.lists(PLAIN, min_size=1, max_size=2).map(tuple)
    item = st.one_of(
        STEP,
        tuples("with", LOCKS, inner),
        tuples("try", LOCKS, st.booleans(), plain),
        tuples("if", VARS, SMALL, inner, plain),
        tuples("repeat", st.integers(0, 2), plain),
        tuples("atomic", plain),
    )
    return st.lists(item, min_size=least, max_size=most).map(tuple)


PROGRAMS = st.one_of(
    st.lists(st.tuples(st.just(1), bodies(1, 3)), min_size=2, max_size=3),
    st.tuples(st.tuples(st.integers(2, 3), bodies(1, 2)), st.tuples(st.just(1), bodies(1, 3))).map(list),
    st.tuples(st.tuples(st.just(2), bodies(2, 4))).map(list),
)


def rows(groups: list[Any], prefix: str = "T") -> Rows:
    found = explored(text(groups, prefix))
    assert found.interleavings == sum(row.interleavings or 0 for row in found.rows)
    return {
        (tuple(value for _, value in row.values), row.end): (row.interleavings, row.probability, row.preemptions)
        for row in found.rows
    }  # type: ignore[return-value,misc]


MANY = settings(
    max_examples=EXAMPLES,
    print_blob=True,
)


@MANY
@given(PROGRAMS)
def test_the_oracle_agrees(groups: list[Any]) -> None:
    assert rows(groups) == outcomes(groups)


@MANY
@given(PROGRAMS, st.randoms(use_true_random=False))
def test_order_and_names_of_threads_change_nothing(groups: list[Any], random: Any) -> None:
    moved = list(groups)
    random.shuffle(moved)
    assert rows(moved, "Other") == rows(groups)


@MANY
@given(PROGRAMS)
def test_reductions_change_no_row_and_no_failure(groups: list[Any]) -> None:
    reduced, whole = (explored(text(groups), odds=False, reduce=reduce) for reduce in (True, False))
    assert {(row.values, row.end) for row in reduced.rows} == {(row.values, row.end) for row in whole.rows}
    assert {f.failure.kind for f in reduced.findings} == {f.failure.kind for f in whole.findings}
    assert reduced.deadlock == whole.deadlock
    assert _lengths(reduced) == _lengths(whole)


@settings(MANY, max_examples=EXAMPLES // 4)
@given(PROGRAMS)
def test_the_naive_stepper_one_with_a_memory_and_renamed_threads_see_the_same(groups: list[Any]) -> None:
    naive = explored(text(groups), odds=False, reduce=False)
    remembered = explored(text(groups), odds=True)  # which looks at every state
    symmetric = explored(text(groups), odds=False)
    assert (remembered.states, remembered.steps) == (naive.states, naive.steps)
    ends = [{(row.values, row.end) for row in found.rows} for found in (naive, remembered, symmetric)]
    assert ends[0] == ends[1] == ends[2]
    assert symmetric.states <= naive.states


def _lengths(found: Any) -> dict[str, int]:
    """The shortest schedule of each kind."""
    lengths: dict[str, int] = {}
    for finding in found.findings:
        kind, length = finding.failure.kind, len(finding.schedule.moves)
        lengths[kind] = min(length, lengths.get(kind, length))
    return lengths


@MANY
@given(PROGRAMS, st.booleans())
def test_no_schedule_of_a_deadlock_is_shorter(groups: list[Any], reduce: bool) -> None:
    found = explored(text(groups), odds=False, reduce=reduce)
    assert _lengths(found).get("deadlock") == shortest_deadlock(groups)
