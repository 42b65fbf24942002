"""An `always` that is broken: `run`, `explore` and `replay` say of the same step and thread that it was after it."""

from __future__ import annotations

import pytest
from explore.found import explored, program

from scenario.engines.explore.evidence.retrace import retrace
from scenario.engines.threads import run
from scenario.engines.threads.controlled import replay
from scenario.report.words.failures import message

BROKEN = """
vars: {x: 0, y: 0}
primitives: {l: Lock}
routines:
  f:
    steps:
      - y = 1
      - x = 5
      - y = 2
threads:
  A:
    steps:
      - x = 0
      - atomic:
          - j = 1
          - if: x == 0
            then:
              - x = 1
              - y = 1
          - y = 2
      - y = 0
      - x = 3
      - atomic:
          - call: f
      - with: l
        do:
          - x = 8
      - try: [y = 1 // 0]
        except: {ZeroDivisionError: [pass]}
        finally:
          - atomic:
              - x = 10
expect: {always: [x + y < 3, "x < 2", "1 // (3 - x) < 9", "x < 4", "x < 7", not l.locked(), "x < 9"]}
"""
AT_THE_START = "vars: {x: 0}\nthreads: {A: {steps: [x = 1]}}\nexpect: {always: [x > 0, 1 // x == 1]}\n"


def said(failures):
    return {(message(failure), failure.thread, failure.span) for failure in failures}


def in_each_engine(text):
    made = program(text)
    findings = explored(text, odds=False).findings
    (script,) = retrace(made, max((found.schedule for found in findings), key=lambda one: len(one.moves)))
    return (
        said(run(made).failures),
        said(found.failure for found in findings),
        said(replay(made, script).outcome.failures),
    )


def test_a_step_of_a_block_a_routine_a_lock_and_a_finally():
    ran, found, replayed = in_each_engine(BROKEN)
    assert ran == found == replayed
    assert len(ran) == 7
    assert {thread for _, thread, _ in ran} == {"A"}


def test_what_is_false_or_raises_at_the_start_is_of_no_thread():
    ran, found, replayed = in_each_engine(AT_THE_START)
    assert ran == found == replayed
    with pytest.raises(ZeroDivisionError) as raised:
        _ = 1 // 0  # its text is another one from Python 3.14 on
    assert {(words, thread) for words, thread, _ in ran} == {
        ("`x > 0` is false at the start", None),
        (f"`1 // x == 1` raises ZeroDivisionError: {raised.value} at the start", None),
    }
