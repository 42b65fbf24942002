"""What one call in C does is bounded, for nothing can end it; what many calls do ends with the time that they are given."""

import time

import pytest
from explore.found import program

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore import explore
from scenario.judge import judge
from scenario.program.bounded import work
from scenario.program.bounded.limits import Refused
from scenario.program.bounded.namespace import NAMESPACE
from scenario.results.undecided import OutOfTime
from scenario.settings import ExploreOptions

HEAVY = [[0] * 1000] * 10_000
LIGHT = [[0] * 1000] * 100
TEXT = "a" * 1_000_000


@pytest.mark.parametrize("name", ["_light", "_searched", "_sorted", "_min", "_max"])
def test_what_unfolds_to_too_much_is_not_gone_through(name):
    NAMESPACE[name](LIGHT)
    with pytest.raises(Refused):
        NAMESPACE[name](HEAVY)


@pytest.mark.parametrize("name", ["sort", "index", "count", "remove"])
def test_nor_by_a_method_of_a_list(name):
    with pytest.raises(Refused):
        NAMESPACE["_method"](getattr(list(HEAVY), name), *([] if name == "sort" else [[1]]))


@pytest.mark.parametrize("name", sorted(work.SLOW_IN_TEXTS))
def test_a_text_is_not_searched_for_ever(name):
    NAMESPACE["_method"](getattr(TEXT, name), "a")
    with pytest.raises(Refused):
        NAMESPACE["_method"](getattr(TEXT, name), "b" + "a" * 100_000)


def test_texts_count_by_their_characters():
    work.light([TEXT] * 100)
    with pytest.raises(Refused):
        work.light([TEXT] * 1000)


def test_what_is_in_itself_or_flat_is_light():
    itself = [1]
    itself.append(itself)
    assert work.light(itself) is itself
    flat = list(range(1_000_000))
    assert work.light(flat) is flat


@pytest.mark.parametrize(
    "expression", ["[[0] * 900000] * 1000", "((0,) * 900000,) * 1000", "((0,) * 900000,) + ((0,) * 900000,)"]
)
def test_a_sequence_does_not_unfold_to_too_much(expression):
    with pytest.raises(InvalidScenario):
        program(f"threads: {{A: {{steps: [pass]}}}}\nparams: {{x: {{expr: '{expression}'}}}}")


LONG = ["[max([0] * 1000000) for i in range(1000000)]", "[i in [-1] * 1000000 for i in range(1000000)]"]


@pytest.mark.parametrize("expression", LONG)
def test_a_constant_that_takes_too_long_is_given_up(expression):
    with pytest.raises(InvalidScenario, match="more than 2 seconds"):
        program(f"threads: {{A: {{steps: [pass]}}}}\nparams: {{x: {{expr: '{expression}'}}}}")


@pytest.mark.parametrize("expression", LONG)
def test_the_time_of_a_search_ends_an_expression(expression):
    long = program(f"threads: {{A: {{steps: ['x = {expression}']}}}}")
    began = time.process_time()
    found = explore(long, ExploreOptions(max_seconds=1), judge=judge)
    assert isinstance(found.undecided[0], OutOfTime)
    assert found.undecided[0].amid
    assert time.process_time() - began < 3
