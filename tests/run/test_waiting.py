"""Waits as facts: what words are made of them, and the circle in which threads wait for one another."""

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest

from scenario.report.words.waits import words
from scenario.results import waiting
from scenario.results.waiting import Blocked, Holder, Wait, WaitKind, circle, of_a_picture
from scenario.source import START


def waits(thread: str, *others: str) -> Blocked:
    return Blocked(thread, START, Wait("lock", "a", tuple(map(Holder, others))))


def test_a_thread_that_waits_for_itself_is_a_circle():
    (one,) = circle([waits("A", "A")])
    assert one.thread == "A"


def test_waiting_for_a_thread_that_is_free_is_none():
    assert circle([waits("A", "B")]) == ()


def test_a_circle_is_found_along_any_holder():
    found = circle([waits("A", "B", "C"), waits("B", "D"), waits("C", "A"), waits("D")])
    assert [one.thread for one in found] == ["A", "C"]


def test_a_circle_may_lead_over_a_joined_thread():
    joins = Blocked("B", START, Wait("thread", "A", by=("A",)))
    assert [one.thread for one in circle([waits("A", "B"), joins])] == ["A", "B"]


def test_each_kind_has_words_of_its_own():
    said = [words(Wait(kind, "x", needs=2, has=1)) for kind in get_args(WaitKind)]
    assert len(set(said)) == len(said)


def test_who_has_taken_a_semaphores_places_does_not_wait_for_itself():
    assert circle([Blocked("A", START, Wait("semaphore", "s", (Holder("A"),)))]) == ()


def test_a_picture_leaves_out_daemons_that_only_stand_idle():
    idle = replace(waits("idle", "B"), daemon=True)
    moved, wanted = replace(idle, thread="moved"), replace(idle, thread="wanted")
    joins = Blocked("A", START, Wait("thread", "wanted", by=("wanted",)))
    drawn = of_a_picture([idle, moved, wanted, joins, waits("B")], {"moved"})
    assert [one.thread for one in drawn] == ["moved", "wanted", "A", "B"]


@pytest.mark.parametrize("into", [(), ("Z",)], ids=["to its end", "into a circle"])
def test_a_long_chain_is_gone_through_once(monkeypatch, into):
    """Who joins whom was followed anew from each of them."""
    seen = 0
    real = waiting._way_back

    def way_back(start, edges):
        nonlocal seen
        seen += len(edges)
        return real(start, edges)

    monkeypatch.setattr(waiting, "_way_back", way_back)
    names = [f"T{number}" for number in range(500)]
    chain = [waits(one, following) for one, following in pairwise([*names, "Y"])]
    found = circle([*chain, waits("Y", *into), waits("Z", "Y")])
    assert [one.thread for one in found] == (["Y", "Z"] if into else [])
    assert seen < 2000


def test_the_first_of_several_circles_is_the_one():
    blocked = [waits("A", "B"), waits("B", "C"), waits("C", "B"), waits("D", "A", "E"), waits("E", "D")]
    assert [one.thread for one in circle(blocked)] == ["B", "C"]
    assert [one.thread for one in circle(blocked[3:])] == ["D", "E"]
