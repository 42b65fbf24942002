"""`atomic`, `await`, `always` and `reachable` see whole states."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from threads.files import outcome, program, shared

from scenario.report.words.failures import message


@pytest.fixture
def switching() -> Iterator[None]:
    """Threads that are switched as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("switching")
def test_nothing_comes_between_the_steps_of_an_atomic() -> None:
    assert shared("""
        vars: {a: 0, b: 0}
        threads:
          W: {count: 2, steps: [{repeat: 500, do: [{atomic: [a += 1, b -= 1]}]}]}
          R: {steps: [{repeat: 500, do: [{atomic: [x = a, y = b]}, {assert: x == -y}]}]}
        expect: {always: [a + b == 0]}
    """) == {"a": 1000, "b": -1000}


@pytest.mark.usefixtures("switching")
def test_a_first_step_that_blocks_begins_the_atomic() -> None:
    assert shared("""
        vars: {items: 0}
        primitives: {q: Queue}
        threads:
          P: {steps: [{repeat: 300, do: [{atomic: [{put: q, item: 1}, items += 1]}]}]}
          C: {count: 2, steps: [{repeat: 150, do: [{atomic: [{get: q}, items -= 1]}]}]}
        expect: {always: [items == q.qsize()]}
    """) == {"items": 0}


@pytest.mark.usefixtures("switching")
def test_a_lock_taken_by_an_atomic() -> None:
    assert shared("""
        vars: {inside: 0, total: 0}
        primitives: {l: Lock}
        threads:
          A: {count: 3, steps: [{repeat: 100, do: [{atomic: [{acquire: l}, inside += 1]}, total += 1, {atomic: [inside -= 1, {release: l}]}]}]}
        expect: {always: [inside == int(l.locked())]}
    """) == {"inside": 0, "total": 300}


def test_a_broken_always_is_reported_where_it_broke() -> None:
    result = outcome("vars: {x: 0}\nthreads:\n  A: {steps: [x = 1, x = 2]}\nexpect: {always: [x < 2]}\n")
    (failure,) = result.failures
    assert (failure.kind, failure.thread, failure.span.line) == ("always", "A", 5)
    assert message(failure) == "`x < 2` is false after the step at line 4"


def test_always_holds_at_the_start() -> None:
    result = outcome("vars: {x: 0}\nthreads: {A: {steps: [pass]}}\nexpect: {always: [x > 0]}\n")
    assert [message(f) for f in result.failures] == ["`x > 0` is false at the start"]


def test_reachable_states_are_noted() -> None:
    text = "vars: {x: 0}\nthreads:\n  A: {steps: [x = 1, x = 0]}\nexpect: {reachable: [x == 1, x == 2, x == 0]}\n"
    assert outcome(text).reached == {0, 2}


def test_an_always_over_a_primitive_is_checked_after_its_steps() -> None:
    text = "primitives: {s: {Semaphore: 1}}\nthreads: {A: {steps: [{release: s}]}}\nexpect: {always: [s.value <= 1]}\n"
    assert [f.kind for f in outcome(text).failures] == ["always"]


def test_an_await_past_its_timeout_raises() -> None:
    assert shared("vars: {x: 0}\nthreads:\n  A: {steps: [{await: x == 1, timeout: 0.05, raises: TimeoutError}]}\n") == {
        "x": 0
    }


def test_an_exception_ends_an_atomic_and_its_effects_stay() -> None:
    assert shared(
        "vars: {x: 0, y: 0}\nthreads:\n  A: {steps: [{try: [{atomic: [x = 1, {raise: KeyError}, x = 2]}], raises: KeyError}, y = x]}\n"
    ) == {"x": 1, "y": 1}


def test_a_file_without_these_keys_pays_nothing() -> None:
    from scenario.real.emit.module import emit

    made = emit(
        program(
            "vars: {x: 0}\nprimitives: {l: Lock}\nthreads:\n  A: {steps: [{repeat: 9, do: [{with: l, do: [x += 1]}]}]}\n"
        )
    )
    body = made.source.partition("def b0")[2].partition("rt.build")[0]
    assert (
        body.split("\n", 1)[1]
        == "  nonlocal s_x\n  q_l = p_l\n  for _ in rt_repeat(None, 9):\n   with q_l:\n    s_x += 1\n "
    )
