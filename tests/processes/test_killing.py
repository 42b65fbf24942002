"""`kill` on real processes: what it does there, and what is told of it; explored it is the same (tests/explore/test_processes.py)."""

from __future__ import annotations

import subprocess
import sys
import time
from multiprocessing import get_context

import pytest
from processes.files import program

from scenario.engines.explore import explore
from scenario.engines.processes import run
from scenario.engines.processes.slots import ALIVE, Slots, Waiting
from scenario.judge import judge
from scenario.real.children import cpu


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


@pytest.mark.skipif(not cpu.KNOWN, reason="who sleeps is not known here")
@pytest.mark.parametrize(("does", "blocked"), [("while True: pass", False), ("import time; time.sleep(1000)", True)])
def test_who_has_told_of_a_wait_and_is_still_on_the_way_is_not_blocked(does, blocked):
    """Whoever killed it there found it in no queue: under load the test before this one saw nobody who was to be woken."""
    slots = Slots(get_context("spawn"), members=1, places=1)
    with subprocess.Popen([sys.executable, "-c", f"print(flush=True); {does}"], stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        slots.becomes(0, ALIVE)
        slots.started(0, other.pid)
        slots.wait(0, Waiting("event", 0, 1, timed=False, polled=False))
        end = time.monotonic() + 60
        while slots.is_blocked(0) != blocked and time.monotonic() < end:
            time.sleep(0.01)
        assert slots.is_blocked(0) == blocked
        other.kill()


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
