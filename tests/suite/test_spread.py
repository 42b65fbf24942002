"""Units over an executor: those whose worker dies are done again, so often and no oftener; each comes back once."""

import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest

from scenario.real.children.crew import children
from scenario.real.children.peer import Peer
from scenario.spread import ATTEMPTS, Denied, Hands, Lost, Overdue, Spread, WorkerDied


def doubled(unit):
    return str(2 * unit).encode()


def hands(call, executor=None, why=repr):
    executor = executor or ThreadPoolExecutor(3)
    return Hands(executor, 3, 3, call, lambda: None, lambda: None, why)


def all_of(spread):
    found = {}
    while len(spread):
        spread.wait(10)
        for key, answer in spread.finished():
            assert key not in found
            found[key] = answer
    return found


def test_every_unit_comes_back_once_under_its_key():
    spread = Spread(hands(lambda function, unit, _: function(unit)), doubled)
    for number in range(50):
        spread.give(number, number, 1.0)
    assert all_of(spread) == {number: str(2 * number).encode() for number in range(50)}


@pytest.mark.parametrize("deaths", range(ATTEMPTS + 2))
def test_a_unit_whose_worker_dies_is_done_again_a_few_times(deaths):
    tries = count()

    def call(function, unit, _):
        if unit == 3 and next(tries) < deaths:
            raise WorkerDied("exit status -9")
        return function(unit)

    spread = Spread(hands(call), doubled)
    for number in range(5):
        spread.give(number, number, 1.0)
    found = all_of(spread)
    lost = Lost(f"each worker process that tried it ended ({ATTEMPTS}), the last one: exit status -9")
    assert found.pop(3) == (b"6" if deaths < ATTEMPTS else lost)
    assert found == {number: str(2 * number).encode() for number in (0, 1, 2, 4)}
    assert next(tries) == min(deaths + 1, ATTEMPTS)


def test_one_that_goes_on_for_too_long_is_not_tried_again():
    tries = count()

    def call(*_):
        next(tries)
        raise Overdue

    spread = Spread(hands(call), doubled)
    spread.give("it", 1, 1.0)
    assert all_of(spread) == {"it": Lost("its worker process went on far beyond the timeout, and was ended")}
    assert next(tries) == 1


def test_an_error_of_the_executors_own_is_worded_by_it():
    def call(*_):
        raise ConnectionError("gone")

    spread = Spread(hands(call, why=lambda error: f"the cluster: {error}"), doubled)
    spread.give("it", 1, 1.0)
    assert all_of(spread) == {"it": Lost("the cluster: gone")}


class Never(Executor):
    """Begins nothing."""

    def submit(self, _function, /, *_arguments):
        return Future()


def test_what_is_recalled_comes_back_without_an_answer():
    spread = Spread(hands(doubled, Never()), doubled)
    spread.give("it", 1, 1.0)
    spread.recall()
    assert all_of(spread) == {"it": None}


@pytest.mark.parametrize("room", [0, 1, 2])
def test_threads_that_the_system_has_not_are_workers_less(monkeypatch, room):
    """Without any there is no verdict, rather than a fault of ours."""
    start, started = threading.Thread.start, []

    def in_room(thread):
        if len(started) == room:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", in_room)
    with children(3) as made:
        spread = Spread(replace(made, call=lambda function, unit, _: function(unit)), doubled)
        for number in range(5):
            spread.give(number, number, 1.0)
        found = all_of(spread)
    if room:
        assert found == {number: str(2 * number).encode() for number in range(5)}
    else:
        assert {type(answer) for answer in found.values()} == {Denied}


def test_a_child_that_can_not_listen_for_want_of_a_thread_says_so():
    deaf = "import threading; threading.Thread.start = lambda _: (_ for _ in ()).throw(RuntimeError())"
    child = Peer(f"{deaf}; from scenario.real.children.crew import serve; serve()")
    with pytest.raises(BlockingIOError):  # EAGAIN
        child.receive()
    child.close(1.0)
