"""Drawn programs, held against an oracle that may switch before every bytecode instruction: no outcome is left out where it holds.

More of them: `python -m own_code.fuzz FIRST LAST` in this folder's parent.
"""

from random import Random

import pytest
from own_code.fuzz.bytecode import Bytecode
from own_code.fuzz.held import held

TEXT = """
from threading import Lock

class State:
    def __init__(self):
        self.n, self.lock = 0, Lock()

def reset():
    pass

def t0(it):
    it.n += 1

def t1(it):
    with it.lock:
        it.n += 1

def locked(it):
    with it.lock:
        it.n += 1

def key(x):
    return x

def calls_back(it):
    it.n = sorted([it.n, 0], key=key)[-1] + 1
"""


def results(threads):
    oracle = Bytecode(TEXT, "oracle.py", threads, lambda state, _: state.n)
    return set(oracle.outcomes(Random(0), 2000))


def test_the_oracle_finds_a_lost_update_and_none_under_a_lock():
    assert results(["t0", "t1"]) == {1, 2}
    assert results(["t1", "locked"]) == {2}


def test_the_oracle_comes_in_where_c_calls_back():
    assert results(["calls_back", "calls_back"]) == {1, 2}


@pytest.mark.parametrize("seed", range(22, 32))
def test_no_outcome_is_missed(seed, tmp_path):
    result = held(tmp_path, seed, most=300)
    assert not result.missed, result.text
    assert result.verdict == "holds", result.reason
