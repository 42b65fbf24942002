"""Exit codes."""

import itertools

import pytest

from scenario.cli.session import FIRST, exit_code
from scenario.results.result import Report, Result, Verdict, VerdictWord

FAULT = Result("f", Verdict("undecided"), fault="x")


def result(word):
    return Result("f", Verdict(word))


CODES = {"holds": 0, "skipped": 0, "fails": 1, "invalid": 2, "undecided": 3}


@pytest.mark.parametrize("word", VerdictWord.__args__)
def test_each_verdict_has_its_code(word):
    assert exit_code(Report("run", (result(word),))) == CODES[word]


def test_nothing_selected_is_five():
    assert exit_code(Report("run", ())) == 5


def test_a_fault_of_ours_is_seventy():
    assert exit_code(Report("run", (FAULT, result("invalid")))) == 70


def test_an_interrupt_goes_before_all():
    assert exit_code(Report("run", (FAULT,), interrupted=True)) == 130


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(CODES, 2)))
def test_of_two_the_first_in_order_counts(one, other):
    both = exit_code(Report("run", (result(one), result(other))))
    assert both == min(CODES[one], CODES[other], key=FIRST.index)


def test_the_order_is_that_of_the_language():
    assert FIRST == (130, 70, 2, 1, 3, 5, 0)
