"""Why nothing is decided, in words: what a reader sees for each fact."""

import pytest

from scenario.report.words.undecided import worded, words
from scenario.results.result import Verdict
from scenario.results.undecided import (
    NeedsClock,
    NotAll,
    NotFollowed,
    OutOfMemory,
    OutOfTime,
    TooManyStates,
)

SAID = {
    OutOfTime(): "the time was up",
    OutOfTime("step", "A"): "the time was up in the middle of one step of A: it has too many ways on, or too much work",
    OutOfTime("loop", "A", 7): "the time was up in a loop of A (line 7), which goes round and round without a step",
    OutOfTime("expression"): "the time was up in the middle of an expression",
    OutOfMemory(30 << 20): "more than 30 MiB of memory",
    OutOfMemory(3 << 30): "more than 3.0 GiB of memory",
    OutOfMemory(): "more memory than there is for its states",
    TooManyStates(1_000): "more than 1,000 states",
    NotFollowed(
        "kept value", "dict_keys", 7
    ): "a dict_keys that is kept from one step to the next is not explored (line 7)",
    NeedsClock("now"): "now() needs the virtual clock (--clock virtual)",
    NeedsClock("elapsed"): "elapsed needs the virtual clock (--clock virtual)",
    NotAll("interrupted"): "interrupted",
}


@pytest.mark.parametrize("why", SAID)
def test_each_fact_has_its_words(why):
    assert words(why) == SAID[why]


def test_a_verdict_says_why_before_what_a_command_says_of_it():
    verdict = worded(Verdict("undecided", why=(TooManyStates(9), OutOfTime()), reasons=("kept",)))
    assert verdict.reasons == ("more than 9 states", "the time was up", "kept")
