"""Interrupts against CPython itself: a signal's handler between any two bytecodes of a body does what is explored, and all of it.

A body is drawn as steps of a scenario and as lines of Python. The lines are executed once for each bytecode, and there the
signal is raised whose handler is the interrupt.
"""

from __future__ import annotations

import dis
import json
import queue
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from textwrap import indent
from types import FrameType
from typing import Any, NamedTuple

import pytest
from drawn import examples, first_fitting
from explore.found import program as made

from scenario.engines.explore import explore
from scenario.judge import judge
from scenario.settings import ExploreOptions

HEAD = """\
vars: {{x: 0, y: 0, z: 0, xs: [1, 2], d: {{a: 1, b: 2}}}}
primitives: {{m: Lock, r: RLock, s: {{Semaphore: 1}}, q: SimpleQueue}}
main: [{body}]
threads:
  h: {{interrupts: main, steps: [{handler}]}}
expect:
  errors: {{main: {{possible: Exception}}}}
  observe: [x, y, list(xs), sorted(d), m.locked(), s.value, q.qsize()]
"""


class Part(NamedTuple):
    """The same in both languages."""

    step: str
    lines: str


PLAIN = [
    Part("x = 1", "x = 1"),
    Part("y = x", "y = x"),
    Part("y += 2", "y += 2"),
    Part("a = 3", "a = 3"),
    Part("x = a", "x = a"),
    Part("a = x + 4", "a = x + 4"),
    Part("xs.append(a)", "xs.append(a)"),
    Part("a = xs.pop()", "a = xs.pop()"),
    Part("d['c'] = a", "d['c'] = a"),
    Part("x = xs[5]", "x = xs[5]"),
    Part("{acquire: m}", "m.acquire()"),
    Part("{acquire: m, blocking: false, into: a}", "a = m.acquire(blocking=False)"),
    Part("{release: m}", "m.release()"),
    Part("{release: s}", "s.release()"),
    Part("{put: q, item: a}", "q.put(a)"),
    Part("{get: q, block: false, into: a}", "a = q.get_nowait()"),
    Part("pass", "pass"),
]
HANDLER = [
    Part("x = 5", "x = 5"),
    Part("y = x", "y = x"),
    Part("xs.append(7)", "xs.append(7)"),
    Part("xs.clear()", "xs.clear()"),
    Part("d['e'] = 0", "d['e'] = 0"),
    Part("{with: r, do: [y = 6]}", "with r: y = 6"),
    Part("{release: m}", "m.release()"),
    Part(
        "{acquire: m, blocking: false, into: b}, {if: b, then: [x = 9, {release: m}]}",
        "if m.acquire(blocking=False):\n    x = 9\n    m.release()",
    ),
    Part("{put: q, item: 8}", "q.put(8)"),
    Part("{raise: ValueError}", "raise ValueError"),
    Part("{raise: ValueError}", "raise ValueError"),
    Part("return", "return"),
]


def drawn(chance: random.Random, depth: int) -> Part:
    """A step, maybe of others."""
    if depth and chance.random() < 0.5:
        body = joined([drawn(chance, depth - 1) for _ in range(chance.randint(1, 2))])
        other = joined([drawn(chance, 0)])
        return chance.choice(AROUND)(body, other)
    return chance.choice(PLAIN)


def joined(parts: list[Part]) -> Part:
    steps = [part.step if part.step.startswith(("{", '"')) else json.dumps(part.step) for part in parts]
    return Part(", ".join(steps), "\n".join(part.lines for part in parts))


def deeper(head: str, part: Part) -> str:
    return f"{head}\n{indent(part.lines, '    ')}"


AROUND: list[Callable[[Part, Part], Part]] = [
    lambda b, _: Part(f"{{with: r, do: [{b.step}]}}", deeper("with r:", b)),
    lambda b, o: Part(
        f"{{acquire: m}}, {{try: [{b.step}], finally: [{{release: m}}, {o.step}]}}",
        f"m.acquire()\n{deeper('try:', b)}\nfinally:\n    m.release()\n{indent(o.lines, '    ')}",
    ),
    lambda b, o: Part(
        f"{{try: [{b.step}], except: {{ValueError: [{o.step}]}}}}",
        f"{deeper('try:', b)}\n{deeper('except ValueError:', o)}",
    ),
    lambda b, o: Part(
        f"{{try: [{b.step}], except: {{Exception: [{o.step}]}}, else: [y = 9]}}",
        f"{deeper('try:', b)}\n{deeper('except Exception:', o)}\nelse:\n    y = 9",
    ),
    lambda b, _: Part(f"{{repeat: 2, do: [{b.step}]}}", deeper("for _ in range(2):", b)),
    lambda b, _: Part(f"{{for: v, in: xs, do: [{b.step}]}}", deeper("for v in xs:", b)),
    lambda b, _: Part(f"{{for: v, in: d, do: [{b.step}]}}", deeper("for v in d:", b)),
    lambda b, o: Part(f"{{if: x, then: [{b.step}], else: [{o.step}]}}", f"{deeper('if x:', b)}\n{deeper('else:', o)}"),
]


def lines(seed: int) -> tuple[Part, Part]:
    chance = random.Random(seed)
    body = joined([drawn(chance, 2) for _ in range(chance.randint(1, 3))])
    handler = joined([chance.choice(HANDLER) for _ in range(chance.randint(1, 2))])
    # a lock that it waits for would hold up the test; a local has a value everywhere, as the scenario's have not
    return joined([Part("x = 0", "x = 0"), Part("a = 0", "a = 0"), body, Part("z = 1", "z = 1")]), handler


class Endless(BaseException):
    """It waits for itself, or goes on for ever: nothing is known of it."""


SOURCE = """
def body():
    global x, y, z
{body}

def handler(*_):
    global x, y, z
{handler}
"""


class _Lock:
    """A lock that nobody else has: who would wait for it waits for ever, whatever comes of the exception that says so."""

    def __init__(self) -> None:
        self.is_stuck = False
        self._lock = threading.Lock()
        self.release = self._lock.release
        self.locked = self._lock.locked

    def acquire(self, *, blocking: bool = True) -> bool:
        taken = self._lock.acquire(blocking=False)
        if blocking and not taken:
            self.is_stuck = True
            raise Endless
        return taken


def executed(body: Part, handler: Part, at: int) -> tuple[tuple[object, ...] | None, int]:
    """What is so in the end where the signal comes before that bytecode of the body up to its last step, and how many there were."""
    names: dict[str, Any] = {
        "x": 0, "y": 0, "z": 0, "xs": [1, 2], "d": {"a": 1, "b": 2}, "m": _Lock(), "r": threading.RLock(), "s": threading.Semaphore(1),
        "q": queue.SimpleQueue(),
    }  # fmt: skip
    source = SOURCE.format(body=indent(body.lines, "    "), handler=indent(handler.lines, "    "))
    exec(compile(source, "drawn", "exec"), names)
    count = 0

    def tracing(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if frame.f_code is not names["body"].__code__:
            return None
        frame.f_trace_opcodes = True  # lines too: without them 3.13 tells no bytecode either
        if event == "opcode" and not names["z"] and not _begins_a_loop(frame):
            if count == at:
                count += 1
                signal.raise_signal(signal.SIGUSR1)
            count += 1
            if count > 2_000:
                raise Endless
        return tracing

    before = signal.signal(signal.SIGUSR1, names["handler"])
    outer = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # 3.12 looks for one that asks when tracing begins
    sys.settrace(tracing)
    try:
        names["body"]()
    except Endless:
        return None, count
    except Exception:  # noqa: BLE001 (whatever leaves the body: the scenario permits it)
        pass
    finally:
        sys.settrace(outer)
        signal.signal(signal.SIGUSR1, before)
    if names["m"].is_stuck:
        return None, count
    values = [names["x"], names["y"], names["xs"], sorted(names["d"]), names["m"].locked(), names["s"]._value, names["q"].qsize()]  # fmt: skip
    return tuple(map(repr, values)), count


def _begins_a_loop(frame: FrameType) -> bool:
    """Whether it has an iterator and no element yet: to the language that is one step. None comes there in CPython either."""
    return (
        dis.opname[frame.f_code.co_code[frame.f_lasti]] == "FOR_ITER"
        and dis.opname[frame.f_code.co_code[frame.f_lasti - 2]] == "GET_ITER"
    )


def real(body: Part, handler: Part) -> Iterator[tuple[object, ...]]:
    """All that comes out, wherever the signal comes, and where it does not."""
    seen, count = executed(body, handler, -1)
    for at in [None, *range(count)]:
        values, _ = (seen, 0) if at is None else executed(body, handler, at)
        if values is not None:
            yield values


def _explored(seed: int) -> tuple[Part, Part, set[tuple[str, ...]]] | None:
    """A program with its rows; not one that may go on for ever."""
    body, handler = lines(seed)
    found = explore(
        made(HEAD.format(body=body.step, handler=handler.step)),
        ExploreOptions(keep_going=True, max_states=2_000),
        judge=judge,
    )
    rows = {tuple(repr(value) for _, value in row.values) for row in found.rows if row.end != "deadlock"}
    return (body, handler, rows) if found.exhausted else None


@pytest.mark.parametrize("seed", range(examples(8) * 10))
def test_a_signals_handler_between_any_two_bytecodes_does_what_is_explored(seed: int) -> None:
    body, handler, rows = first_fitting(seed, _explored)
    assert set(real(body, handler)) == rows
