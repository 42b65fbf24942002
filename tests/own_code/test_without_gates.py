"""What code without gates keeps, changes and makes: held against all that comes of switching before every bytecode instruction."""

import textwrap

import pytest
from own_code.fuzz.held import judged
from own_code.modules import module

from scenario import explore_code

HEAD = """
import abc, contextlib, dataclasses, gc, io, itertools, os, pathlib, sys, tempfile, threading, types, warnings, weakref
from collections import UserList, deque
from concurrent.futures import ThreadPoolExecutor
from unittest import mock
FILE = pathlib.Path(tempfile.mkdtemp()) / "file"
seed = []
"""
COUNTER = "def count():\n    v = 0\n    def look():\n        return v\n    def put():\n        nonlocal v\n        v = 2\n    return look, put\n"
DATACLASS = "@dataclasses.dataclass\nclass D:\n    i: int = dataclasses.field(default_factory={})"
WEAK = "class K: pass"


def derived(kind):
    return f"class U({kind}): pass"


CASES = {
    "print to a file": ("self.f = io.StringIO()", "print('x', file=it.f); it.a = it.f.getvalue()", "print('y', file=it.f)"),
    "print to what is the output": ("self.f = io.StringIO()", "print('x', end=''); it.a = it.f.getvalue()", "with contextlib.redirect_stdout(it.f):\n    it.b = 1\n    it.b = 2"),
    "environment": ("os.environ['ZZ'] = '1'", "it.a = os.getenv('ZZ')", "os.environ['ZZ'] = '2'"),
    "list of a module": ("warnings.resetwarnings()", "it.a = len(warnings.filters)", "warnings.simplefilter('ignore')"),
    "file system": ("FILE.unlink(missing_ok=True)", "it.a = os.path.exists(FILE)", "open(FILE, 'w').close()"),
    "file that with closes": ("self.f = open(os.devnull)", "it.a = it.f.closed", "with it.f: it.b = 1"),
    "closing": ("self.f = io.StringIO()", "it.a = it.f.closed", "with contextlib.closing(it.f): it.b = 1"),
    "patch": ("pass", "it.a = it.n", "with mock.patch.object(it, 'n', 5): it.b = 1"),
    "stack": ("self.s = contextlib.ExitStack(); self.log = []", "it.s.callback(it.log.append, 1); it.s.close()", "it.s.callback(it.log.append, 2)"),
    "stack of one's own": ("self.s = U(); self.log = []; self.s.callback(self.log.append, 3)", "it.a = list(it.log)", "with it.s: it.b = 1", derived("contextlib.ExitStack")),
    "factory": ("pass", "it.a = D().i", "it.b = D().i", DATACLASS.format("[3, 4, 5, 6, 7, 8, 9].pop"), "D.__dataclass_fields__['i'].default_factory.__self__[:] = [3, 4, 5]"),
    **{
        f"{kind} of one's own": ("pass", f"it.a = {show}(U(seed))", "it.b = seed.append(2)", derived(kind), "seed[:] = [1]")
        for kind, show in {"list": "list", "tuple": "list", "set": "sorted", "UserList": "list"}.items()
    },
    "dict of one's own": ("pass", "it.a = dict(U(it.d))", "it.d['b'] = 2", derived("dict"), "", "self.d = {}"),
    "deque that goes over another's iterator": ("self.i = iter([1, 2])", "it.a = list(U(it.i))", "it.b = next(it.i)", derived("deque")),
    "weak keys": ("self.k = K(); self.w = weakref.WeakKeyDictionary({self.k: 1})", "it.a = len(it.w)", "it.k = None", WEAK),
    "cause": ("self.x = ValueError(1)", "it.a = it.x.__cause__ is None", "it.x.__cause__ = KeyError()"),
}  # fmt: skip
UNDECIDED = {
    "cell": ("self.look, self.put = count()", "it.a = it.look.__closure__[0].cell_contents", "it.put()", COUNTER),
    "cell that is set": ("self.look, self.put = count()", "it.a = it.look()", "it.look.__closure__[0].cell_contents = 5", COUNTER),
    "defaults": ("def f(x=0): return x\nself.f = f", "it.a = it.f()", "it.f.__defaults__ = (3,)"),
    "keyword defaults": ("def f(*, x=0): return x\nself.f = f", "it.a = it.f()", "it.f.__kwdefaults__['x'] = 3"),
    "code": ("def f(): return 1\nself.f = f", "it.a = it.f()", "it.f.__code__ = (lambda: 2).__code__"),
    "names of a class": ("self.c = type('C', (), {'x': 1})", "it.a = it.c.__dict__['x']", "it.c.x = 2"),
    "inside of a generator": ("self.g = (x for x in [1, 2])", "it.a = it.g.gi_running", "next(it.g)"),
    "registered": ("self.c = abc.ABCMeta('C', (), {})", "it.a = isinstance(3, it.c)", "it.c.register(int)"),
    "referents": ("self.k = object()", "it.a = sys.getrefcount(it.k)", "it.b = it.k"),
}  # fmt: skip


def tried(number, body):
    lines = textwrap.indent(body.replace("; ", "\n"), "        ")
    return (
        f"def t{number}(it):\n    try:\n{lines}\n    except Exception as error:\n        it.e = type(error).__name__\n"
    )


def text(init, t0, t1, own="", reset="pass", more="pass"):
    state = "class State:\n    def __init__(self):\n        self.n = 0\n" + textwrap.indent(
        f"{init}\n{more}\n", "        "
    )
    return "\n".join([HEAD, own, state, f"def reset():\n    {reset or 'pass'}\n", tried(0, t0), tried(1, t1)])


@pytest.mark.parametrize("name", CASES)
def test_nothing_that_comes_of_it_is_missed(name, tmp_path):
    result = judged(tmp_path, text(*CASES[name]), seed=1, most=300, seconds=60)
    assert result.verdict == "holds", result.reason
    assert result.executions > 1
    assert not result.missed


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_goes_past_the_gates_is_undecided(name, tmp_path):
    result = judged(tmp_path, text(*UNDECIDED[name]), seed=1, most=300, seconds=60)
    assert result.verdict == "undecided"


BEGIN = """
import threading
from concurrent.futures import ThreadPoolExecutor

class State:
    a = b = it = None

class Own(threading.Thread):
    pass

def me():
    return threading.current_thread().name

def of_pool():
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(me).result()
"""
SEEN = {
    "number of a thread": ("s.a = threading.Thread().name", "s.b = threading.Thread().name", {("Thread-1", "Thread-2"), ("Thread-2", "Thread-1")}),
    "number of one's own": ("s.a = Own().name", "s.b = threading.Timer(1, me).name", {("Thread-1", "Thread-2"), ("Thread-2", "Thread-1")}),
    "number of a pool": ("s.a = of_pool()", "s.b = of_pool()", {("ThreadPoolExecutor-0_0", "ThreadPoolExecutor-1_0"), ("ThreadPoolExecutor-1_0", "ThreadPoolExecutor-0_0")}),
    "how many live": ("s.a = threading.active_count()", "s.b = 1", {(2, 1), (3, 1)}),
    "who lives": ("s.a = len(threading.enumerate())", "s.b = threading.Thread(target=int, name='x'); s.b.start(); s.b = None", {(2, None), (3, None), (4, None)}),
    "whether one lives": ("s.a = s.it and s.it.is_alive()", "s.it = threading.current_thread()", {(None, None), (True, None), (False, None)}),
    "whether one ended in time": ("s.a = s.it and (s.it.join(1) or s.it.is_alive())", "s.it = threading.current_thread()", {(None, None), (True, None), (False, None)}),
    "whether one has an identity": ("s.a = s.it and s.it.ident is None", "s.it = threading.Thread(target=int, name='x'); s.it.start()", {(None, None), (True, None), (False, None)}),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEN)
def test_all_that_a_thread_may_be_seen_as_is_seen(name, tmp_path):
    first, second, expected = SEEN[name]
    own = module(tmp_path, f"{BEGIN}\ndef t0(s):\n    {first}\n\ndef t1(s):\n    {second}\n")
    seen = set()
    found = explore_code(own.State, [own.t0, own.t1], check=lambda s: seen.add((s.a, s.b)), strategy="reduced")
    assert found.holds, found.text()
    assert seen == expected


def test_outside_of_the_search_the_numbers_of_pools_go_on(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    def number():
        with ThreadPoolExecutor(1) as pool:
            return int(vars(pool)["_thread_name_prefix"].removeprefix("ThreadPoolExecutor-"))

    own = module(tmp_path, f"{BEGIN}\ndef t0(s):\n    s.a = of_pool()\n")
    before = number()
    explore_code(own.State, [own.t0, own.t0])
    assert number() == before + 1
