"""How many interleavings there are, and how many are distinct, against a naive enumeration."""

import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from own_code.modules import module
from own_code.oracle import counts

from scenario import explore_code

COUNTER = """
    class Counter:
        def __init__(self):
            self.n = 0

        def once(self):
            self.n += 1

        def twice(self):
            self.n += 1
            self.n += 1
"""
INCREMENT = [("R", "n"), ("W", "n")]


@pytest.mark.parametrize(
    ("threads", "rounds", "expected"), [(2, 1, 6), (3, 1, 90), (2, 2, 70)], ids=["2x1", "3x1", "2x2"]
)
def test_unlocked_increments(tmp_path, threads, rounds, expected):
    own = module(tmp_path, COUNTER)
    run = [own.Counter.once, own.Counter.twice][rounds - 1]
    assert explore_code(own.Counter, [run] * threads, strategy="every").interleavings == expected
    every, classes = counts([INCREMENT * rounds] * threads)
    assert every == expected
    assert explore_code(own.Counter, [run] * threads, strategy="reduced").interleavings == classes


STEP = st.sampled_from([("R", "x"), ("W", "x"), ("R", "y"), ("W", "y")])
BLOCK = st.one_of(
    st.lists(STEP, min_size=1, max_size=2),
    st.builds(
        lambda lock, inner: [("take", lock), *inner, ("give", lock)],
        st.sampled_from(["a", "b"]),
        st.lists(STEP, max_size=1),
    ),
    st.builds(
        lambda first, second: [("take", first), ("take", second), ("give", second), ("give", first)],
        *[st.sampled_from(["a", "b"])] * 2,
    ).filter(lambda block: block[0] != block[1]),
)
THREAD = st.lists(BLOCK, min_size=1, max_size=2).map(lambda blocks: [step for block in blocks for step in block])
WRITTEN = {"R": "state.{}", "W": "state.{} = {}", "take": "state.{}.acquire()", "give": "state.{}.release()"}


def source(threads):
    lines = ["import threading", "class State:", "    def __init__(self):", "        self.x = self.y = 0"]
    lines += ["        self.a, self.b = threading.Lock(), threading.Lock()"]
    for number, steps in enumerate(threads):
        lines.append(f"def t{number}(state):")
        for kind, what in steps:
            text = WRITTEN[kind].format(what, number + 1)
            lines.append(f"    r = {text}" if kind == "R" else f"    {text}")
    return "\n".join(lines)


def visible(threads):
    """The steps that others can notice: variables that two threads touch and one writes; all locks."""
    by = {}
    for number, steps in enumerate(threads):
        for kind, what in steps:
            by.setdefault(what, set()).add((number, kind))
    seen = {
        what
        for what, touched in by.items()
        if len({number for number, _ in touched}) > 1 and any(kind != "R" for _, kind in touched)
    }
    return [[step for step in steps if step[0] in ("take", "give") or step[1] in seen] for steps in threads]


@settings(max_examples=examples(30))
@given(st.lists(THREAD, min_size=2, max_size=3).filter(lambda threads: sum(map(len, threads)) <= 9))
def test_as_many_as_a_naive_enumeration(tmp_path, threads):
    own = module(tmp_path, source(threads))
    run = [getattr(own, f"t{number}") for number in range(len(threads))]
    every, classes = counts(visible(threads))
    for strategy, expected in (("every", every), ("reduced", classes)):
        found = explore_code(own.State, run, strategy=strategy, max_seconds=60)
        if found.verdict == "fails":
            assert found.failure.kind == "deadlock"
            assert any(("take", "a") in steps and ("take", "b") in steps for steps in threads)
        else:
            assert found.holds
            assert found.interleavings == expected


def test_a_race_that_only_a_sleeping_thread_would_show(tmp_path):
    """Last races alone, with sleep sets, miss one of the six."""
    threads = [[("W", "x"), ("W", "y")], [("R", "y"), ("R", "x")], [("R", "x")]]
    own = module(tmp_path, source(threads))
    assert counts(threads)[1] == 6
    assert explore_code(own.State, [own.t0, own.t1, own.t2], strategy="reduced").interleavings == 6


BLOCKING = """
    from queue import Queue
    from threading import Condition
    class State:
        def __init__(self):
            self.q, self.c = Queue(1), Condition()
            self.q.put("a")
            self.got = {}
    def get(it):
        it.first = it.q.get()
    def put(it):
        it.q.put("b")
    def get_too(it):
        it.second = it.q.get()
    def waits(it):
        with it.c:
            it.c.wait()
    def notifies(it):
        with it.c:
            it.c.notify()
"""


@pytest.mark.parametrize("strategy", ["every", "reduced"])
@pytest.mark.parametrize("order", ["get put get_too", "get_too put get", "put get get_too"])
def test_a_race_before_a_step_that_made_the_other_possible(tmp_path, strategy, order):
    """The second `get` is possible only after the `put`, or before the first: what is between two steps may be no race itself."""
    own = module(tmp_path, BLOCKING)
    threads = [getattr(own, name) for name in order.split()]
    for expected in ("a", "b"):
        found = explore_code(own.State, threads, check=lambda it, e=expected: it.first == e, strategy=strategy)
        assert found.verdict == "fails"


def test_a_wait_that_comes_after_the_notification(tmp_path):
    """It gives the lock free that the notification needs: neither may hide that both began with taking it."""
    own = module(tmp_path, BLOCKING)
    found = explore_code(own.State, [own.waits, own.notifies], strategy="reduced")
    assert (found.verdict, found.failure.kind) == ("fails", "deadlock")
