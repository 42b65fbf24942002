"""A wait whose timeout Python refuses raises in a replay what it raises in a run."""

import pytest
from replay.steps import program_of, random_walk

from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay

FILE = """\
scenario: refused
vars: {{x: 0, v: {{expr: "{value}"}}}}
primitives: {{m: Lock, none: {{Semaphore: 0}}, s: Semaphore, e: Event, c: Condition, gate: {{Barrier: 2}}, patient: {{Barrier: {{parties: 2, timeout: 1.0e+20}}}}, one: {{Queue: 1}}, q: Queue, simple: SimpleQueue, pool: {{ThreadPoolExecutor: 1}}}}
routines: {{never: {{steps: [{{wait: e}}]}}}}
threads:
  A: {{steps: [{steps}, {{set: e}}]}}
{more}expect: {{errors: {{A: {{possible: BaseException}}}}, deadlock: possible}}
"""
WAITER = "  B: {steps: [{wait: e}]}\n"


def replayed(steps, value, more=""):
    """The name of what thread A raises in a replay of a random execution."""
    program = program_of(FILE.format(steps=steps, value=value, more=more))
    schedule, _, _ = random_walk(program, 1)
    done = replay(program, next(retrace(program, schedule)))
    assert done.diverged is None
    error = done.outcome.errors.get("A")
    return error.name if error else None


@pytest.mark.parametrize(
    ("steps", "value", "error"),
    [
        ("{acquire: m, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: m, timeout: v}", "float('nan')", "ValueError"),
        ("{acquire: m, timeout: v}", "-5", "ValueError"),
        ("{acquire: none, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: none, timeout: v}", "'x'", "TypeError"),
        ("{acquire: s, timeout: v}", "1e20", None),
        ("{wait: e, timeout: v}", "1e20", "OverflowError"),
        ("{wait: e, timeout: v}", "'x'", "TypeError"),
        ("{set: e}, {wait: e, timeout: v}", "1e20", None),
        ("{acquire: c}, {wait: c, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: c}, {wait: c, timeout: v}", "'x'", "TypeError"),
        ("{acquire: c}, {wait_for: c, until: x == 1, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: c}, {wait_for: c, until: x == 1, timeout: v}", "'x'", "TypeError"),
        ("{wait: gate, timeout: v}", "1e20", "OverflowError"),
        ("{wait: gate, timeout: v}", "'x'", "TypeError"),
        ("{wait: patient}", "0", "OverflowError"),
        ("{put: one, item: 1}, {put: one, item: 1, timeout: v}", "1e20", "OverflowError"),
        ("{get: q, timeout: v}", "1e20", "OverflowError"),
        ("{get: q, timeout: v}", "'x'", "TypeError"),
        ("{get: simple, timeout: v}", "1e20", "OverflowError"),
        ("{sleep: v}", "1e20", "OverflowError"),
        ("{sleep: v}", "float('nan')", "ValueError"),
        ("{submit: never, to: pool, into: f}, {result: f, timeout: v}", "1e20", "OverflowError"),
        ("{submit: never, to: pool, into: f}, {result: f, timeout: v}", "'x'", "TypeError"),
        ("{submit: never, to: pool, into: f}, {wait_futures: '[f]', timeout: v}", "1e20", "OverflowError"),
    ],
)
def test_a_refused_timeout_raises_as_in_a_run(steps, value, error):
    real = run(program_of(FILE.format(steps=steps, value=value, more="")), seed=1).errors.get("A")
    assert replayed(steps, value) == (real.name if real else None) == error


@pytest.mark.parametrize(
    ("value", "error"), [("1e20", "OverflowError"), ("'x'", "TypeError"), ("float('nan')", "ValueError")]
)
def test_a_join_that_can_not_last_so_long_raises(value, error):
    assert replayed("{join: B, timeout: v}", value, WAITER) == error
