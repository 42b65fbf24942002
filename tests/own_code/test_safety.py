"""What can not be followed is undecided, with the place; nothing hangs; nothing stays behind."""

import threading
import time

import pytest
from own_code.modules import module

from scenario import explore_code
from scenario.engines.code.supervised import Supervised


def explored(own, *names, setup="make", **options):
    run = [getattr(own, name) for name in names]
    return explore_code(getattr(own, setup, dict), run, **options)


UNDECIDED = {
    "async": ("async def later():\n    pass\ndef run(s):\n    later()", "async def"),
    "executor": (
        "from concurrent.futures import ProcessPoolExecutor\ndef run(s):\n    ProcessPoolExecutor(1)",
        "ProcessPoolExecutor",
    ),
    "process": ("import subprocess\ndef run(s):\n    subprocess.run(['true'])", ":3:"),
    "dict": ("class A: pass\ndef make():\n    return A()\ndef run(s):\n    s.__dict__['x'] = 1", "__dict__"),
    "vars": ("class A: pass\ndef make():\n    return A()\ndef run(s):\n    vars(s)['x'] = 1", "unseen"),
    "method": ("class A:\n    def f(self): pass\ndef run(s):\n    A.f = None", "method A.f"),
    "global": (
        "import sys\nx = 1\ndef get():\n    return x\ndef run(s):\n    sys.modules[__name__].x = get() + 1",
        "global",
    ),
    "reader": ("import threading\ngate = threading.Barrier(2)\ndef run(s):\n    gate.n_waiting", "Barrier"),
    "endless": ("def run(s):\n    while True:\n        s['x'] = s.get('x', 0) + 1", "goes round without end"),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_undecided_with_the_place(tmp_path, name):
    text, words = UNDECIDED[name]
    found = explored(module(tmp_path, text), "run", "run", max_seconds=20)
    assert found.verdict == "undecided"
    assert words in found.text()
    assert "own_module_" in found.text()


def test_what_blocks_outside_of_control_ends_the_search(tmp_path):
    own = module(tmp_path, "import socket\na, b = socket.socketpair()\ndef run(s):\n    a.recv(1)")
    began = time.monotonic()
    found = explored(own, "run", "run", max_seconds=60)
    assert found.verdict == "undecided"
    assert "a.recv(1)" in found.text()
    assert time.monotonic() - began < 20
    own.b.send(b"..")  # so that the thread that was left behind ends


def test_a_loop_that_no_gate_sees_ends_with_the_time(tmp_path):
    own = module(tmp_path, "def run(s):\n    while True:\n        pass")
    others = set(threading.enumerate())  # what another test has left, which may wait for ever
    began = time.monotonic()
    found = explored(own, "run", max_seconds=0.5)
    assert found.verdict == "undecided"
    assert time.monotonic() - began < 20
    searching = [thread for thread in set(threading.enumerate()) - others if thread.name == "scenario-search"]
    for thread in searching:  # it ends when it gets the processor
        thread.join(20)
    assert not any(thread.is_alive() for thread in searching)


def test_a_search_that_ends_meanwhile_is_not_ended(monkeypatch):
    """From CPython 3.14 on an exception from outside may leave a lock of Python's locked there: the next search would hang."""
    ending, came = threading.Event(), []
    supervised = Supervised(lambda: None, lambda: 0, lambda: 0, lambda: None, ())

    def end():
        ending.set()
        try:
            until = time.monotonic() + 0.5
            while time.monotonic() < until:
                pass
        except BaseException as error:  # noqa: BLE001 (that none comes is the test)
            came.append(error)

    monkeypatch.setattr(supervised._over, "set", end)
    monkeypatch.setattr(supervised, "_watch", lambda _: ending.wait() and interrupt())
    with pytest.raises(KeyboardInterrupt):
        supervised.result(0.0)
    supervised._thread.join()
    assert came == []


def interrupt():
    raise KeyboardInterrupt


def test_a_thread_that_is_not_under_control_goes_its_own_way(tmp_path):
    own = module(tmp_path, "class A:\n    n = 0\n    def add(self):\n        self.n += 1\ndef run(s):\n    s.add()")
    other = own.A()
    over = threading.Event()

    def beside():
        while not over.is_set():
            other.add()

    thread = threading.Thread(target=beside)
    thread.start()
    try:
        assert explored(own, "run", "run", setup="A").holds
    finally:
        over.set()
        thread.join()
    assert other.n > 0


def test_code_and_state_are_put_back(tmp_path):
    text = """
        import threading
        seen, lock, total = [], threading.Lock(), 0
        def run(s):
            global total
            lock.acquire()
            seen.append(1)
            total += 1
        """
    own = module(tmp_path, text)
    code, names = own.run.__code__, set(vars(own))
    found = explored(own, "run", "run")
    assert found.failure.kind == "deadlock"
    assert own.run.__code__ is code
    assert set(vars(own)) == names
    assert (own.seen, own.total, own.lock.locked()) == ([], 0, False)


def test_what_is_everybodys_is_left_alone(tmp_path):
    """A module's globals lead to the built-in names: they were emptied for a moment before each execution."""
    own = module(tmp_path, "from sys import modules\ndef run(s):\n    modules['own_fake'] = s")
    assert explored(own, "run").verdict in ("holds", "undecided")
    import sys

    assert sys.modules.pop("own_fake", {}) == {}
    assert isinstance(len, type(print))


def test_code_is_put_back_where_setup_raises(tmp_path):
    own = module(tmp_path, "def make():\n    raise KeyError('no')\ndef run(s):\n    pass")
    code = own.run.__code__
    with pytest.raises(KeyError):
        explored(own, "run")
    assert own.run.__code__ is code


def test_chance_is_told(tmp_path):
    text = """
        import random
        chance = random.SystemRandom()
        def run(s):
            if chance.random() < 0.5:
                s["x"] = 1
            else:
                s["y"] = 1
        """
    found = explored(module(tmp_path, text), "run", "run", "run", max_seconds=20)
    assert found.verdict == "undecided"
    assert "did not come" in found.text()


def test_a_thread_local_is_each_threads_own(tmp_path):
    text = """
        import threading
        tls = threading.local()
        def run(s):
            tls.n = getattr(tls, "n", 0) + 1
            s["n"] = s.get("n", 0) + tls.n
            assert tls.n == 1
        """
    assert explored(module(tmp_path, text), "run", "run").holds


def test_who_the_current_thread_is(tmp_path):
    text = """
        import threading
        def run(s):
            me = threading.current_thread()
            s.append((me.name, threading.get_ident()))
        """
    names = set()

    def check(state):
        names.update(name for name, _ in state)
        assert len({ident for _, ident in state}) == 2

    own = module(tmp_path, text)
    assert explore_code(list, [own.run, own.run], check=check).holds
    assert names == {"run-0", "run-1"}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"threads": []}, ValueError),
        ({"threads": [3]}, TypeError),
        ({"threads": print}, TypeError),
        ({"strategy": "best"}, ValueError),
        ({"max_seconds": 0}, ValueError),
        ({"modules": "bank"}, TypeError),
        ({"schedule": "a@b.py:1:1#x"}, ValueError),
    ],
)
def test_what_an_argument_can_not_be(given, error):
    with pytest.raises(error):
        explore_code(dict, **{"threads": [print_nothing], **given})


def print_nothing(_):
    pass


def test_a_coroutine_is_no_thread():
    async def run(_):
        pass

    with pytest.raises(TypeError, match="async def"):
        explore_code(dict, [run])
