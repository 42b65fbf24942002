"""What `expect` says of one execution."""

import pytest
from judge.programs import BROKEN, COUNTER_IS_FULL, PLACE, POSITIVE, outcome, program, stuck

from scenario.judge import judge
from scenario.judge.execution import PRIORITY
from scenario.kinds import FailureKind
from scenario.program.claims import Claim, DeadlockClaim, Elapsed, ErrorClaim, OutcomeRow, Output, Words
from scenario.program.exceptions import bases
from scenario.report.words.failures import message
from scenario.results.failures import AssertFalse, Failure
from scenario.results.outcome import FutureView, ThreadError, exception_view
from scenario.syntax import Const, FutureQuery, Query, Ref, Register, Shared


def kinds(judged):
    return [failure.kind for failure in judged.failures]


def messages(judged):
    return [message(failure) for failure in judged.failures]


def error(name="ValueError", message="no"):
    return ThreadError(name, bases(name), message, PLACE)


def test_without_expectations_a_finished_execution_is_fine():
    judged = judge(program(), outcome())
    assert (judged.failures, judged.end, judged.values) == ((), None, (("counter", 20),))


def test_a_false_final_says_which_values_it_read():
    judged = judge(program(final=(COUNTER_IS_FULL,)), outcome(13))
    assert messages(judged) == ["`counter == workers * rounds` is false: counter is 13, workers * rounds is 20"]


def test_a_final_that_raises_is_false_and_says_so():
    judged = judge(program(final=(BROKEN,)), outcome(0))
    assert messages(judged)[0].startswith("`1 / counter` raised ZeroDivisionError: division by zero")


def test_in_observe_the_name_of_the_exception_is_the_value():
    assert judge(program(observe=(BROKEN,)), outcome(0)).values == (("1 / counter", "ZeroDivisionError"),)


def test_a_deadlocked_execution_is_not_asked_for_its_final_state():
    claims = {"final": (COUNTER_IS_FULL,), "output": Output(lines=("x",)), "elapsed": Elapsed(at_least=9)}
    assert kinds(judge(program(**claims), outcome(3, "deadlock", blocked=stuck("A"), elapsed=1))) == ["deadlock"]


def test_a_permitted_deadlock_is_no_failure_but_the_end_of_its_row():
    judged = judge(program(deadlock=DeadlockClaim("possible")), outcome(end="deadlock", blocked=stuck("A")))
    assert (judged.failures, judged.end) == ((), "deadlock")


def test_a_deadlock_of_other_threads_than_the_permitted_ones_fails():
    claim = DeadlockClaim("possible", frozenset({"A", "worker[0]"}))
    assert not judge(program(deadlock=claim), outcome(end="deadlock", blocked=stuck("A", "worker[0]"))).bad
    assert judge(program(deadlock=claim), outcome(end="deadlock", blocked=stuck("A"))).bad


def test_an_execution_that_ends_breaks_deadlock_always():
    assert kinds(judge(program(deadlock=DeadlockClaim("always")), outcome())) == ["deadlock"]


def test_a_deadlock_is_one_failure_at_the_first_stuck_thread_in_file_order():
    (failure,) = judge(program(), outcome(end="deadlock", blocked=stuck("worker[1]", "A"))).failures
    assert (failure.thread, message(failure)) == ("A", "A waits for lock a, worker[1] waits for lock a")


def test_an_uncaught_exception_fails():
    (failure,) = judge(program(), outcome(errors={"A": error()})).failures
    assert (failure.kind, failure.thread, message(failure)) == ("error", "A", "A ended with ValueError: no")


def test_systemexit_is_no_failure():
    assert not judge(program(), outcome(errors={"A": error("SystemExit")})).bad


@pytest.mark.parametrize(
    ("raised", "bad"), [("ValueError", False), ("UnicodeError", False), ("KeyError", True), (None, True)]
)
def test_errors_names_the_exception_or_a_base_and_demands_it(raised, bad):
    claims = (ErrorClaim(Ref("A"), ("ValueError",)),)
    errors = {"A": error(raised)} if raised else {}
    assert judge(program(errors=claims), outcome(errors=errors)).bad is bad


def test_a_possible_error_may_be_missing():
    assert not judge(program(errors=(ErrorClaim(Ref("A"), ("ValueError",), possible=True),)), outcome()).bad


def test_a_group_stands_for_all_of_its_members():
    claims = (ErrorClaim(Ref("worker"), ("ValueError",)),)
    judged = judge(program(errors=claims), outcome(errors={"worker[0]": error()}))
    assert [failure.thread for failure in judged.failures] == ["worker[1]"]


def test_a_claim_on_a_member_goes_before_one_on_its_group():
    claims = (ErrorClaim(Ref("worker", Const(1)), ("KeyError",)), ErrorClaim(Ref("worker"), ("ValueError",)))
    errors = {"worker[0]": error(), "worker[1]": error("KeyError")}
    assert not judge(program(errors=claims), outcome(errors=errors)).bad


def words(texts):
    return tuple(map(Words, texts))


@pytest.mark.parametrize(
    ("claim", "printed", "message"),
    [
        (Output(lines=("a", "b")), ("a", "c"), "line 2 of the output is 'c', expected 'b'"),
        (Output(lines=("a", "b")), ("a",), "the output ends before line 2, expected 'b'"),
        (Output(lines=("a",)), ("a", "b"), "line 2 of the output is 'b', where nothing more was expected"),
        (Output(unordered=words("aa")), ("a",), "the output lacks 'a'"),
        (Output(unordered=words("a")), ("a", "b"), "the output has 'b', which was not expected"),
        (Output(contains=words("x")), ("a",), "no line of the output contains 'x'"),
        (Output(absent=words("a")), ("bad",), "the output has 'bad', and no line may contain 'a'"),
    ],
)
def test_output_says_what_differs(claim, printed, message):
    assert messages(judge(program(output=claim), outcome(output=printed))) == [message]


@pytest.mark.parametrize(
    "claim", [Output(lines=("a", "b")), Output(unordered=words("ba")), Output(contains=words("b"), absent=words("c"))]
)
def test_output_holds_where_it_is_as_claimed(claim):
    assert not judge(program(output=claim), outcome(output=("a", "b"))).bad


@pytest.mark.parametrize(
    ("marks", "bad"), [("ab", False), ("aabb", False), ("aba", True), ("b", True), ("a", True), ("bca", True)]
)
def test_order_wants_every_earlier_before_every_later_and_each_to_occur(marks, bad):
    assert judge(program(order=(words("ab"),)), outcome(marks=tuple(marks))).bad is bad


def test_in_a_deadlock_a_mark_may_be_missing_but_not_misplaced():
    claims = program(order=(words("abc"),), deadlock=DeadlockClaim("possible"))
    assert not judge(claims, outcome(end="deadlock", marks=("a",))).bad
    assert judge(claims, outcome(end="deadlock", marks=("c", "a"))).bad


@pytest.mark.parametrize(("took", "bad"), [(0.5, True), (1.5, False), (2.5, True), (None, False)])
def test_elapsed_is_bounded_on_both_sides(took, bad):
    assert judge(program(elapsed=Elapsed(1, 2)), outcome(elapsed=took)).bad is bad


def rows(*rated):
    return tuple(OutcomeRow(claim, rating, "why") for claim, rating in rated)


def test_the_first_true_when_labels_the_outcome():
    table = rows((COUNTER_IS_FULL, "acceptable"), (POSITIVE, "interesting"))
    assert judge(program(outcomes=table), outcome(13)).label == "interesting"


def test_a_when_that_raises_is_false_and_known_to_have_raised():
    table = rows((BROKEN, "forbidden"), (Claim("true", Const(value=True), span=PLACE), "acceptable"))
    judged = judge(program(outcomes=table), outcome(0))
    assert (judged.label, [(one.text, one.raised) for one in judged.raised]) == (
        "acceptable",
        [("1 / counter", "ZeroDivisionError")],
    )


def test_a_forbidden_outcome_fails():
    judged = judge(program(outcomes=rows((POSITIVE, "forbidden"))), outcome(13))
    assert (kinds(judged), judged.label) == (["outcome"], "forbidden")


def test_an_outcome_that_no_row_describes_fails():
    assert messages(judge(program(outcomes=rows((COUNTER_IS_FULL, "acceptable"))), outcome(13))) == [
        "no row of `outcomes` describes this outcome: counter = 13"
    ]


def test_sometimes_says_which_of_them_are_true_here_and_which_raise():
    judged = judge(program(sometimes=(COUNTER_IS_FULL, POSITIVE, BROKEN)), outcome(0))
    assert (judged.sometimes, [(one.number, one.error.name) for one in judged.untrue]) == (
        set(),
        [(2, "ZeroDivisionError")],
    )
    assert judge(program(sometimes=(COUNTER_IS_FULL, POSITIVE)), outcome(13)).sometimes == {1}


def test_what_fails_in_a_loop_is_one_failure():
    again = Failure(AssertFalse("x"), PLACE, "A")
    assert kinds(judge(program(), outcome(failures=(again, again)))) == ["assert"]


def test_a_timeout_names_who_waits():
    (failure,) = judge(program(), outcome(end="timeout", blocked=stuck("A"))).failures
    assert (failure.kind, message(failure)) == ("timeout", "not over after 30 s; A waits for lock a")


def test_a_livelock_fails_unless_it_is_permitted():
    assert kinds(judge(program(), outcome(end="livelock"))) == ["livelock"]
    judged = judge(program(livelock="possible"), outcome(end="livelock"))
    assert (judged.bad, judged.end) == (False, "livelock")


def test_the_end_is_the_first_kind_that_applies():
    judged = judge(program(final=(COUNTER_IS_FULL,)), outcome(1, errors={"A": error()}))
    assert judged.end == "error"


def test_every_kind_that_one_execution_can_break_has_its_rank():
    whole = {"sometimes", "reachable", "fails"}  # these are judged over all executions
    assert set(PRIORITY) == set(FailureKind.__args__) - whole


def test_registers_and_objects_are_read_from_the_outcome():
    columns = (
        Claim("A.r", Register(Ref("A"), "r")),
        Claim("worker[1].r", Register(Ref("worker", Const(1)), "r")),
        Claim("slots.value", Query(Ref("slots"), "value")),
    )
    seen = outcome(registers={"A": {"r": 1}}, objects={("slots", None): {"value": 3}})
    assert [value for _, value in judge(program(observe=columns), seen).values] == [1, None, 3]


@pytest.mark.parametrize(
    ("future", "attribute", "value"),
    [
        (FutureView("finished", 4), "done", True),
        (
            FutureView("finished", None, exception_view("ValueError", "a: b")),
            "exception",
            exception_view("ValueError", "a: b"),
        ),
        (FutureView("pending"), "exception", "TimeoutError"),
        (FutureView("cancelled"), "exception", "CancelledError"),
        (FutureView("running"), "running", True),
    ],
)
def test_futures_answer_without_blocking(future, attribute, value):
    column = Claim("f", FutureQuery(Shared("counter"), attribute))
    assert judge(program(observe=(column,)), outcome(future)).values == (("f", value),)
