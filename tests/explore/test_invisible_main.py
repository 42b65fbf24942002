"""A `main` that only starts all threads and joins them: symmetry counts as without it, and finds what is there."""

from __future__ import annotations

from typing import Any

import pytest
from drawn import examples
from explore.found import explored, kinds
from explore.oracle import text as written
from explore.test_oracle import bodies
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario.results.ways import Symmetry

EXAMPLES = examples(60)

MAINS = (
    "main: [{start: all}, {join: all}]\n",
    "main: [{start: T0}, {start: T1}, {join: T1}, {join: T0}]\n",
    "main: [{start: T1}, {start: T0}]\n",
)


def seen(text: str, *, reduce: bool) -> Any:
    """What reports may not say differently, whatever is reduced."""
    found = explored(text, odds=False, keep_going=True, reduce=reduce)
    rows = {(repr(row.values), row.end) for row in found.rows}
    failures = {(finding.failure.kind, finding.failure.span) for finding in found.findings}
    return found.exhausted, rows, failures, found.deadlock, found.livelock


@settings(max_examples=EXAMPLES)
@given(st.integers(2, 3), bodies(1, 2), bodies(1, 2), st.sampled_from(MAINS))
def test_a_reduced_search_sees_what_an_unreduced_one_sees(count: int, group: Any, other: Any, main: str) -> None:
    text = written([(count, group), (1, other)]) + main
    assert seen(text, reduce=True) == seen(text, reduce=False)


GROUP = """
vars: {x: 0}
threads:
  A: {count: 3, steps: [x += 1]}
  B: {steps: [x += 1]}
"""


@pytest.mark.parametrize(
    "main", ["[{start: all}, {join: all}]", "[{start: B}, {start: A}, {join: A}]", "[{start: all}]"]
)
def test_such_a_main_does_not_hinder_symmetry(main: str) -> None:
    found = explored(f"{GROUP}main: {main}\n", odds=False)
    assert found.reductions == (Symmetry("A"),)
    assert len(found.rows) == 4


@pytest.mark.parametrize(
    "text",
    [
        "main: [{start: A}, {join: A}, {start: B}, {join: B}]\n",  # B begins when A has ended
        "main: [{start: A}]\n",  # B plays no part
        "main: [{start: all}, x = 5]\n",
        "main: [{start: all}, {join: A, timeout: 1}]\n",
        "main: [{start: all}, {join: all}]\nexpect: {always: [B.alive <= 1]}\n",  # it can be seen who has begun
        "main: [{start: all}, {join: all}]\nprimitives: {pool: {ThreadPoolExecutor: 1}}\n",  # its end closes the pool
        "main: [{start: all}, {join: all}]\nexpect: {errors: {main: {possible: RuntimeError}}}\n",
    ],
)
def test_any_other_main_is_explored_as_it_stands(text: str) -> None:
    assert explored(GROUP + text, odds=False).reductions == ()


def test_what_is_found_has_a_schedule_with_the_steps_of_main() -> None:
    text = f"{GROUP}main: [{{start: all}}, {{join: all}}]\nexpect: [x == 4]\n"
    (finding,) = explored(text, odds=False).findings
    assert {move.thread for move in finding.schedule.moves} >= {"main"}
    assert kinds(text) == ["final"]
