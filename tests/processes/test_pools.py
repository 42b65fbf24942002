"""A pool of processes on processes: main's alone, the real executor, decided and ended like everything else."""

from __future__ import annotations

import multiprocessing
from textwrap import dedent

from processes.files import program

from scenario.engines.processes import run

HEAD = """
    params: {k: 10}
    vars: {n: 0}
    primitives: {cpu: {ProcessPoolExecutor: {max_workers: 2, initializer: settle}}, e: Event, l: Lock}
    routines:
      settle: {steps: [{print: settled}]}
      times:
        params: [x]
        steps: [{print: 'got {x}'}, {assert: x < 5}, {if: x == 3, then: [{raise: KeyError, message: three}]}, {return: x * k}]
      slow: {params: [x], steps: [{sleep: x}]}
      note: {steps: [n += 1, {set: e}]}
      relock: {steps: [{release: l}]}
    threads:
      A: {steps: [{wait: e}, n += 10]}
"""


def after(steps, timeout=200):
    outcome = run(
        program(f"timeout: {timeout}\n" + dedent(HEAD) + "main:\n" + "".join(f"- {step}\n" for step in steps))
    )
    assert multiprocessing.active_children() == []
    return outcome


def test_calls_callbacks_and_what_is_raised_are_as_the_executor_has_them():
    outcome = after([
        "{start: A}",
        "{submit: times, to: cpu, args: [4], into: f}",
        "{submit: times, to: cpu, args: [3], into: g}",
        "{add_done_callback: f, run: note}",
        "{result: f, into: r}",
        "{result: g, raises: KeyError}",
        "{map: times, to: cpu, over: [1, 2], into: rs}",
        "{join: A}",
        "{wait_futures: '[f, g]', into: [done, pending]}",
        "{as_completed: h, in: '[f, g]', do: [{assert: h.done()}]}",
        "{shutdown: cpu}",
        "{submit: times, to: cpu, args: [3], raises: RuntimeError}",
        "{assert: 'r == 40 and rs == [10, 20] and len(done) == 2 and n == 11'}",
    ])  # fmt: skip
    assert (outcome.end, outcome.failures, outcome.errors) == ("finished", (), {})
    assert sorted({*outcome.output} - {"settled"}) == ["got 1", "got 2", "got 3", "got 4"]
    assert outcome.output.count("settled") in (1, 2)


def test_a_failed_check_in_a_worker_is_told_with_its_name():
    outcome = after(["{submit: times, to: cpu, args: [7]}"])
    assert [(one.kind, one.thread) for one in outcome.failures] == [("assert", "cpu-worker[0]")]


def test_what_main_leaves_in_a_pool_is_worked_off():
    outcome = after(
        ["{submit: slow, to: cpu, args: [0.5], into: f}", "{add_done_callback: f, run: note}", "{start: A}"]
    )
    assert (outcome.end, outcome.shared["n"]) == ("finished", 11)


def test_who_waits_for_a_callback_of_a_call_that_runs_is_in_no_deadlock():
    outcome = after([
        "{submit: slow, to: cpu, args: [1], into: f}", "{add_done_callback: f, run: relock}", "{acquire: l}",
        "{acquire: l}", "n = 5",
    ])  # fmt: skip
    assert (outcome.end, outcome.shared["n"]) == ("finished", 5)


def test_when_no_call_is_left_it_is_one():
    outcome = after(
        [
            "{submit: slow, to: cpu, args: [0.2], into: f}",
            "{add_done_callback: f, run: note}",
            "{acquire: l}",
            "{acquire: l}",
        ]
    )
    assert outcome.end == "deadlock"
    (blocked,) = outcome.blocked
    assert (blocked.thread, blocked.wait.kind, blocked.wait.name) == ("main", "lock", "l")


def test_a_cancelled_future_that_no_worker_comes_upon_is_never_counted():
    outcome = after([
        "{repeat: 9, as: i, do: [{submit: slow, to: cpu, args: [0.3], into: f}]}",
        "{shutdown: cpu, cancel_futures: true, wait: false}",
        "{result: f, raises: CancelledError}",
        "{assert: f.cancelled()}",
        "{wait_futures: '[f]'}",
    ])  # fmt: skip
    assert outcome.end == "deadlock", outcome
    assert outcome.failures == ()
    (blocked,) = outcome.blocked
    assert (blocked.wait.kind, blocked.wait.needs, blocked.wait.has) == ("futures", 1, 0)


def test_a_call_that_never_ends_is_a_timeout_that_says_who_waits():
    outcome = after(["{submit: slow, to: cpu, args: [1000], into: f}", "{result: f}"], timeout=15)
    assert outcome.end == "timeout"
    assert [(one.thread, one.wait.kind) for one in outcome.blocked] == [("main", "future")]
