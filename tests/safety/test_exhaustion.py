"""What would exhaust the machine is an exception of the scenario, or a diagnostic; and soon."""

from __future__ import annotations

import time

import pytest

from scenario.compile import compile_scenario
from scenario.diagnostics import InvalidScenario
from scenario.engines import threads
from scenario.engines.explore import explore
from scenario.judge import judge
from scenario.source import Source
from scenario.spec.load import load

HUGE = [
    "10 ** 10 ** 10",
    "9 ** 9 ** 9 ** 9",
    "1 << 10 ** 12",
    "2 ** (n * 100000)",
    "[0] * 10 ** 12",
    "'x' * 10 ** 12",
    "10 ** 12 * (1, 2)",
    "list(range(10 ** 12))",
    "sum(range(10 ** 15))",
    "[0] * 1000000 + [0] * 1000000",
    "'x'.ljust(10 ** 12)",
    "'x'.zfill(10 ** 12)",
    "'\\t'.expandtabs(10 ** 12)",
    "'xx'.replace('x', 'y' * 900000)",
    "('x' * 900000).join(['a', 'b', 'c'])",
    "round(n, -10 ** 9)",
    "('x' * 900000).translate({120: 'y' * 900000})",
    "'x'.encode() * 10 ** 12",
    "'x'.encode().center(10 ** 12)",
]


def programs(text: str):
    source = Source("huge.yaml", text)
    return compile_scenario(load(source), source)


@pytest.mark.parametrize("expression", HUGE)
def test_a_huge_value_raises_in_the_thread_that_asks_for_it(expression: str) -> None:
    text = f'scenario: huge\nmain:\n  - n = 5\n  - try: ["big = {expression}"]\n    raises: OverflowError\n'
    (program,) = programs(text.replace("\\t", "\\\\t"))
    began = time.monotonic()
    outcome = threads.run(program, seed=0)
    assert not outcome.failures
    assert outcome.end == "finished"
    assert not explore(program, judge=judge).findings
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("expression", HUGE)
def test_a_huge_constant_is_a_diagnostic(expression: str) -> None:
    text = f'scenario: huge\nparams:\n  n: 5\n  big: {{expr: "{expression}"}}\nmain: [pass]\n'
    began = time.monotonic()
    with pytest.raises(InvalidScenario):
        programs(text.replace("\\t", "\\\\t"))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "expression",
    [
        "[[0] * 1000000 for i in range(1000000)]",
        "[a * b for a in range(100000) for b in range(100000)]",
        "sum(a for a in range(1000000) for b in range(1000000))",
    ],
)
def test_a_constant_may_not_compute_for_ever(expression: str) -> None:
    began = time.monotonic()
    with pytest.raises(InvalidScenario):
        programs(f'scenario: long\nparams:\n  big: {{expr: "{expression}"}}\nmain: [pass]\n')
    assert time.monotonic() - began < 20


def test_a_text_that_doubles_stops_growing() -> None:
    text = "scenario: doubling\nvars: {text: \"'x'\"}\nmain:\n  - repeat: 100\n    do: [text += text]\n"
    (program,) = programs(text)
    outcome = threads.run(program, seed=0)
    assert outcome.errors["main"].name == "OverflowError"


def test_containers_that_nest_twice_a_round_stop_growing() -> None:
    text = "scenario: nesting\nmain:\n  - x = [0]\n  - repeat: 100\n    do: ['x = [x, x]']\n"
    (program,) = programs(text)
    outcome = threads.run(program, seed=0)
    assert outcome.errors["main"].name == "OverflowError"


def test_an_endless_local_loop_ends_at_the_timeout() -> None:
    (program,) = programs("scenario: endless\ntimeout: 0.5\nmain:\n  - n = 0\n  - while: true\n    do: [n = 1 - n]\n")
    assert threads.run(program, seed=0).end == "timeout"
