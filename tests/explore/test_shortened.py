"""Failures of many rounds that are found in the first: each schedule, followed step by step to its end, comes to that end."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from drawn import examples
from explore.found import explored, program
from explore.test_reductions import compiled, files
from hypothesis import assume, given, settings

from scenario.engines.explore import explore
from scenario.engines.explore.again import retrace
from scenario.engines.explore.evidence.outcomes import outcome
from scenario.engines.explore.evidence.retrace import stepper_of
from scenario.engines.explore.evidence.trace import follow
from scenario.engines.explore.reductions.shortened import shortened
from scenario.engines.explore.search.schedules.whole import found_in_the_whole, judging
from scenario.engines.threads.controlled import replay
from scenario.judge import judge
from scenario.program.program import Program
from scenario.results.exploration import Finding
from scenario.results.token import decode, encode
from scenario.settings import ExploreOptions

EXAMPLES = examples(60)

WRONG = ("final: [x == 3 and y == 4]", "final: [sum(cells) == 2 and shelf['k'] == 0]", "final: [x == 1, cells[0] == 1]")
"""Claims that some or all ends break."""
MAINS = ("", "", "main: [{start: A}, {start: B}, {join: A}, {join: B}]", "main: [{start: B}, {start: A}]")

COUNTING = """
params: {workers: 10, rounds: 1000}
vars: {counter: 0}
primitives: {lock: Lock, other: Lock, locks: {array: workers, of: Lock}}
threads:
  A: {count: workers, steps: [{repeat: rounds, do: [STEP]}]}
  B: {count: workers, steps: [{repeat: rounds, do: [OTHER]}]}
MAIN
expect: [counter == 2 * workers * rounds]
"""


def counting(step: str, other: str, main: str = "") -> str:
    return COUNTING.replace("STEP", step).replace("OTHER", other).replace("MAIN", main)


def at_the_end(whole: Program, finding: Finding) -> Any:
    """The shared variables when all steps of the schedule are taken, and then those of each of the rest."""
    stepper = stepper_of(whole)
    numbers = {thread.ref: thread.number for thread in stepper.layout.threads}
    choices = [(numbers[move.thread], move.alternative) for move in finding.schedule.moves]
    state = follow(stepper, stepper.initial()[0][1], choices).states[-1]
    for ref in finding.schedule.rest:
        with suppress(LookupError):  # it has none left
            while True:
                state = stepper.step(state, (numbers[ref], 0)).state
    assert stepper.is_over(state)
    return outcome(stepper, state)


@settings(max_examples=EXAMPLES)
@given(files(WRONG, MAINS))
def test_a_schedule_ends_as_it_is_said_to(text: str) -> None:
    whole = compiled(text)
    shorts = list(shortened(whole, 0))
    assume(shorts)
    for short in shorts:
        found = explore(short.program, ExploreOptions(max_states=5_000), judge=judging(whole, short, judge))
        moved = found_in_the_whole(whole, short, found)
        if moved is not None:
            (finding,) = moved.findings
            end = at_the_end(whole, finding)
            assert end.shared == finding.shared
            assert "final" in {failure.kind for failure in judge(whole, end).failures}


LOCKED = "{with: lock, do: [counter += 1]}"


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (counting("counter += 1", "counter += 1"), 4),
        (counting(LOCKED, "counter += 1"), 6),
        (counting(LOCKED, LOCKED.replace("lock", "other")), 8),
        (counting("counter += 1", "counter += 1", "main: [{start: A}, {start: B}, {join: all}]"), 24),
    ],
)
def test_it_fails_with_the_schedule_of_two_threads_and_one_round(text: str, steps: int) -> None:
    (finding,) = explored(text, odds=False, keep_going=False).findings
    assert len(finding.schedule.moves) == steps
    assert finding.shared == {"counter": 19_999}
    (small,) = explored(text, odds=False, keep_going=False, workers=1, rounds=1).findings
    assert _told(finding) == _told(small)


def _told(finding: Finding) -> list[list[str]]:
    """What is done in each step but those of `main`."""
    return [[deed.operation for deed in move.deeds] for move in finding.schedule.moves if move.thread != "main"]


def test_a_rest_that_would_block_itself_is_no_rest() -> None:
    twice = "counter += 1]}, {with: lock, do: [{with: lock, do: [pass]}"
    assert list(shortened(program(counting("counter += 1", twice)))) == []


OWN = LOCKED.replace("lock", "'locks[index]'")


def test_a_lock_for_each_thread_guards_nothing() -> None:
    (finding,) = explored(counting(OWN, OWN), odds=False, keep_going=False).findings
    assert finding.shared == {"counter": 19_999}
    (small,) = explored(counting(OWN, OWN), odds=False, keep_going=False, workers=2, rounds=1).findings
    assert _told(finding) == _told(small)


@pytest.mark.parametrize(
    "step", [OWN.replace("index", "index + 1"), OWN.replace("[counter", "[{with: 'locks[0]', do: [pass]}, counter")]
)
def test_a_rest_that_may_not_get_its_element_is_no_rest(step: str) -> None:
    """One has no element there, one may have it already."""
    assert list(shortened(program(counting("counter += 1", step)))) == []


def test_with_the_same_lock_it_holds() -> None:
    assert explored(counting(LOCKED, LOCKED), odds=False).findings == ()


TAKEN = "{acquire: lock}, counter += 1, {release: lock}"
TRIED = "{acquire: lock}, {try: [counter += 1], finally: [{release: lock}]}"


@pytest.mark.parametrize(("step", "other"), [(TAKEN, TAKEN), (TAKEN, TRIED), (LOCKED, TRIED)])
def test_a_lock_that_is_given_back_by_release_is_as_good_as_with(step: str, other: str) -> None:
    found = explored(counting(step, other), odds=False)
    assert (found.findings, found.states, found.exhausted) == ((), 1, True)


def test_a_condition_of_its_own_lock_and_a_routine_are_sections_too() -> None:
    text = counting(LOCKED.replace("lock", "own"), "{call: add}").replace("lock: Lock,", "own: Condition,")
    routine = "routines: {add: {steps: [{acquire: own}, counter += 1, {release: own}]}}"
    found = explored(text + routine, odds=False)
    assert (found.findings, found.states, found.exhausted) == ((), 1, True)


def test_another_lock_by_acquire_is_found_at_once() -> None:
    (finding,) = explored(counting(TAKEN, TAKEN.replace("lock", "other")), odds=False, keep_going=False).findings
    assert (len(finding.schedule.moves), finding.shared) == (8, {"counter": 19_999})


@pytest.mark.parametrize(
    "other",
    [
        "{acquire: lock}, {raise: ValueError}, {release: lock}",
        "{acquire: lock}, {if: 'index == 0', then: [break]}, {release: lock}",
        "{acquire: lock}, {release: lock}, {release: lock}",
        "{acquire: lock}, {acquire: lock}, {release: lock}",
        "{release: lock}, {acquire: lock}",
    ],
)
def test_what_may_keep_a_lock_is_no_section(other: str) -> None:
    """With `with` in its place each would hold."""
    (finding, *_) = explored(counting(TAKEN, other), odds=False, keep_going=False, workers=2, rounds=1).findings
    assert finding.failure.kind in ("deadlock", "error")
    assert list(shortened(program(counting(TAKEN, other)))) == []


def test_real_threads_come_to_the_same_end() -> None:
    whole = program(counting("counter += 1", "counter += 1"), workers=2, rounds=200)
    (finding,) = explore(whole, judge=judge).findings
    assert finding.schedule.rest == ("A[0]", "A[1]", "B[0]", "B[1]")
    assert decode(encode(finding.schedule)).rest == finding.schedule.rest
    (script,) = retrace(whole, finding.schedule)
    replayed = replay(whole, script)
    assert replayed.diverged is None
    assert replayed.outcome.end == "finished"
    assert replayed.outcome.shared == {"counter": 799}
