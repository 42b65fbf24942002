"""Plain scalars are what YAML 1.2's core schema says, and 1_000 is a number."""

import math

import pytest

from scenario.source import Source
from scenario.spec.yaml.document import parse
from scenario.spec.yaml.values import plain


def value(text):
    return plain(parse(Source("x", f"v: {text}\n"))[0])["v"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1), ("-1", -1), ("+1", 1), ("010", 10), ("0o10", 8), ("0x1F", 31), ("1_000", 1000), ("0", 0),
        ("1.5", 1.5), ("1e3", 1000.0), ("1E-3", 0.001), (".5", 0.5), ("5.", 5.0), ("-.5", -0.5), ("1_000.5", 1000.5),
        (".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
    ],
)  # fmt: skip
def test_is(text, expected):
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        "on", "off", "yes", "no", "On", "YES", "y", "n", "1:30", "190:20:30", "2024-01-02", "2001-12-14t21:59:43.10Z",
        "tRUE", "nULL", "0b11", "0o8", "0xG", "1__0", "_1", "1_", "+", ".", "..", "e3", "1e", "inf", "nan", ".Nan",
        "-0x1F", "0O10", "0X1F", "1,000", "=", "1 2", "٣", "+-1", "--1", "1.2.3",
    ],
)  # fmt: skip
def test_is_a_text(text):
    assert value(text) == text


def test_nan_is_a_number():
    assert math.isnan(value(".nan"))


@pytest.mark.parametrize("text", ["'1'", '"true"', "'~'", "!!str 1"])
def test_quotes_keep_a_text_a_text(text):
    assert isinstance(value(text), str)


@pytest.mark.parametrize("text", ["9" * 3001, "0x" + "f" * 3001, "1." + "0" * 3001])
def test_a_number_with_too_many_digits_is_refused(text):
    assert [found.code for found in parse(Source("x", f"v: {text}\n"))[1]] == ["SC014"]
