"""Each strategy finds what is there, and says of what it did not find how much it has looked at."""

import importlib
import queue
import threading
import time

import pytest

from scenario import explore_code

STRATEGIES = ("auto", "every", "reduced", "preemptions", "priorities", "uniform")


def explored(name, side, **options):
    module = importlib.import_module(f"own_code.pairs.{name}")
    return explore_code(getattr(module, side), module.threads, check=module.check, **options)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", ["counter", "lazy", "accounts", "latch"])
def test_every_strategy_finds_the_failure(strategy, name):
    found = explored(name, "Wrong", strategy=strategy, max_seconds=30)
    assert found.verdict == "fails", found.text()


@pytest.mark.parametrize(
    ("strategy", "verdict", "said"),
    [
        ("auto", "holds", "all 2 interleavings were executed"),
        ("every", "holds", "all 2 interleavings were executed"),
        ("reduced", "holds", "all 2 distinct interleavings were executed"),
        ("preemptions", "holds", "all 2 interleavings were executed"),
        ("priorities", "undecided", "a failure of depth 3 shows in one of them with a probability of at least 1 in"),
        ("uniform", "undecided", "at each step each thread was as likely as another"),
    ],
)
def test_a_strategy_says_what_it_covered(strategy, verdict, said):
    found = explored("counter", "Right", strategy=strategy, max_executions=100, max_seconds=30)
    assert found.verdict == verdict
    assert said in found.text()


@pytest.mark.parametrize("strategy", ["priorities", "uniform"])
def test_chance_is_to_be_had_again(strategy):
    one, other = (explored("numbers", "Wrong", strategy=strategy, max_seconds=30) for _ in range(2))
    assert one.failure.schedule == other.failure.schedule
    assert one.executions == other.executions


def test_what_no_lock_protects_is_found_at_once_however_much_is_around_it():
    class Large:
        def __init__(self):
            self.locks = [threading.Lock() for _ in range(20)]
            self.cells, self.forgotten = [0] * 20, 0

        def work(self):
            for number, lock in enumerate(self.locks):
                with lock:
                    self.cells[number] += 1
                if number == 9:
                    self.forgotten += 1

    found = explore_code(Large, [Large.work] * 3, check=lambda it: it.forgotten == 3, max_seconds=30)
    assert found.verdict == "fails"
    assert found.executions < 30
    assert found.failure.preemptions == 1


def test_the_deepest_of_many_threads_is_found_by_priorities_before_the_reduced_search_comes_to_it():
    class Many:
        def __init__(self):
            self.cells, self.last = [0] * 6, 0

    def worker(number):
        def work(it):
            it.cells[number] += 1
            it.cells[(number + 1) % 6] += 1

        return work

    def check(it):
        assert sum(it.cells) > 10

    found = explore_code(Many, [worker(number) for number in range(6)], check=check, max_seconds=30)
    assert found.verdict == "fails"


def test_a_queue_that_overrides_put_is_its_own():
    class Once(queue.Queue):
        def __init__(self):
            super().__init__()
            self.order = threading.Lock()

        def put(self, item, block=True, timeout=None):
            with self.order:
                with self.mutex:
                    known = item in self.queue
                if not known:
                    super().put(item, block, timeout)

    found = explore_code(Once, [lambda it: it.put(1)] * 2, check=lambda it: it.qsize() == 1)
    assert found.holds, found.text()


def test_a_failure_behind_a_loop_that_waits_for_others_is_found():
    class Pool:
        def __init__(self):
            self.ready, self.served = [], 0

        def worker(self):
            self.ready.append(1)
            self.served += 1

        def start(self):
            while len(self.ready) < 2:
                time.sleep(0.1)

    found = explore_code(Pool, [Pool.start, Pool.worker, Pool.worker], check=lambda it: it.served == 2)
    assert found.verdict == "fails", found.text()


def test_locks_that_are_taken_in_a_circle_are_found_at_once_however_many_threads_it_has():
    class Table:
        def __init__(self):
            self.forks = [threading.Lock() for _ in range(4)]

        def eat(self, seat):
            for _ in range(3):
                with self.forks[seat], self.forks[(seat + 1) % 4]:
                    pass

    seats = [lambda table, seat=seat: table.eat(seat) for seat in range(4)]
    found = explore_code(Table, seats, max_seconds=30, max_executions=60)
    assert found.failure.kind == "deadlock", found.text()
    assert len(found.failure.stuck) == 4


def test_what_is_taken_in_a_circle_under_one_lock_holds():
    class Table:
        def __init__(self):
            self.forks, self.waiter = [threading.Lock() for _ in range(2)], threading.Lock()

        def eat(self, seat):
            with self.waiter, self.forks[seat], self.forks[1 - seat]:
                pass

    found = explore_code(Table, [lambda table: table.eat(0), lambda table: table.eat(1)], max_seconds=30)
    assert found.holds, found.text()


@pytest.mark.parametrize("schedule", ["thread-0@test_strategies.py:1:1,thread-1", "thread-0@nowhere.py:3:4#2"])
def test_a_schedule_that_does_not_fit_the_code_is_undecided_with_a_word(schedule):
    module = importlib.import_module("own_code.pairs.counter")
    named = explore_code(module.Wrong, module.threads, check=module.check).failure.schedule
    first = named.partition("@")[0]
    found = explore_code(
        module.Right, module.threads, check=module.check, schedule=schedule.replace("thread-0", first).partition(",")[0]
    )
    assert found.verdict == "undecided"
    place = schedule.partition("@")[2].partition(",")[0].partition("#")[0]
    assert f"the schedule does not fit this code: {first} does not come to {place}" in found.text()


def test_a_schedule_along_which_nothing_fails_is_told_as_that():
    names = explored("counter", "Right").name.split(" | ")
    found = explored("counter", "Right", schedule=",".join(names))
    assert (found.verdict, found.result.reason) == ("undecided", "nothing fails along this schedule")


def test_what_ended_a_search_is_told_where_it_was_the_time():
    module = importlib.import_module("own_code.pairs.counter")
    found = explore_code(module.Right, module.threads * 4, strategy="every", max_seconds=0.2)
    assert (found.verdict, found.result.reason) == ("undecided", "the time was up")
