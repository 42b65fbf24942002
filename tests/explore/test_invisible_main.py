"""A `main` that only starts all threads and joins them: symmetry counts as without it, and what is found is the file's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drawn import examples
from explore.found import explored, kinds
from explore.oracle import text as written
from explore.test_oracle import PLAIN, SMALL, VARS, bodies, tuples
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario.engines.explore.model import budget
from scenario.results.schedule import Schedule
from scenario.results.ways import Symmetry

EXAMPLES = examples(30)

MAINS = (
    "main: [{start: all}, {join: all}]\n",
    "main: [{start: T0}, {start: T1}, {join: T1}, {join: T0}]\n",
    "main: [{start: T1}, {start: T0}]\n",
)
WORKING = (
    "main: [{start: all}, {set: e}, {join: all}]\n",
    "main: [{start: all}, x += 1, {join: T0}, {acquire: s}, {join: T1}, y = x]\n",
    "main: [{start: T1}, {start: T0}, {with: a, do: [{if: x == 0, then: [y = 2]}]}, {join: T0}, {assert: y != 1}, {join: T1}]\n",
)
"""What they do beside starting and joining names no thread."""


@pytest.fixture(autouse=True, scope="module")
def there_is_time_for_the_shortest_schedule() -> Iterator[None]:
    """On a busy machine half a second is not enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "LEAST", 600.0)
        yield


def seen(text: str, *, reduce: bool, cost: Callable[[Schedule], object]) -> Any:
    """What reports may not say differently, whatever is reduced."""
    found = explored(text, odds=False, keep_going=True, reduce=reduce)
    rows = {(repr(row.values), row.end) for row in found.rows}
    told = (*found.findings, *found.permitted)
    failures: dict[Any, Any] = {}  # whoever of the group fails, it is one failure
    for one in told:
        # of several who are stuck the first says where, and who that is depends on how they are sorted
        where = one.failure.kind, one.failure.kind == "deadlock" or one.failure.span
        failures[where] = min(cost(one.schedule), failures.get(where, cost(one.schedule)))
    return found.exhausted, rows, failures, found.deadlock, found.livelock, found.unreached


def length(schedule: Schedule) -> int:
    return len(schedule.moves)


def cost(schedule: Schedule) -> tuple[int, int]:
    return len(schedule.moves), sum(move.preempts for move in schedule.moves)


def first(text: str, *, reduce: bool, cost: Callable[[Schedule], Any]) -> Any:
    """How long the shortest failure's schedule is, and how often it switches, where the search may end with it."""
    found = explored(text, odds=False, keep_going=False, reduce=reduce)
    return min((cost(one.schedule) for one in found.findings), default=None)


STOPS = tuples("while", VARS, SMALL, st.lists(PLAIN, max_size=1).map(tuple))


@settings(max_examples=EXAMPLES)
@given(
    st.integers(2, 3),
    bodies(1, 2),
    st.one_of(bodies(1, 2), st.lists(STOPS, min_size=1, max_size=1).map(tuple)),
    st.booleans(),
    st.sampled_from([*MAINS, *WORKING]),
    st.sampled_from(["", "expect: {deadlock: possible}\n", "expect: {always: [x + y < 3]}\n"]),
)
def test_a_reduced_search_sees_what_an_unreduced_one_sees(
    count: int, group: Any, other: Any, swapped: bool, main: str, expect: str
) -> None:
    groups = [(count, other if swapped else group), (1, group if swapped else other)]
    text = written(groups) + main + expect
    # a main that works between its joins may have to be left once more where it could join who has ended before its group has
    what = length if main in WORKING else cost
    assert seen(text, reduce=True, cost=what) == seen(text, reduce=False, cost=what)
    assert first(text, reduce=True, cost=what) == first(text, reduce=False, cost=what)


GROUP = """
vars: {x: 0}
threads:
  A: {count: 3, steps: [x += 1]}
  B: {steps: [x += 1]}
"""


@pytest.mark.parametrize(
    "main",
    [
        "[{start: all}, {join: all}]",
        "[{start: B}, {start: A}, {join: A}]",
        "[{start: all}]",
        "[{start: all}, x = x, {join: all}, {assert: x > 0}]",
    ],
)
def test_such_a_main_does_not_hinder_symmetry(main: str) -> None:
    found = explored(f"{GROUP}main: {main}\n", odds=False)
    assert found.reductions == (Symmetry("A"),)
    assert len(found.rows) >= 4


@pytest.mark.parametrize(
    "text",
    [
        "main: [{start: A}, {join: A}, {start: B}, {join: B}]\n",  # B begins when A has ended
        "main: [{start: A}]\n",  # B plays no part
        "main: [x = 5, {start: all}, {join: all}]\n",
        "main: [{start: all}, {if: x == 1, then: [{join: A}]}]\n",
        "main: [{start: all}, {join: A, timeout: 1}]\n",
        "main: [{start: all}, {join: all}]\nexpect: {always: [B.alive <= 1]}\n",  # it can be seen who has begun
        "main: [{start: all}, {join: all}]\nprimitives: {pool: {ThreadPoolExecutor: 1}}\n",  # its end closes the pool
        "main: [{start: all}, {join: all}]\nexpect: {errors: {main: {possible: RuntimeError}}}\n",
    ],
)
def test_any_other_main_is_explored_as_it_stands(text: str) -> None:
    assert explored(GROUP + text, odds=False).reductions == ()


ONE_STAYS = """
vars: {x: 0}
primitives: {s: {Semaphore: 3}}
threads:
  A: {count: 4, steps: [{choose: c, from: [1, 2]}, {acquire: s}, x += c]}
main: [{start: all}, {join: all}]
expect: {deadlock: possible, final: [true]}
"""


def test_symmetry_counts_also_where_something_is_found() -> None:
    found = explored(ONE_STAYS, odds=False)
    assert found.reductions == (Symmetry("A"),)
    assert found.states * 8 < explored(ONE_STAYS, odds=False, reduce=False).states


def test_main_waits_for_the_one_who_stays() -> None:
    """Its schedule ends there: it needs none of the joins of those who have ended."""
    (found,) = explored(ONE_STAYS, odds=False).permitted
    assert {(one.thread, one.wait.kind, one.wait.name) for one in found.blocked} == {
        ("A[0]", "semaphore", "s"),
        ("main", "thread", "A[0]"),
    }
    assert not any(move.operation == "join" for move in found.schedule.moves)


def test_who_changes_places_chooses_the_others_value() -> None:
    text = ONE_STAYS.replace("deadlock: possible, final: [true]", "always: [x < 5]")
    text = text.replace(
        "{acquire: s}, x += c", "{acquire: s}, x += c, {if: c == 1, then: [{acquire: s}, {acquire: s}]}"
    )
    (found,) = explored(text, odds=False, keep_going=False).findings
    (plain,) = explored(text, odds=False, keep_going=False, reduce=False).findings
    assert cost(found.schedule) == cost(plain.schedule)


def test_main_is_not_left_while_the_next_that_it_joins_has_ended() -> None:
    text = """
vars: {x: 0, y: 0}
primitives: {a: Lock, b: Lock}
threads:
  T: {steps: [{if: x == 2, then: [x = 9], else: [y = 2]}, {if: x == 1, then: [{release: a}], else: [x = x]}]}
  A: {count: 2, steps: [{if: y == 0, then: [{release: b}], else: [x += -1]}, {with: a, do: [x += -1]}]}
main: [{start: all}, {join: all}]
expect: [x == 0]
"""
    (found,) = (one for one in explored(text, odds=False).findings if one.failure.kind == "final")
    assert cost(found.schedule) == (20, 0)


def test_what_is_found_has_a_schedule_with_the_steps_of_main() -> None:
    text = f"{GROUP}main: [{{start: all}}, {{join: all}}]\nexpect: [x == 4]\n"
    (finding,) = explored(text, odds=False).findings
    assert {move.thread for move in finding.schedule.moves} >= {"main"}
    assert kinds(text) == ["final"]
