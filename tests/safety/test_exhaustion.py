"""What would exhaust the machine makes the file invalid there, in every engine; no `try` sees it; and soon."""

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
    "str(['x' * 1000000] * 1000)",
    "str({1: ('x' * 900000, ['y' * 900000] * 20)})",
    "str([2 ** 9999] * 100000)",
    "sum([[0] * 1000] * 100000, [])",
    "sum([(0,) * 1000] * 100000, ())",
    "zip(*[range(1000000)] * 1000)",
    "[*range(1000000), *range(1000000), *range(1000000)] * 2",
    "set([i * (2 ** 61 - 1) for i in range(100000)])",
    "dict([(i * (2 ** 61 - 1), i) for i in range(100000)])",
    "{}.fromkeys([i * (2 ** 61 - 1) for i in range(100000)])",
    "True << 10 ** 12",
    "-1 << 10 ** 12",
    "True * ('x' * 1000000) * 2",
    "reversed(range(10 ** 12))",
    "enumerate(range(10 ** 12))",
    "max(range(10 ** 12))",
    "int('f' * 1000000, 16)",
]


def programs(text: str):
    source = Source("huge.yaml", text)
    return compile_scenario(load(source), source)


def refused(text: str) -> None:
    """It is invalid, at its one step inside a `try` that catches everything."""
    (program,) = programs(text)
    began = time.monotonic()
    for engine in (lambda: threads.run(program, seed=0), lambda: explore(program, judge=judge)):
        with pytest.raises(InvalidScenario) as invalid:
            engine()
        (found,) = invalid.value.diagnostics
        assert (found.code, found.span.line) == ("SC355", 4)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("expression", [*HUGE, "'%1000000000d' % 1", "'%1000000000d'.encode() % 1"])
def test_a_huge_value_makes_the_file_invalid_where_it_is_asked_for(expression: str) -> None:
    text = f'scenario: huge\nmain:\n  - n = 5\n  - {{try: ["big = {expression}"], except: {{BaseException: [pass]}}, finally: [return]}}\n'
    refused(text.replace("\\t", "\\\\t"))


@pytest.mark.parametrize(
    "template",
    [
        "{[['x' * 1000000] * 9, ['x' * 1000000] * 9]}",
        "{[['x' * 1000000] * 9, ['x' * 1000000] * 9]!r}",
        "{([['x' * 1000000] * 9, ['x' * 1000000] * 9])!a}",
        "{b:>5}",
    ],
)
def test_a_huge_text_of_a_container_makes_the_file_invalid_where_it_is_printed(template: str) -> None:
    refused(
        f"scenario: huge\nmain:\n  - b = [['x' * 1000000] * 9, ['x' * 1000000] * 9]\n  - {{print: \"{template}\", raises: Exception}}\n"
    )


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("int('9' * 1000000)", "ValueError"),
        ("int('z' * 100000, 36)", "ValueError"),
        ("sum([[1], 2], [])", "TypeError"),
        ("sum([[1]])", "TypeError"),
        ("sum(['a'], '')", "TypeError"),
        ("set([[1]])", "TypeError"),
        ("dict([[[1], 2]])", "TypeError"),
        ("dict([1])", "TypeError"),
        ("'x'.encode('zip')", "LookupError"),
    ],
)
def test_what_python_refuses_is_still_refused_in_its_own_way(expression: str, error: str) -> None:
    text = f'scenario: huge\nmain:\n  - try: ["big = {expression}"]\n    raises: {error}\n'
    (program,) = programs(text)
    assert not threads.run(program, seed=0).failures


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("sum([[1], [2, 3]], [0])", [0, 1, 2, 3]),
        ("sum([(1,), (2, 3)], ())", (1, 2, 3)),
        ("sum([1, 2.5], start=1)", 4.5),
        ("sum(a for a in range(4))", 6),
        ("set([0] * 1000 + [1] * 1000)", {0, 1}),
        ("dict([(1, 2), [3, 4]], a=5)", {1: 2, 3: 4, "a": 5}),
        ("dict({1: 2}, b=3)", {1: 2, "b": 3}),
        ("dict(a=1)", {"a": 1}),
        ("set('aab')", {"a", "b"}),
        ("set()", set()),
        ("zip([1, 2], 'ab')", [(1, "a"), (2, "b")]),
        ("zip()", []),
        ("{}.fromkeys('ab', 0)", {"a": 0, "b": 0}),
        ("str([1, 'a', {2: (3, None)}])", "[1, 'a', {2: (3, None)}]"),
    ],
)
def test_what_is_bounded_is_otherwise_pythons(expression: str, value: object) -> None:
    (program,) = programs(f'scenario: small\nparams:\n  made: {{expr: "{expression}"}}\nmain: [pass]\n')
    assert program.params["made"] == value
    assert type(program.params["made"]).__name__ == type(value).__name__


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
    refused("scenario: doubling\nvars: {text: \"'x'\"}\nmain:\n  - {repeat: 100, do: [text += text]}\n")


def test_containers_that_nest_twice_a_round_stop_growing() -> None:
    refused("scenario: nesting\nmain:\n  - x = [0]\n  - {repeat: 100, do: ['x = [x, x]']}\n")


def test_an_endless_local_loop_ends_at_the_timeout() -> None:
    (program,) = programs("scenario: endless\ntimeout: 0.5\nmain:\n  - n = 0\n  - while: true\n    do: [n = 1 - n]\n")
    assert threads.run(program, seed=0).end == "timeout"
