"""Under the hidden lock, too, a timeout that Python refuses raises what Python raises."""

from __future__ import annotations

import sys
import threading

import pytest
from threads.files import program

from scenario.engines.threads import run


def raised(steps: str, value: str, always: str) -> tuple[str, str] | None:
    """The name and the message of what the steps raise, where `always` puts their object under the hidden lock."""
    text = f"""
vars: {{x: 0, v: {{expr: "{value}"}}}}
primitives: {{m: Lock, none: {{Semaphore: 0}}, s: Semaphore, one: {{Queue: 1}}, q: Queue, simple: SimpleQueue}}
threads:
  A: {{steps: [{steps}]}}
expect: {{always: ['{always}'], errors: {{A: {{possible: BaseException}}}}}}
"""
    outcome = run(program(text), seed=1)
    assert outcome.end == "finished"
    error = outcome.errors.get("A")
    return (error.name, error.message) if error else None


@pytest.mark.parametrize("value", ["1e20", "float('nan')", "-5", "'x'", "None"])
def test_a_lock_refuses_as_pythons_own(value: str) -> None:
    with pytest.raises((OverflowError, ValueError, TypeError)) as refused:
        threading.Lock().acquire(True, eval(value))
    expected = (refused.type.__name__, str(refused.value))
    assert raised("{acquire: m, timeout: v}", value, "m.locked() in (True, False)") == expected


@pytest.mark.parametrize(
    ("steps", "value", "error"),
    [
        ("{acquire: none, timeout: v}", "1e20", "OverflowError"),
        ("{acquire: none, timeout: v}", "'x'", "TypeError"),
        ("{acquire: none, timeout: v}", "-1", None),
        ("{acquire: s, timeout: v}", "1e20", None),
        ("{acquire: s, timeout: v}", "'x'", None),
    ],
)
def test_a_semaphore_refuses_only_where_it_has_to_wait(steps: str, value: str, error: str | None) -> None:
    found = raised(steps, value, "none.value + s.value < 9")
    assert (found and found[0]) == error


@pytest.mark.parametrize(
    ("steps", "value", "error"),
    [
        ("{get: q, timeout: v}", "1e20", "OverflowError"),
        ("{put: q, item: 1}, {get: q, timeout: v}", "1e20", None),
        ("{get: q, timeout: v}", "-1", "ValueError"),
        ("{put: q, item: 1, timeout: v}", "-1", None),
        ("{put: one, item: 1}, {put: one, item: 1, timeout: v}", "1e20", "OverflowError"),
        ("{put: one, item: 1, timeout: v}", "-1", "ValueError"),
        ("{put: simple, item: 1}, {get: simple, timeout: v}", "1e20", "OverflowError"),
    ],
)
def test_a_queue_refuses_as_pythons_own(steps: str, value: str, error: str | None) -> None:
    found = raised(steps, value, "q.qsize() + one.qsize() + simple.qsize() < 9")
    assert (found and found[0]) == error


@pytest.mark.skipif(sys.version_info < (3, 13), reason="queues are shut down since 3.13")
@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ("{put: q, item: 1, timeout: v}", "ShutDown"),
        ("{get: q, timeout: v}", "ValueError"),
        ("{get: q}, {get: q, timeout: v}", "ShutDown"),
    ],
)
def test_a_queue_that_is_shut_down_says_so_before_it_refuses(steps: str, error: str) -> None:
    found = raised(f"{{put: q, item: 1}}, {{shutdown: q}}, {steps}", "-1", "q.qsize() < 9")
    assert (found and found[0]) == error
