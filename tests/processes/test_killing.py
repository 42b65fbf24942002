"""`kill` on real processes: what it does there, and what is told of it; explored it is the same (tests/explore/test_processes.py)."""

from __future__ import annotations

import pytest
from processes.files import program

from scenario.engines.explore import explore
from scenario.engines.processes import run
from scenario.judge import judge


def ended(text: str):
    """What a run came to, which an exploration finds as well."""
    made = program(text)
    outcome = run(made)
    rows = {(repr(row.values), row.end) for row in explore(made, judge=judge).rows}
    judged = judge(made, outcome)
    assert (repr(judged.values), judged.end) in rows
    return outcome


def test_a_killed_process_takes_no_further_step_and_can_be_joined():
    outcome = ended("""
    vars: {x: 0}
    primitives: {e: Event, never: Event}
    threads:
      A: {steps: [x = 1, {set: e}, {wait: never}, x = 2]}
    main: [{start: A}, {wait: e}, {kill: A}, {join: A}, {assert: "not A.is_alive()"}, {kill: A}]
    expect: {observe: [x]}
    """)
    assert (outcome.end, outcome.shared["x"], outcome.failures) == ("finished", 1, ())


HELD = """
    vars: {x: 0}
    primitives: {l: LOCK, e: Event, never: Event}
    threads:
      A: {steps: [{with: l, do: [{set: e}, {wait: never}]}]}
      B: {steps: [{wait: e}, {kill: A}, {with: l, do: [x = 1]}]}
    expect: {observe: [x]}
    """


@pytest.mark.parametrize("kind", ["Lock", "RLock", "Semaphore"])
def test_what_it_holds_stays_held_and_the_deadlock_names_it(kind):
    outcome = ended(HELD.replace("LOCK", kind))
    assert outcome.end == "deadlock"
    (blocked,) = outcome.blocked
    (holder,) = blocked.wait.holders
    assert (blocked.thread, blocked.wait.name, holder.thread, holder.is_killed) == ("B", "l", "A", True)


def test_who_notifies_a_killed_sleeper_waits_for_ever():
    outcome = ended("""
    vars: {x: 0}
    primitives: {e: Event, c: {Condition: l}, l: Lock}
    threads:
      A: {steps: [{wait: e}]}
      B: {steps: [{await: A.blocked == 1}, {kill: A}, {set: e}, x = 1]}
    expect: {observe: [x]}
    """)
    assert outcome.end == "deadlock"
    (blocked,) = outcome.blocked
    assert (blocked.thread, blocked.wait.kind, blocked.wait.name, blocked.wait.by) == ("B", "woken", "e", ("A",))


def test_a_process_kills_itself():
    outcome = ended("vars: {x: 0}\nthreads: {A: {steps: [x = 1, {kill: A}, x = 2]}}\nexpect: {observe: [x]}\n")
    assert (outcome.end, outcome.shared["x"]) == ("finished", 1)


@pytest.mark.parametrize(
    "steps", ["main: [{kill: A}, {start: A}]", "  B: {steps: [{kill: A}]}\nmain: [{start: B}, {join: B}]"]
)
def test_one_that_was_not_started_can_not_be_killed(steps):
    outcome = run(program(f"threads:\n  A: {{steps: [pass]}}\n{steps}\n"))
    (error,) = outcome.errors.values()
    assert (error.name, error.message) == ("AttributeError", "'NoneType' object has no attribute 'kill'")


def test_who_may_still_be_killed_is_in_no_deadlock():
    outcome = ended("""
    vars: {x: 0}
    primitives: {never: Event}
    threads:
      A: {count: 2, steps: [{wait: never}]}
      B: {steps: [{sleep: 0.5}, {kill: 'A[0]'}, {kill: 'A[1]'}, x = 1]}
    expect: {observe: [x]}
    """)
    assert (outcome.end, outcome.shared["x"]) == ("finished", 1)
