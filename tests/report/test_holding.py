"""Who holds what after each step of a schedule."""

from report.drawn_schedules import ABBA, LATE, evidence

from scenario.results.holding import held
from scenario.results.schedule import Move


def test_a_lock_is_held_from_the_step_that_takes_it():
    assert held(evidence(ABBA).schedule.moves) == [{"one": ("a",)}, {"one": ("a",), "two": ("b",)}]


def test_a_conditions_lock_is_given_back_while_its_owner_waits_and_an_rlock_is_held_as_often_as_it_was_taken():
    moves = evidence(LATE).schedule.moves
    of = {(move.thread, move.operation, move.part): now for move, now in zip(moves, held(moves), strict=True)}
    assert "waiter" not in of["waiter", "wait", "first"]
    assert of["waiter", "wait", "second"]["waiter"] == ("changed",)
    twice = [now["teller"] for now in held(moves) if "once" in now.get("teller", ())]
    assert ("once", "once") in twice


def test_a_place_of_a_semaphore_that_another_gives_back_is_no_longer_held():
    moves = (Move("a", operation="acquire", object="s", lock="s"), Move("b", operation="release", object="s", lock="s"))
    assert held(moves) == [{"a": ("s",)}, {}]


def test_what_was_only_tried_is_not_held():
    assert held((Move("a", operation="acquire", object="l", lock="l", way="timeout"),)) == [{}]
