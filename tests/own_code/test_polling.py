"""Loops that wait by passing time are decided: a round in which nothing happens is left out, and nothing else is."""

import queue
import threading
import time

import pytest

from scenario import explore_code


class Flag:
    def __init__(self):
        self.ready = self.seen = False
        self.lock, self.event, self.queue = threading.Lock(), threading.Event(), queue.Queue()
        self.value = self.rounds = 0

    def is_ready(self):
        with self.lock:
            return self.ready


def sleeps(flag):
    while not flag.ready:
        time.sleep(0.01)
    flag.seen = True


def sleeps_below(flag):
    def once():
        time.sleep(0.01)

    while not flag.is_ready():
        once()
    flag.seen = True


def looks_again_and_again(flag):
    while True:
        with flag.lock:
            if flag.ready:
                break
        time.sleep(0.01)
    flag.seen = True


def lets_a_wait_time_out(flag):
    while not flag.event.wait(0.1):
        pass
    flag.seen = True


def asks_an_event(flag):
    while not flag.event.is_set():
        time.sleep(0.1)
    flag.seen = True


def lets_a_get_time_out(flag):
    while True:
        try:
            flag.queue.get(timeout=0.1)
            break
        except queue.Empty:
            continue
    flag.seen = True


def sets(flag):
    flag.value = 1
    with flag.lock:
        flag.ready = True
    flag.event.set()
    flag.queue.put(1)


def seen(flag):
    assert flag.seen
    assert flag.value == 1


WAITING = [sleeps, sleeps_below, looks_again_and_again, lets_a_wait_time_out, asks_an_event, lets_a_get_time_out]


@pytest.mark.parametrize("strategy", ["auto", "every", "reduced"])
@pytest.mark.parametrize("waits", WAITING)
def test_a_loop_that_waits_is_decided(waits, strategy):
    found = explore_code(Flag, [waits, sets], check=seen, strategy=strategy, max_seconds=60)
    assert found.holds, found.text()


@pytest.mark.parametrize("waits", WAITING)
def test_what_is_wrong_behind_such_a_loop_is_found(waits):
    def sets_too_early(flag):
        with flag.lock:
            flag.ready = True
        flag.event.set()
        flag.queue.put(1)
        flag.value = 1

    def reads(flag):
        waits(flag)
        assert flag.value == 1

    found = explore_code(Flag, [reads, sets_too_early], max_seconds=60)
    assert found.verdict == "fails", found.text()
    again = explore_code(Flag, [reads, sets_too_early], schedule=found.failure.schedule)
    assert again.failure.kind == found.failure.kind


@pytest.mark.parametrize("waits", WAITING)
def test_a_loop_that_nobody_ends_is_not_decided(waits):
    found = explore_code(Flag, [waits, lambda _: None], max_seconds=60)
    assert found.verdict == "undecided"
    assert "goes round without end: it waits for what nobody changes any more" in found.text()


def test_who_can_not_move_because_of_such_a_loop_is_in_a_deadlock():
    def holds_and_waits(flag):
        with flag.lock:
            while not flag.ready:
                time.sleep(0.01)

    found = explore_code(Flag, [holds_and_waits, sets], max_seconds=60)
    assert [stuck.thread for stuck in found.failure.stuck] == ["sets"], found.text()
    assert found.failure.pattern.name == "never released"


def counts_in_a_variable(flag):
    rounds = 0
    while not flag.ready and rounds < 3:
        time.sleep(0.01)
        rounds += 1
    return rounds


def counts_in_an_iterator(flag):
    for _ in [None] * 3:
        if flag.ready:
            break
        time.sleep(0.01)


def counts_in_a_comprehension(flag):
    [time.sleep(0.01) for _ in [None] * 3 if not flag.ready]


def counts_in_c(flag):
    def look(_):
        return flag.ready or time.sleep(0.01)

    list(map(look, [None] * 3))


def counts_elsewhere(flag):
    while not flag.ready and flag.rounds < 3:
        time.sleep(0.01)
        flag.rounds += 1


def looks_at_the_time(flag):
    until = time.monotonic() + 0.03
    while not flag.ready and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.parametrize(
    "gives_up", [counts_in_a_variable, counts_in_an_iterator, counts_in_a_comprehension, counts_in_c, counts_elsewhere, looks_at_the_time]
)  # fmt: skip
def test_a_loop_that_gives_up_after_some_rounds_goes_all_of_them(gives_up):
    """Nobody sets the flag: it is to end, and not to be taken for one that goes round without end."""
    ends = []

    def check(flag):
        ends.append(flag.rounds)

    found = explore_code(Flag, [gives_up, lambda flag: flag.is_ready()], check=check, max_seconds=60)
    assert found.holds, found.text()
    assert ends


def test_a_lock_that_a_round_holds_is_seen_to_be_held():
    """A round of the loop that another thread notices is not nothing."""
    tried = set()

    def tries_twice(flag):
        one, other = flag.lock.acquire(blocking=False), None
        if one:
            flag.lock.release()
        other = flag.lock.acquire(blocking=False)
        if other:
            flag.lock.release()
        flag.tried = one, other
        sets(flag)

    def check(flag):
        tried.add(flag.tried)

    assert explore_code(Flag, [looks_again_and_again, tries_twice], check=check, max_seconds=60).holds
    assert tried == {(True, True), (True, False), (False, True), (False, False)}
