"""The state of modules is put back before each execution, whatever keeps it: what is not is never taken for a race."""

import contextvars

import pytest
from own_code.modules import module

from scenario import explore_code

KEPT = {
    "int in a list": ("kept = [0]", "kept[0] += 1", "kept[0]"),
    "bytearray": ("kept = bytearray(b'a')", "kept.append(98)", "len(kept) - 1"),
    "array": ("import array\nkept = array.array('i')", "kept.append(1)", "len(kept)"),
    "SimpleNamespace": ("import types\nkept = types.SimpleNamespace(n=0)", "kept.n += 1", "kept.n"),
    "UserDict": ("import collections\nkept = collections.UserDict()", "kept[len(kept)] = 1", "len(kept)"),
    "Counter": ("import collections\nkept = collections.Counter()", "kept['a'] += 1", "kept['a']"),
    "count": ("import itertools\nkept = itertools.count(1)\nlast = 0", "global last\n    last = next(kept)", "last"),
    "count that steps": ("import itertools\nkept = itertools.count(2, 2)\nlast = 0", "global last\n    last = next(kept) // 2", "last"),
    "__next__ of a count": ("import itertools\nkept = itertools.count(1).__next__\nlast = 0", "global last\n    last = kept()", "last"),
    "instance": ("class K:\n    def __init__(self): self.n = 0\nkept = K()", "kept.n += 1", "kept.n"),
    "instance with slots": (
        "class K:\n    __slots__ = ('n',)\n    def __init__(self): self.n = 0\nkept = K()",
        "kept.n += 1",
        "kept.n",
    ),
    "of a class made in a function": (
        "def made():\n    class K:\n        n = 0\n    return K()\nkept = made()",
        "type(kept).n += 1",
        "type(kept).n",
    ),
    "attribute of a function": ("def kept(): pass\nkept.n = 0", "kept.n += 1", "kept.n"),
    "first attribute of a function": ("def kept(): pass", "kept.n = getattr(kept, 'n', 0) + 1", "kept.n"),
    "class attribute": ("class K:\n    n = 0", "K.n += 1", "K.n"),
    "count of a class": (
        "import itertools\nclass K:\n    ids = itertools.count(1)\n    last = 0",
        "K.last = next(K.ids)",
        "K.last",
    ),
    "private": ("__kept = [0]", "__kept[0] += 1", "__kept[0]"),
    "text": ("import io\nkept = io.StringIO()", "kept.write('a')", "len(kept.getvalue())"),
    "Random": ("import random\nkept = random.Random(1)\nwas = kept.random()\nkept = random.Random(1)", "global was\n    was = kept.random()", "round(was / 0.13436424411240122)"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_every_execution_begins_with_it_as_it_was(name, tmp_path):
    state, change, value = KEPT[name]
    text = f"{state}\nclass State:\n    n = None\ndef change(it):\n    {change}\n    it.n = {value}\ndef other(it):\n    it.n\n"
    own = module(tmp_path, text)
    before = {key: id(value) for key, value in vars(own).items()}
    found = explore_code(own.State, [own.change, own.other], check=lambda it: it.n == 1, strategy="every")
    assert found.holds, found.text()
    assert found.executions > 1
    assert {key: id(value) for key, value in vars(own).items()} == before


@pytest.mark.parametrize("kept", ["iter([1, 2, 3])", "(x for x in range(9))", "map(str, range(9))"])
def test_what_can_not_be_put_back_is_not_said_to_hold(kept, tmp_path):
    own = module(tmp_path, f"kept = {kept}\nclass State:\n    n = 0\ndef change(it):\n    it.n = next(kept)\n")
    found = explore_code(own.State, [own.change, own.change])
    assert found.verdict == "undecided"
    assert "can not be put back: make it in setup" in found.text()


class Said:
    def __init__(self):
        self.before = []


SAYS = contextvars.ContextVar("SAYS", default=0)


def says(it):
    it.before.append(SAYS.get())
    SAYS.set(1)


def test_a_thread_begins_with_an_empty_context_in_each_execution():
    found = explore_code(Said, [says, says], check=lambda it: it.before == [0, 0], strategy="every")
    assert found.holds, found.text()
    assert found.executions > 1


HOLDING = """
    import threading

    class Kept:
        shared = threading.RLock()

        def __init__(self):
            self.own, self.changed = threading.RLock(), threading.Condition()

        def take(self):
            for each in (self.own, self.changed, self.shared):
                each.acquire()
"""


@pytest.mark.parametrize("name", ["own", "changed", "shared"])
def test_an_rlock_that_a_thread_has_not_given_back_is_held_for_the_check_and_free_in_the_next_execution(tmp_path, name):
    kept = module(tmp_path, HOLDING).Kept
    free = explore_code(kept, [kept.take], check=lambda it: getattr(it, name).acquire(blocking=False))
    held = explore_code(
        kept, [kept.take], check=lambda it: not getattr(it, name).acquire(blocking=False), strategy="every"
    )
    assert (free.verdict, held.verdict) == ("fails", "holds")


LEFT = """
    import threading
    from concurrent.futures import ThreadPoolExecutor

    class Left:
        def __init__(self):
            self.gate, self.pool = threading.Barrier(2), ThreadPoolExecutor(1)

        def break_(self):
            self.gate.abort()

        def shut(self):
            self.pool.shutdown()

        def is_broken(self):
            return self.gate.broken

        def is_shut(self):
            try:
                self.pool.submit(int)
            except RuntimeError:
                return True
            return False
"""


@pytest.mark.parametrize(("act", "look"), [("break_", "is_broken"), ("shut", "is_shut")])
def test_what_threads_leave_of_a_barrier_and_of_a_pool_is_what_the_check_finds(tmp_path, act, look):
    left = module(tmp_path, LEFT).Left
    assert explore_code(left, [getattr(left, act)], check=getattr(left, look)).holds
