"""Arguments that are named are evaluated in the order in which they are written, as in Python."""

from __future__ import annotations

import pytest
from compile.files import program

from scenario.engines import threads
from scenario.engines.explore import explore
from scenario.judge import judge

FILE = """\
scenario: order
vars: {x: 0, got: 0, log: []}
primitives: {pool: {ThreadPoolExecutor: 1}}
routines:
  pair: {params: [a, b], steps: ["got = [a, b]"]}
threads:
  A: %s
  %s
"""


@pytest.mark.parametrize(
    "thread",
    [
        "{steps: ['log.extend([1, 2])', {call: pair, args: {b: log.pop(), a: log.pop()}}]}",
        "{steps: ['log.extend([1, 2])', {submit: pair, to: pool, args: {b: log.pop(), a: log.pop()}}]}",
        "{run: pair, args: {b: '[log.append(1), log.append(2), log.pop()][2]', a: log.pop()}}",
    ],
)
def test_the_one_that_is_written_first_is_evaluated_first(thread):
    made = program(FILE % (thread, "B: {steps: [pass]}") + "expect: ['got == [1, 2]']\n")
    assert not judge(made, threads.run(made, seed=0)).failures
    assert explore(made, judge=judge).exhausted
    assert not explore(made, judge=judge).findings


def test_others_may_come_in_between_them():
    called = "{steps: [{call: pair, args: {b: x, a: x}}]}"
    made = program(
        FILE % (called, "B: {steps: [x = 1]}") + "expect: {sometimes: ['got == [1, 0]'], final: ['got != [0, 1]']}\n"
    )
    assert not explore(made, judge=judge).findings


@pytest.mark.parametrize(
    ("args", "error"), [("{b: x // 0, a: '[][1]'}", "ZeroDivisionError"), ("{a: '[][1]', b: x // 0}", "IndexError")]
)
def test_the_first_that_fails_is_the_first_that_is_written(args, error):
    made = program(FILE % (f"{{steps: [{{call: pair, args: {args}, raises: {error}}}]}}", "B: {steps: [pass]}"))
    assert not judge(made, threads.run(made, seed=0)).failures
    assert not explore(made, judge=judge).findings
