"""Drawn programs of locks and all else that threads wait for: one interleaving of each class comes to all that every interleaving comes to."""

import os
import threading

import pytest
from own_code.fuzz.waiting import outcome, program
from own_code.modules import module

from scenario import explore_code

FIRST, PROGRAMS = int(os.environ.get("SCENARIO_FIRST", "0")), int(os.environ.get("SCENARIO_PROGRAMS", "60"))
MOST = 3000
"""Interleavings of one program; what has more is left out."""


def explored(folder, text, names, strategy):
    own, seen = module(folder, text), set()
    found = explore_code(
        own.State,
        [getattr(own, name) for name in names],
        check=lambda state: seen.add(outcome(state)),
        strategy=strategy,
        max_executions=MOST,
        max_seconds=60,
    )
    return found.verdict, found.failure and found.failure.kind, seen


@pytest.mark.parametrize("seed", range(FIRST, FIRST + PROGRAMS))
def test_no_strategy_misses_what_another_finds(seed, tmp_path):
    text, names = program(seed)
    verdict, kind, seen = explored(tmp_path, text, names, "every")
    if verdict == "undecided":
        return
    reduced = explored(tmp_path, text, names, "reduced")
    assert reduced[:2] == (verdict, kind)
    assert verdict == "fails" or reduced[2] == seen


NESTED = """
import threading

class State:
    def __init__(self):
        self.n, self.r0, self.lock, self.rlock = 0, None, threading.Lock(), threading.RLock()

def nested(s):
    with s.rlock:
        with s.rlock:
            s.n += 1

def looks(s):
    with s.rlock:
        s.n += 1
        s.r0 = s.n

def gives(s):
    try:
        s.lock.release()
    except RuntimeError:
        s.r0 = "nobody has it"

def takes(s):
    s.lock.acquire()
"""


@pytest.mark.parametrize(
    ("names", "expected"), [(["nested", "looks"], {"1", "2"}), (["gives", "takes"], {"None", "nobody has it"})]
)
def test_who_takes_a_lock_first_is_tried_both_ways(names, expected, tmp_path):
    verdict, _, seen = explored(tmp_path, NESTED, names, "reduced")
    assert verdict == "holds"
    assert {dict(each)["r0"] for each in seen} == expected


LEASE = """
    import time

    class Lease:
        def __init__(self):
            self.begun = time.monotonic()

        def rest(self):
            time.sleep(5)
            self.ended = time.monotonic()

        def is_over(self):
            return self.ended - self.begun == 5 and time.monotonic() == self.ended
"""


def test_setup_and_check_go_by_the_clock_of_the_threads(tmp_path):
    lease = module(tmp_path, LEASE).Lease
    assert explore_code(lease, [lease.rest], check=lease.is_over).holds


@pytest.mark.parametrize("make", [threading.Lock, threading.RLock, threading.Condition])
def test_what_setup_has_taken_is_nobodys_to_take(make):
    def setup():
        lock = make()
        lock.acquire()
        return {"lock": lock, "in": 0}

    def enter(state):
        with state["lock"]:
            state["in"] += 1

    def look(state):
        if state["lock"].acquire(blocking=False):
            state["in"] += 1

    assert explore_code(setup, [enter, look], check=lambda _: True).failure.kind == "deadlock"
    assert explore_code(setup, [look, look], check=lambda state: state["in"] == 0).verdict == "holds"
