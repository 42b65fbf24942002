"""Drawn programs, held against an oracle that may switch before every bytecode instruction: no outcome is left out where it holds.

More of them: `python -m own_code.fuzz FIRST LAST` in this folder's parent.
"""

from random import Random

import pytest
from own_code.fuzz.bytecode import Bytecode
from own_code.fuzz.drawn import pair
from own_code.fuzz.held import held, judged

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


@pytest.mark.parametrize("seed", [*range(22, 32), 2, 4, 12, 16, 18, 21, 55, 64, 66, 111, 131, 295, 20458])
def test_no_outcome_is_missed(seed, tmp_path):
    result = held(tmp_path, seed, most=300, seconds=60)
    assert not result.missed, result.text
    assert result.verdict == "holds", result.reason


PAIRS = [
    ("list", "max(it.xs, key=lambda x: -x)", "it.xs[0] = 7", "it.xs[0] = 1"),
    ("list", "list(map(it.ys.count, it.xs))", "it.ys.append(1)", "it.ys.pop()"),
    ("list", "it.xs + it.ys", "it.xs.append(4)", "it.ys.append(5)"),
    ("list", "it.xs == it.ys", "it.xs.append(4)", "it.xs[:] = it.ys"),
    ("list", "f'{it.xs}{it.ys}'", "it.xs.append(4)", "it.ys.append(5)"),
    ("list", "[x for x in itertools.chain(it.xs, it.ys)]", "it.ys.append(4)", "it.ys.pop()"),
    ("list", "functools.reduce(lambda a, b: a + b, it.xs, 0)", "it.xs.append(4)", "it.xs.pop()"),
    ("list", "sum(it.xs)", "list(map(it.xs.append, [8, 9]))", "del it.xs[3:]"),
    ("dict", "max(it.d, key=lambda k: 0)", "it.d['c'] = 3", "del it.d['c']"),
    ("dict", "it.chain['b']", "it.d['b'] = 8", "it.d['b'] = 2"),
    ("dict", "it.view['a']", "it.d['a'] = 8", "it.d['a'] = 1"),
    ("set", "[x for x in it.s]", "it.s.add(9)", "it.s.discard(9)"),
    ("rows", "sum((r for r in it.rows), [])", "it.rows[0].append(4)", "it.rows[0].pop()"),
    ("rows", "functools.reduce(operator.add, it.rows)", "it.rows[0].append(4)", "it.rows[0].pop()"),
    ("rows", "max(it.rows, key=lambda r: r)", "it.rows[0][0] = 9", "it.rows[0][0] = 0"),
    ("points", "max(it.ps, key=lambda p: p).y", "it.ps[0].x = 9", "it.ps[0].x = 0"),
    ("points", "'{0.x}{0.y}'.format(it.p)", "it.p.x = 9", "it.p.x = 0"),
    ("points", "vector_sum(it)", "it.v.by = 9", "it.v.by = 2"),
    ("global", "g", "loop_g()"),
    ("global", "g", "with_g()"),
    ("global", "g", "except_g()"),
    ("global", "Special().level", "Special.level = 3", "del Special.level"),
    ("closure", "it.look()", "it.cycle()"),
    ("iterators", "list(it.shared_gen())", "next(it.shared_gen())"),
    ("iterators", "[x for x in it.shared_iter()]", "next(it.shared_iter())"),
    ("iterators", "it.counting()", "it.counting()"),
    ("own containers", "it.child.who()", "it.child.who = lambda: 'replaced'"),
    ("own containers", "it.child.where", "Child.where = 'there'"),
    ("own containers", "list(it.bag)", "it.bag.items.append(4)", "it.bag.items.pop()"),
    ("own containers", "it.child.who()", "Base.where = 'moved'"),
    ("foreign", "it.ns == types.SimpleNamespace(a=1)", "it.ns.a = 2", "it.ns.a = 1"),
    ("foreign", "sum(it.arr)", "it.arr.append(3)", "it.arr.pop()"),
    ("foreign", "it.ud == {'a': 1}", "it.ud['a'] = 4", "it.ud['a'] = 1"),
    ("foreign", "it.ud['a']", "it.ud.data['a'] = 4", "it.ud.data['a'] = 1"),
    ("foreign", "bytes(it.mem)", "it.backing[0] = 99", "it.backing[0] = 109"),
    ("foreign", "it.own_ns == types.SimpleNamespace(a=1)", "it.own_ns.a = 2", "it.own_ns.a = 1"),
    ("foreign", "it.part()", "it.bound.append(3)", "it.part.keywords['k'] = 3"),
    ("foreign", "it.q.unfinished_tasks", "it.q.task_done()"),
]


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_what_was_once_unseen_is_seen(number, tmp_path):
    text, names = pair(*PAIRS[number])
    result = judged(tmp_path, text, names, number, most=400, seconds=60)
    assert result.executions > 1
    assert not result.missed
    assert result.verdict == "holds", result.reason
