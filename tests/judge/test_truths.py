"""What is known of each claim in one state."""

from dataclasses import replace

import pytest
from judge.programs import COUNTER_IS_FULL, PLACE, POSITIVE, program, stuck

from scenario.judge.truths import expectations, truths
from scenario.program import ops
from scenario.program.claims import Claim, Claims, DeadlockClaim, Elapsed, ErrorClaim, OutcomeRow, Output, Words
from scenario.program.exceptions import bases
from scenario.results.failures import AlwaysFalse, Failure
from scenario.results.frames import Frame
from scenario.results.outcome import Outcome, ThreadError
from scenario.syntax import Const, Query, Ref

OF_EVERY_FILE = ["errors", "deadlock", "livelock"]
DEADLOCK = {"end": "deadlock", "blocked": stuck("A", "worker[0]")}


def words(*texts):
    return tuple(Words(text) for text in texts)


def kinds(claims):
    """Of what the file says itself."""
    told = [one.kind for one in expectations(claims)]
    assert told[-3:] == OF_EVERY_FILE
    return told[:-3]


def known(claims, *, states=(), every=False, **left):
    """The same, unless of `every` claim."""
    outcome = Outcome(**({"end": "ended", "shared": {"counter": 20}} | left))
    told = [*truths(replace(program(), claims=claims))(Frame(outcome, (), {}, states))]
    return told if every else told[:-3]


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
    assert kinds(claims) == ["output"]
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
    assert kinds(claims) == ["always", "final", *["output"] * 5, "order", "order"]
    got = known(claims, output=("a",), marks=("n",), states=(True,))
    assert got == [True, None, None, None, True, None, None, None, None]


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


# --- claims over states that nobody has asked -------------------------------------------------------------

LOCKED = Claim("lock.locked()", Query(Ref("lock"), "locked"), span=PLACE)


def test_what_the_variables_tell_is_known_though_nobody_has_asked():
    claims = Claims(always=(COUNTER_IS_FULL,), reachable=(POSITIVE,))
    assert known(claims) == [True, True]
    assert known(claims, shared={"counter": 0}) == [False, False]
    assert known(claims, states=(False, None)) == [False, True]  # who has asked knows more


def test_what_no_variable_tells_is_open():
    assert known(Claims(always=(LOCKED, COUNTER_IS_FULL)), shared={}) == [None, None]


def test_in_a_file_with_an_atomic_nothing_is_known_of_values_between_two_steps():
    made = program(always=(POSITIVE,))
    inside = replace(made.groups[0], body=(ops.Atomic(()),))
    ask = truths(replace(made, groups=(inside, *made.groups[1:])))
    assert next(iter(ask(Frame(Outcome("ended", {"counter": 0}), (), {})))) is None


# --- how executions end ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "before", "finished", "deadlocked"),
    [
        (DeadlockClaim(), [None], [True], [False]),
        (DeadlockClaim("always"), [None], [False], [True]),
        (DeadlockClaim("possible"), [None], [False], [True]),
        (DeadlockClaim("possible", frozenset({"A", "worker[0]"})), [None, None], [False, True], [True, True]),
        (DeadlockClaim("possible", frozenset({"A"})), [None, None], [False, True], [False, False]),
    ],
)
def test_a_deadlock_is_known_where_nobody_goes_on_and_at_the_end(claim, before, finished, deadlocked):
    def told(**left):
        return known(Claims(deadlock=claim), every=True, **left)[1:-1]

    assert told() == before
    assert told(end="finished") == finished
    assert told(**DEADLOCK) == deadlocked


@pytest.mark.parametrize(("mode", "finished", "round_and_round"), [("never", True, False), ("possible", False, True)])
def test_a_livelock_is_known_where_a_round_closes(mode, finished, round_and_round):
    claims = Claims(livelock=mode)
    assert known(claims, every=True)[-1] is None
    assert known(claims, every=True, end="finished")[-1] is finished
    assert known(claims, every=True, end="livelock")[-1] is round_and_round


def test_only_what_an_execution_shows_of_itself_is_claimed_of_every_one():
    claims = Claims(
        (), (POSITIVE,), (), (POSITIVE,), deadlock=DeadlockClaim("possible"), livelock="possible", fails=("final",)
    )
    assert {one.scope for one in expectations(claims) if one.kind != "errors"} == {"some"}


@pytest.mark.parametrize(
    ("took", "before", "at_end"),
    [
        (None, [None, None], [None, None]),
        (1, [None, None], [False, True]),
        (2, [None, None], [True, True]),
        (4, [None, False], [True, False]),
    ],
)
def test_a_time_that_is_over_is_known_before_the_end(took, before, at_end):
    claims = Claims(elapsed=Elapsed(2, 3))
    assert known(claims, elapsed=took) == before
    assert known(claims, elapsed=took, end="finished") == at_end
    assert known(claims, elapsed=took, **DEADLOCK) == [None, None]  # nobody asks for it


@pytest.mark.parametrize(("counter", "at_end"), [(20, True), (1, False), (-1, False)])
def test_an_end_is_in_one_of_the_rows_that_may_be(counter, at_end):
    claims = Claims(outcomes=(OutcomeRow(COUNTER_IS_FULL, "acceptable"), OutcomeRow(POSITIVE, "forbidden")))
    assert known(claims, shared={"counter": counter}) == [None]
    assert known(claims, shared={"counter": counter}, end="finished") == [at_end]
    assert known(claims, shared={"counter": counter}, **DEADLOCK) == [None]


def test_a_bug_is_shown_where_it_is_and_missing_at_the_end_where_it_is_not():
    claims = Claims((COUNTER_IS_FULL,), always=(POSITIVE,), fails=("always", "final", "deadlock", "sometimes"))
    seen = (Failure(AlwaysFalse(POSITIVE.text), PLACE),)
    assert known(claims)[2:] == [None] * 4
    assert known(claims, failures=seen)[2:] == [True, None, None, None]
    assert known(claims, end="finished", shared={"counter": 1})[2:] == [False, True, False, None]
    assert known(claims, **DEADLOCK)[2:] == [False, False, True, None]


def test_an_exception_that_nobody_expects_is_told_apart_from_those_that_are():
    claims = Claims(errors=(ErrorClaim(Ref("A"), ("ValueError",)),))
    errors = {"B": ThreadError("KeyError", bases("KeyError"), "no", PLACE)}
    assert known(claims, every=True, errors=errors)[:2] == [None, False]
    assert known(claims, every=True, errors=errors, end="finished")[:2] == [False, False]
