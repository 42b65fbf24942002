"""ThreadPoolExecutor and Future in code of one's own: what is done with them is under control, and ends as CPython has it."""

import pytest
from own_code.modules import module

from scenario import explore_code

HEAD = """
from concurrent.futures import *
from concurrent.futures.thread import BrokenThreadPool
import threading

class State:
    def __init__(self):
        self.n, self.seen, self.lock = 0, [], threading.Lock()
        self.future = Future()
        self.pool = ThreadPoolExecutor(2)

    def add(self, by=1):
        with self.lock:
            self.n += by
        return self.n

    def race(self, by=1):
        self.n += by

    def fail(self):
        raise KeyError("no")
"""
HOLDS = {
    "result": "def run(s):\n    assert s.pool.submit(s.add, by=3).result() == 3",
    "exception": "def run(s):\n    assert type(s.pool.submit(s.fail).exception()) is KeyError",
    "raises": """
def run(s):
    try:
        s.pool.submit(s.fail).result()
    except KeyError:
        return
    raise AssertionError
""",
    "map": "def run(s):\n    assert list(s.pool.map(lambda x: x * x, [1, 2, 3])) == [1, 4, 9]",
    "as completed": """
def run(s):
    fs = {s.pool.submit(lambda x: x, x): x for x in (1, 2)}
    assert sorted(f.result() for f in as_completed(fs)) == [1, 2]
""",
    "wait": """
def run(s):
    done, pending = wait([s.pool.submit(s.add), s.pool.submit(s.add)])
    assert s.n == 2 and not pending and len(done) == 2
""",
    "first": """
def run(s):
    fs = [s.pool.submit(s.add), s.pool.submit(s.add)]
    done, pending = wait(fs, return_when=FIRST_COMPLETED)
    assert done and len(done) + len(pending) == 2
""",
    "one worker keeps the order": """
def run(s):
    with ThreadPoolExecutor(1) as pool:
        for x in range(3):
            pool.submit(s.seen.append, x)
    assert s.seen == [0, 1, 2]
""",
    "no more calls after shutdown": """
def run(s):
    s.pool.shutdown()
    try:
        s.pool.submit(s.add)
    except RuntimeError as error:
        assert "after shutdown" in str(error)
    else:
        raise AssertionError
""",
    "a pool that nobody ends": "def run(s):\n    s.pool.submit(s.add)\ndef check(s):\n    return s.n == 1",
    "a future of two threads": """
def run(s):
    assert s.future.result() == 7

def other(s):
    s.future.set_result(7)
""",
    "a callback runs where the future is done": """
def run(s):
    s.future.add_done_callback(lambda f: s.seen.append(threading.current_thread().name))
    s.future.set_result(1)
    assert s.seen == ["run"]
""",
    "what a callback raises is dropped": """
def run(s):
    s.future.add_done_callback(lambda f: s.fail())
    s.future.add_done_callback(lambda f: s.add())
    s.future.set_result(1)
    assert s.n == 1
""",
    "an initializer": """
def run(s):
    with ThreadPoolExecutor(2, "io", s.add, (5,)) as pool:
        name = pool.submit(lambda: threading.current_thread().name).result()
    assert name == "io_0" and s.n == 5
""",
    "an initializer that fails": """
def run(s):
    pool = ThreadPoolExecutor(1, initializer=s.fail)
    try:
        pool.submit(s.add).result()
    except BrokenThreadPool:
        return
    raise AssertionError
""",
    "a timeout of result": """
def run(s):
    try:
        s.future.result(timeout=1)
    except TimeoutError:
        return
    raise AssertionError
""",
    "shutdown does not wait for itself": """
def run(s):
    assert type(s.pool.submit(s.pool.shutdown).exception()) is RuntimeError
""",
}
FAILS = {
    "a lost update": (
        "def run(s):\n    wait([s.pool.submit(s.race), s.pool.submit(s.race)])\ndef check(s):\n    assert s.n == 2",
        "check",
    ),
    "a call waits for one behind it": (
        "def run(s):\n    with ThreadPoolExecutor(1) as pool:\n        pool.submit(lambda: pool.submit(s.add).result())",
        "deadlock",
    ),
    "nobody completes it": ("def run(s):\n    s.future.result()", "deadlock"),
    "completed twice": ("def run(s):\n    s.future.set_result(1)\ndef other(s):\n    s.future.set_result(2)", "error"),
    "too late to cancel": ("def run(s):\n    assert s.pool.submit(s.add).cancel()", "error"),
    "cancelled calls": (
        """
def run(s):
    with ThreadPoolExecutor(1) as pool:
        for _ in range(2):
            pool.submit(s.add)
        pool.shutdown(cancel_futures=True)
    assert s.n > 0
""",
        "error",
    ),
    "the order of two workers": (
        "def run(s):\n    list(s.pool.map(s.seen.append, (1, 2)))\ndef check(s):\n    assert s.seen == [1, 2]",
        "check",
    ),
    "the order in which calls complete": (
        "def run(s):\n    fs = [s.pool.submit(s.add), s.pool.submit(s.add)]\n    assert next(as_completed(fs)) is fs[0]",
        "error",
    ),
}


def explored(tmp_path, text):
    own = module(tmp_path, HEAD + text)
    threads = [getattr(own, name) for name in ("run", "other") if hasattr(own, name)]
    return explore_code(own.State, threads, check=getattr(own, "check", None), max_seconds=60)


@pytest.mark.parametrize("name", HOLDS)
def test_holds(tmp_path, name):
    found = explored(tmp_path, HOLDS[name])
    assert found.holds, found.text()


@pytest.mark.parametrize("name", FAILS)
def test_fails(tmp_path, name):
    text, kind = FAILS[name]
    found = explored(tmp_path, text)
    assert found.verdict == "fails", found.text()
    assert found.failure.kind == kind


def test_the_threads_of_a_pool_are_no_real_ones_and_none_is_left(tmp_path):
    import threading

    before = threading.active_count()
    assert explored(tmp_path, HOLDS["a pool that nobody ends"]).holds
    assert threading.active_count() == before


def test_a_pool_that_has_worked_before_is_undecided(tmp_path):
    own = module(
        tmp_path, HEAD + "pool = ThreadPoolExecutor(1)\npool.submit(int).result()\ndef run(s):\n    pool.submit(s.add)"
    )
    found = explore_code(own.State, [own.run])
    assert found.verdict == "undecided"
    assert "worked before" in found.text()
    own.pool.shutdown()


def test_what_a_pool_has_done_is_before_what_follows_its_end(tmp_path):
    """`shutdown` joins the workers: what they did is in no race with what comes after it."""
    own = module(tmp_path, HEAD + "def run(s):\n    with s.pool:\n        s.pool.submit(s.race)\n    s.n += 1\n")
    found = explore_code(own.State, [own.run], check=lambda s: s.n == 2, modules=[own], races=True, max_seconds=60)
    assert found.holds, found.text()
    assert not found.races
