"""Python numbers threads without a name over the whole process: names made of that are the same in each execution, and in each process."""

from threading import Thread

import pytest
from own_code.modules import module

from scenario import explore_code

LOST = """
import threading
import uuid

class State:
    n = 0

class Worker(threading.Thread):
    def __init__(self, state):
        super().__init__()
        self.state = state

    def run(self):
        self.state.n += 1

def numbered(state):
    worker = Worker(state)
    worker.name = f"pool {worker.name}"
    return worker

def of_another(state):
    return threading.Thread(target=Worker(state).run, name=f"pool-{threading.Thread().name}")

def unnamed(state):
    return threading.Thread(target=Worker(state).run)

def by_chance(state):
    return threading.Thread(target=Worker(state).run, name=f"pool-{uuid.uuid4()}")

def works(make):
    def run(state):
        workers = [make(state), make(state)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
    return run

def all_counted(state):
    return state.n == 2
"""


def _number() -> int:
    return int(Thread().name.removeprefix("Thread-"))


@pytest.mark.parametrize("make", ["numbered", "of_another", "unnamed"])
def test_a_failure_of_threads_that_are_named_by_number_is_shown_and_repeated(make, tmp_path):
    own = module(tmp_path, LOST)
    works = own.works(vars(own)[make])
    found = explore_code(own.State, [works], check=own.all_counted)
    assert found.verdict == "fails", found.text()
    assert found.executions > 1
    _number()  # of a thread of somebody else's
    again = explore_code(own.State, [works], check=own.all_counted, schedule=found.failure.schedule)
    assert (again.verdict, again.failure.schedule) == ("fails", found.failure.schedule)
    assert "Thread-2" in found.failure.schedule, "whatever was made before"


def test_outside_of_the_search_the_numbers_go_on(tmp_path):
    own = module(tmp_path, LOST)
    before = _number()
    explore_code(own.State, [own.works(own.numbered)], check=own.all_counted)
    assert _number() == before + 1


def test_names_that_are_not_the_same_again_leave_it_undecided(tmp_path):
    own = module(tmp_path, LOST)
    found = explore_code(own.State, [own.works(own.by_chance)], check=own.all_counted)
    assert found.verdict == "undecided"
    assert "real threads did not repeat the failure that was found" in found.text()
    assert "the schedule names a thread 'pool-" in found.text()


KEPT_NAME = """
import threading

class State:
    def __init__(self):
        self.before, self.within = [], []

def works(state):
    def run():
        state.within.append(threading.current_thread().name)
    other, first, second = (threading.Thread(target=run, name=name) for name in ("other", None, None))
    state.before += [second.name, first.name]
    for each in (other, second, first):
        each.start()
        each.join()

def as_before(state):
    return state.within == ["other", *state.before] and state.before == ["Thread-2 (run)", "Thread-1 (run)"]
"""


def test_a_thread_is_called_in_its_life_as_before_it(tmp_path):
    own = module(tmp_path, KEPT_NAME)
    found = explore_code(own.State, [own.works], check=own.as_before)
    assert found.holds, found.text()


OF_THE_MODULE = """
import threading

class State:
    n = 0

def run():
    now.n += 1

now = None
early = threading.Thread(target=run)

def works(state):
    global now
    now = state
    late = threading.Thread(target=run)
    early.start(), late.start()
    early.join(), late.join()

def all_counted(state):
    return state.n == 2
"""


def test_a_thread_of_the_module_has_the_same_name_whoever_made_others_before(tmp_path):
    schedules = []
    for _ in range(2):
        own = module(tmp_path, OF_THE_MODULE)
        was = own.early.name
        found = explore_code(own.State, [own.works], check=own.all_counted)
        assert found.verdict == "fails", found.text()
        assert own.early.name == was
        schedules.append(found.failure.schedule.replace(own.__name__, "own"))
    assert schedules[0] == schedules[1]
    assert {"Thread-1 (run)", "Thread-2 (run)"} <= {part.partition("@")[0] for part in schedules[0].split(",")}
