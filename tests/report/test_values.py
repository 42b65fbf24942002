"""Values of scenarios in JSON and in text."""

import pytest

from scenario.report.values import json_value, text_value
from scenario.results.outcome import FutureView, exception_view


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (2**53, 2**53),
        (2**53 + 1, str(2**53 + 1)),
        (-(2**60), str(-(2**60))),
        (float("inf"), "inf"),
        ((1, (2,)), [1, [2]]),
        ({3, 1}, [1, 3]),
        ({"a", 1}, ["a", 1]),
        ({1: {2}}, {"1": [2]}),
        (FutureView("pending"), "<future pending>"),
        ([FutureView("finished", 4)], ["<future 4>"]),
        (FutureView("finished", None, exception_view("ValueError", "no")), "<future raised ValueError: no>"),
        (exception_view("ValueError", "no"), "ValueError: no"),
        (exception_view("ValueError"), "ValueError"),
    ],
)
def test_json(value, expected):
    result = json_value(value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("value", "text"),
    [({2, 1}, "{1, 2}"), (set(), "set()"), ((1,), "(1,)"), ({"a": [1]}, "{'a': [1]}"), ("x", "'x'"), (None, "None")],
)
def test_text_is_as_python_writes_it(value, text):
    assert text_value(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [([1, 2, 3], "[1, 2, …]"), ((1, 2), "(1, 2)"), ({1: 0, 2: 0, 3: 0}, "{1: 0, 2: 0, …}"), ({1, 2, 3}, "{1, 2, …}")],
)
def test_what_is_left_out_of_a_text_is_marked(value, text):
    assert text_value(value, 2) == text
