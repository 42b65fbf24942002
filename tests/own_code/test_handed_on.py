"""Primitives' methods that are handed on, called by their special names, or meet what C calls: under control wherever they are called."""

import contextlib
import queue
import sys
from threading import Condition, Event, Lock, RLock, Semaphore, Thread, Timer

import pytest

from scenario import explore_code


class State:
    def __init__(self):
        self.ready, self.lock, self.rlock, self.condition = Event(), Lock(), RLock(), Condition()
        self.semaphore, self.queue = Semaphore(1), queue.Queue()
        self.log = []
        self.n = 0


def nothing(_):
    pass


def waits(it):
    it.ready.wait()
    it.n += 1


def thread_waits(it):
    thread = Thread(target=it.ready.wait)
    thread.start()
    it.n += 1
    it.ready.set()
    thread.join()
    it.n += 1


class Waiting(Thread):
    def run(self):
        super().run()


def own_thread_waits(it):
    thread = Waiting(target=it.ready.wait)
    thread.start()
    it.n += 2
    it.ready.set()
    thread.join()


def timer_sets(it):
    timer = Timer(5, it.ready.set)
    timer.start()
    it.n += 1
    it.ready.wait()
    timer.join()
    it.n += 1


def stack_sets(it):
    with contextlib.ExitStack() as stack:
        stack.callback(it.ready.set)
        stack.enter_context(it.lock)
        it.n += 1


def enters(name):
    def run(it):
        primitive = getattr(it, name)
        primitive.__enter__()
        it.n += 1
        primitive.__exit__(None, None, None)

    return run


def with_condition(it):
    with it.condition:
        it.n += 1


def with_mutex(it):
    with it.queue.mutex:
        it.n += 1
        it.queue.queue.append(it.n)


HOLDS = {
    "Thread(target=event.wait)": [thread_waits, nothing],
    "a thread of a class of its own": [own_thread_waits, nothing],
    "Timer": [timer_sets, nothing],
    "ExitStack": [stack_sets, waits],
    "Lock.__enter__": [enters("lock")] * 2,
    "RLock.__enter__": [enters("rlock")] * 2,
    "Semaphore.__enter__": [enters("semaphore")] * 2,
    "Condition.__enter__": [enters("condition"), with_condition],
    "the mutex of a queue": [with_mutex] * 2,
}


@pytest.mark.parametrize("name", HOLDS)
def test_it_is_under_control(name):
    found = explore_code(State, HOLDS[name], check=lambda it: it.n == 2)
    assert found.holds, found.text()


def test_a_queue_waits_for_whoever_has_its_mutex():
    found = explore_code(State, [with_mutex, lambda it: it.queue.put(2)], check=lambda it: it.queue.qsize() == 2)
    assert found.holds, found.text()
    assert found.executions > 1


def appends(it):
    thread = Thread(target=it.log.append, args=(1,))
    thread.start()
    it.n = len(it.log)
    thread.join()


@pytest.mark.parametrize("expected", [0, 1])
def test_a_method_of_a_container_as_a_threads_target_has_a_gate(expected):
    assert explore_code(State, [appends], check=lambda it: it.n == expected).verdict == "fails"


@pytest.mark.parametrize("expected", ["a", "b"])
def test_what_is_no_function_may_be_a_thread(expected):
    shared = []

    def setup():
        shared.clear()

    class Appends:
        __name__ = "appends"

        def __init__(self, item):
            self.item = item

        def __call__(self, _):
            shared.append(self.item)

    found = explore_code(setup, [Appends("a"), Appends("b")], check=lambda _: shared[0] == expected)
    assert found.verdict == "fails"


def deep(it, left=900):
    if left:
        deep(it, left - 1)
    else:
        it.n += 1


@pytest.mark.skipif(
    sys.version_info[:2] == (3, 12), reason="3.12 counts calls through C against a limit that nobody can raise"
)
def test_calls_may_be_nested_as_deeply_as_without_gates():
    found = explore_code(State, [deep, deep], check=lambda it: it.n == 2)
    assert (found.verdict, found.failure.kind) == ("fails", "check")


def bare(it):
    while True:
        try:
            it.ready.wait()
        except:  # noqa: E722
            it.n = 0
        else:
            return


def in_finally(it):
    while True:
        try:
            it.ready.wait()
        finally:
            continue  # noqa: B012


def suppressed(it):
    while True:
        with contextlib.suppress(BaseException):
            it.lock.acquire()


@pytest.mark.parametrize("call", [bare, in_finally, suppressed])
def test_a_loop_that_catches_everything_ends_with_the_execution(call):
    found = explore_code(State, [call, nothing])
    assert (found.verdict, found.failure.kind) == ("fails", "deadlock")


def test_a_schedule_names_threads_that_are_there():
    with pytest.raises(ValueError, match="names a thread 'zzz': there are waits, nothing"):
        explore_code(State, [waits, nothing], schedule="zzz")
