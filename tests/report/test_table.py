"""Outcome tables as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario.report.style import Style
from scenario.report.table import INDENT, LONGEST, outcome_table
from scenario.report.values import apart
from scenario.results.exploration import Row

LONG = [Row((("log", [*range(40), n]), ("x", n)), runs=3 - n, end="final" if n == 1 else None) for n in range(3)]


def test_an_end_that_a_claim_says_is_told_as_a_failure():
    text = outcome_table([Row((("x", 1),), end="final"), Row((("x", 2),), end="deadlock"), Row((("x", 3),))], Style())
    assert text == ["x  end", "1  fails: final", "2  deadlock", "3  fine"]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_table_fits_the_terminal_and_its_rows_can_be_told_apart(width):
    text = outcome_table(LONG, Style(width=width))
    assert max(map(len, text)) <= width - 2
    assert len(set(text)) == len(text)


def test_a_table_that_can_not_be_narrowed_is_a_list():
    row = Row(tuple((f"a_long_name_{i}", i) for i in range(10)), end="final")
    text = outcome_table([row], Style(width=60))
    assert text[0].startswith("  1. a_long_name_0 = 0, a_long_name_1 = 1")
    assert text[-1].strip() == "end: fails: final"
    assert max(map(len, text)) <= 60 - INDENT


def test_of_a_long_table_those_that_failed_are_shown_first():
    rows = [Row((("x", i),), end="final" if i == 99 else None) for i in range(100)]
    text = outcome_table(rows, Style(option="-v"))
    assert len(text) == LONGEST + 2
    assert text[-2] == "99  fails: final"
    assert text[-1] == "… and 60 more rows (-v shows all)"
    assert len(outcome_table(rows, Style(full=True))) == 101


@given(st.lists(st.text("ab", max_size=30), min_size=1, max_size=6), st.integers(8, 20))
def test_texts_that_differ_stay_apart(texts, most):
    assert len(set(apart(texts, most))) == len(set(texts))


def test_a_share_is_of_all_runs_also_where_not_all_rows_are_shown():
    rows = [Row((("x", i),), runs=1) for i in range(100)]
    assert outcome_table(rows, Style())[1].split() == ["0", "1", "1.0%"]
