"""What is known of each claim in one state."""

from dataclasses import replace

import pytest
from judge.programs import COUNTER_IS_FULL, PLACE, program

from scenario.judge.truths import expectations, truths
from scenario.program.claims import Claims, ErrorClaim, Output, Words
from scenario.program.exceptions import bases
from scenario.results.frames import Frame
from scenario.results.outcome import Outcome, ThreadError
from scenario.syntax import Const, Ref


def words(*texts):
    return tuple(Words(text) for text in texts)


def known(claims, *, output=(), marks=(), end="ended", states=(), errors=()):
    outcome = Outcome(end, {"counter": 20}, output=output, marks=marks, errors=dict(errors))
    return [*truths(replace(program(), claims=claims))(Frame(outcome, (), {}, states))]


@pytest.mark.parametrize(
    ("output", "printed", "before", "at_end"),
    [
        ({"lines": ("a", "b")}, ("a",), None, False),
        ({"lines": ("a", "b")}, ("b",), False, False),
        ({"lines": ("a", "b")}, ("a", "b"), None, True),
        ({"lines": ("a",)}, ("a", "b"), False, False),
        ({"unordered": words("a", "b")}, ("b",), None, False),
        ({"unordered": words("a", "b")}, ("b", "b"), False, False),
        ({"unordered": words("a", "b")}, ("b", "a"), None, True),
        ({"contains": words("a")}, ("b",), None, False),
        ({"contains": words("a")}, ("b", "cab"), True, True),
        ({"absent": words("a")}, ("b",), None, True),
        ({"absent": words("a")}, ("cab",), False, False),
    ],
)
def test_of_an_output_it_is_known_what_no_later_line_can_change(output, printed, before, at_end):
    claims = Claims(output=Output(**output))
    assert [one.kind for one in expectations(claims)] == ["output"]
    assert known(claims, output=printed) == [before]
    assert known(claims, output=printed, end="finished") == [at_end]


@pytest.mark.parametrize(
    ("marks", "before", "at_end"),
    [
        ((), None, False),
        (("a",), None, False),
        (("a", "b"), None, True),
        (("b",), None, False),
        (("b", "a"), False, False),
        (("a", "b", "a"), False, False),
    ],
)
def test_of_an_order_it_is_known_what_no_later_mark_can_change(marks, before, at_end):
    claims = Claims(order=(words("a", "b"),))
    assert known(claims, marks=marks) == [before]
    assert known(claims, marks=marks, end="finished") == [at_end]


def test_each_expectation_has_a_truth_of_its_own_in_the_same_order():
    output = Output(("a",), words("a"), words("a", "b"), words("c"))
    claims = Claims((COUNTER_IS_FULL,), (), (COUNTER_IS_FULL,), (), output, (words("m"), words("n")))
    assert [one.kind for one in expectations(claims)] == ["always", "final", *["output"] * 5, "order", "order"]
    got = known(claims, output=("a",), marks=("n",), states=(True,))
    assert got == [True, None, None, None, True, None, None, None, None]
    assert known(claims) == [None] * 9  # nobody has asked `always`


@pytest.mark.parametrize(
    ("raised", "before", "at_end"),
    [
        ({}, [None, None], [False, True]),
        ({"A": "ValueError"}, [None, None], [True, True]),
        ({"A": "KeyError"}, [False, None], [False, True]),
        ({"A": "ValueError", "worker[1]": "KeyError"}, [None, None], [True, True]),
        ({"worker[1]": "ValueError"}, [None, False], [False, False]),
    ],
)
def test_of_how_threads_end_it_is_known_what_has_ended_otherwise(raised, before, at_end):
    claims = Claims(
        errors=(
            ErrorClaim(Ref("A"), ("ValueError",)),
            ErrorClaim(Ref("worker", Const(1)), ("KeyError",), possible=True),
        )
    )
    errors = {thread: ThreadError(name, bases(name), "no", PLACE) for thread, name in raised.items()}
    assert known(claims, errors=errors) == before
    assert known(claims, errors=errors, end="finished") == at_end
