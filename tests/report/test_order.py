"""Which steps come before which because of what is handed on."""

from report.drawn_schedules import LATE, evidence

from scenario.results.order import Arrow, arrows
from scenario.results.schedule import Move


def test_a_lock_that_is_given_back_leads_to_who_takes_it_next():
    moves = (
        Move("a", operation="acquire", object="l", lock="l"),
        Move("a", operation="release", object="l", lock="l"),
        Move("a", operation="output"),
        Move("b", operation="acquire", object="l", lock="l"),
    )
    assert arrows(moves) == [Arrow(1, 3, "lock")]


def test_a_write_leads_to_each_read_of_its_value_by_another_and_to_none_of_a_later_one():
    moves = (
        Move("a", writes=("x",)), Move("b", reads=("x",)), Move("c", reads=("x",)), Move("b", writes=("x",)),
        Move("b", reads=("x",)), Move("c", reads=("x",)),
    )  # fmt: skip
    assert arrows(moves) == [Arrow(0, 1, "value"), Arrow(0, 2, "value"), Arrow(3, 5, "value")]


def test_what_is_put_and_who_ends_lead_to_who_takes_it_and_who_joins():
    moves = (
        Move("a", operation="put", object="q"), Move("b", operation="get", object="q"), Move("a", operation="end"),
        Move("main", operation="join", object="a"),
    )  # fmt: skip
    assert arrows(moves) == [Arrow(0, 1, "object"), Arrow(2, 3, "object")]


def test_an_operation_that_gave_up_has_taken_nothing():
    moves = (Move("a", operation="put", object="q"), Move("b", operation="get", object="q", way="timeout"))
    assert arrows(moves) == []


def test_who_is_woken_goes_on_after_who_woke_it():
    moves = evidence(LATE).schedule.moves
    woken = [arrow for arrow in arrows(moves) if arrow.because == "woken"]
    assert [(moves[arrow.start].operation, moves[arrow.end].thread) for arrow in woken] == [("notify_all", "waiter")]
