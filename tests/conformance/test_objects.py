"""The models of the primitives against the real objects of this Python: random operations, by two threads in turns.

Results, exceptions (class and message) and the state at the end are equal. SCENARIO_EXAMPLES=1000 looks at more.
"""

from __future__ import annotations

import re

import pytest
from conformance.generator import PRIMITIVES as GENERATED
from conformance.generator import STEPS
from conformance.operations import COMPLETING, CONTAINERS, LOCKING, PRIMITIVES, QUEUEING, WAITING, sequence
from drawn import examples
from explore.found import program
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario.engines.explore import explore
from scenario.engines.threads import run
from scenario.judge import judge
from scenario.language.primitives import KINDS
from scenario.language.verbs import VERBS

EXAMPLES = examples(8)
ELSEWHERE = {"local", "ThreadPoolExecutor", "ProcessPoolExecutor"}
"""Without an operation of their own: statements use the one, and the others' calls are runs (`test_generated.py`)."""
MANY = settings(
    max_examples=EXAMPLES,
    print_blob=True,
)


def check(operations: list[tuple[int, str]]) -> None:
    made = program(sequence(operations))
    found = explore(made, judge=judge)
    (row,) = found.rows
    outcome = run(made)
    assert (outcome.end, dict(outcome.errors)) == ("finished", {})
    real = judge(made, outcome)
    assert row.values == real.values


@pytest.mark.parametrize(
    "operations",
    [LOCKING, WAITING, QUEUEING, CONTAINERS, COMPLETING],
    ids=["locks", "waits", "queues", "containers", "futures"],
)
def test_every_operation_alone_does_as_the_real_object(operations: list[str]) -> None:
    check([(i % 2, operation) for i, operation in enumerate(operations)])


CALLS = [verb for verb, entry in VERBS.items() if entry.arguments is not None and set(entry.on) & set(KINDS)]
SINCE_3_13 = {"shutdown"}


@pytest.mark.parametrize("verb", CALLS)
def test_every_verb_is_among_the_operations_and_is_drawn(verb: str) -> None:
    operations = [*LOCKING, *WAITING, *QUEUEING, *CONTAINERS, *COMPLETING]
    assert any(step.startswith(f"{{{verb}:") for step in operations) or verb in SINCE_3_13 | {"join"}
    assert any(f"{{{verb}: " in step for steps in STEPS.values() for step in steps)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_held_against_its_real_object(kind: str) -> None:
    here = set(re.findall(r"\w+", " ".join(PRIMITIVES.values())))
    generated = set(re.findall(r"\w+", " ".join(way for ways in GENERATED.values() for way in ways)))
    assert kind in generated or kind == "ProcessPoolExecutor"
    assert kind in here or kind in ELSEWHERE


def mixed(operations: list[str]) -> st.SearchStrategy[list[tuple[int, str]]]:
    return st.lists(st.tuples(st.integers(0, 1), st.sampled_from(operations)), min_size=3, max_size=12)


@MANY
@given(mixed(LOCKING))
def test_locks_do_as_the_real_ones(operations: list[tuple[int, str]]) -> None:
    check(operations)


@MANY
@given(mixed([*WAITING, *LOCKING, "{acquire: c, blocking: false, into: v}", "{acquire: m, blocking: false, into: v}"]))
def test_events_conditions_and_barriers_do_as_the_real_ones(operations: list[tuple[int, str]]) -> None:
    check(operations)


@MANY
@given(mixed(QUEUEING))
def test_queues_do_as_the_real_ones(operations: list[tuple[int, str]]) -> None:
    check(operations)


@MANY
@given(mixed(CONTAINERS))
def test_containers_do_as_the_real_ones(operations: list[tuple[int, str]]) -> None:
    check(operations)


@MANY
@given(mixed(COMPLETING))
def test_futures_do_as_the_real_ones(operations: list[tuple[int, str]]) -> None:
    check(operations)
