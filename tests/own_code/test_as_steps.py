"""The same program, once as the steps of a scenario and once as Python, has the same outcomes.

Each step stands here in both forms; programs of a few are drawn. Exploring the file goes over a graph of states, exploring the code executes it
under one schedule after the other: they share nothing but the meaning.
"""

from random import Random

import pytest
from own_code.modules import module

from scenario import explore_code, load

STEPS = [
    ("x += 1", "it.x += 1"),
    ("y += x", "it.y += it.x"),
    ("x = y + 1", "it.x = it.y + 1"),
    ("x, y = y, x", "it.x, it.y = it.y, it.x"),
    ("items.append(x)", "it.items.append(it.x)"),
    ("y = len(items)", "it.y = len(it.items)"),
    ("y = sum(items)", "it.y = sum(it.items)"),
    ("items += [y]", "it.items += [it.y]"),
    ("items[0] += 1", "it.items[0] += 1"),
    ("d[x] = y", "it.d[it.x] = it.y"),
    ("y = d.get(x, 5)", "it.y = it.d.get(it.x, 5)"),
    ("x = y if x else 2", "it.x = it.y if it.x else 2"),
    ("y = x == y", "it.y = it.x == it.y"),
    ("for: v, in: items, do: [x += v]", "for v in it.items: it.x += v"),
    ('if: "x < y", then: [x += 1], else: [y += 1]', "if it.x < it.y: it.x += 1\nelse: it.y += 1"),
    ("with: l, do: [x += 1]", "with it.l: it.x += 1"),
    ("with: l, do: [y += 2, x = y]", "with it.l:\n    it.y += 2\n    it.x = it.y"),
    ("with: r, do: [{with: r, do: [x += 1]}]", "with it.r:\n    with it.r: it.x += 1"),
    ("acquire: l", "it.l.acquire()"),
    ("acquire: l, blocking: false, into: y", "it.y = it.l.acquire(blocking=False)"),
    ("acquire: s", "it.s.acquire()"),
    ("release: s", "it.s.release()"),
    ("with: s, do: [x += 1]", "with it.s: it.x += 1"),
    ("set: e", "it.e.set()"),
    ("clear: e", "it.e.clear()"),
    ("wait: e, timeout: 0.1, into: y", "it.y = it.e.wait(0.1)"),
    ("wait: e", "it.e.wait()"),
    ('put: q, item: "x"', "it.q.put(it.x)"),
    ("get: q, into: y", "it.y = it.q.get()"),
    ("get: q, into: x, timeout: 0.1", "it.x = it.q.get(timeout=0.1)"),
    ("with: c, do: [{wait: c}]", "with it.c: it.c.wait()"),
    ("with: c, do: [{wait: c, timeout: 0.1, into: x}]", "with it.c: it.x = it.c.wait(0.1)"),
    ("with: c, do: [x += 1, {notify: c}]", "with it.c:\n    it.x += 1\n    it.c.notify()"),
    ("with: c, do: [{notify_all: c}]", "with it.c: it.c.notify_all()"),
    ("wait: b, timeout: 0.1, into: y", "it.y = it.b.wait(0.1)"),
]
STATEMENT = tuple("xyid")
PYTHON = """
from queue import Empty, Queue
from threading import Barrier, BrokenBarrierError, Condition, Event, Lock, RLock, Semaphore


class State:
    def __init__(self):
        self.x, self.y, self.items, self.d = 0, 1, [1], {}
        self.l, self.r, self.s, self.e, self.q, self.c, self.b = Lock(), RLock(), Semaphore(1), Event(), Queue(1), Condition(), Barrier(2)
"""
FILE = """
scenario: drawn
vars: {x: 0, y: 1, items: [1], d: {}}
primitives: {l: Lock, r: RLock, s: Semaphore, e: Event, q: {Queue: 1}, c: Condition, b: {Barrier: 2}}
threads:
"""
EXPECTED = """
expect:
  deadlock: possible
  observe: [x, y, items, "sorted(d.items())"]
"""


def drawn(seed):
    """The file and the module."""
    random = Random(seed)
    file, python = FILE, PYTHON
    for name in "ABC"[: random.choice((2, 2, 2, 3))]:
        steps = [random.choice(STEPS) for _ in range(random.choice((1, 2, 2, 3) if len(file) < 600 else (1, 2)))]
        file += f"  {name}:\n    steps:\n      - try:\n"
        python += f"\n\ndef {name}(it):\n    try:\n"
        for step, statement in steps:
            is_key = ":" in step.partition(",")[0].partition("=")[0] and not step.startswith("x, y")
            file += f"          - {{{step}}}\n" if is_key else f'          - "{step}"\n'
            python += "".join(f"        {line}\n" for line in statement.splitlines())
        file += "        except: {Empty: [y += 7], BrokenBarrierError: [y += 9]}\n"
        python += "    except Empty:\n        it.y += 7\n    except BrokenBarrierError:\n        it.y += 9\n"
    return file + EXPECTED, python


def of_the_file(path):
    """The values of all ends, and whether some execution deadlocks."""
    (result,) = load(path).explore(keep_going=True, max_seconds=60)
    assert result.verdict.word != "undecided", result
    values = {tuple(str(value) for _, value in row.values) for row in result.rows if row.end != "deadlock"}
    return values, any(row.end == "deadlock" for row in result.rows)


def of_the_code(own, strategy):
    seen = set()

    def check(it):
        items = sorted(it.d.items())
        seen.add((str(it.x), str(it.y), str(it.items), str(items)))

    threads = [getattr(own, name) for name in "ABC" if hasattr(own, name)]
    found = explore_code(own.State, threads, check=check, strategy=strategy, max_seconds=60, modules=[own])
    return seen, found


@pytest.mark.parametrize("seed", range(40))
def test_both_forms_have_the_same_outcomes(seed, tmp_path):
    text, python = drawn(seed)
    file = tmp_path / "drawn.scenario.yaml"
    file.write_text(text)
    values, deadlocks = of_the_file(file)
    seen, found = of_the_code(module(tmp_path, python), "reduced")
    if deadlocks:
        assert (found.verdict, found.failure.kind) == ("fails", "deadlock"), python
    else:
        assert found.holds, found.text()
        assert seen == values, python
