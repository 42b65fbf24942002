"""Functions that emitted code calls, and the exceptions that it names, whatever it runs on."""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from operator import index
from random import Random
from typing import Protocol, SupportsIndex, TypeVar, cast

from scenario.program import ops
from scenario.program.program import Program
from scenario.program.walk import walk_all
from scenario.program.whole import bodies
from scenario.real.values import fresh

_CHUNK = 10_000

MIDDLE_DOT = "\N{MIDDLE DOT}"

T = TypeVar("T")


class Chooser(Protocol):
    """A thread, as far as it chooses: the same for the same seed."""

    @property
    def random(self) -> Random: ...


def repeat(value: object, times: SupportsIndex) -> Iterator[object]:
    """`itertools.repeat`, which may be asked for more rounds than Python can count."""
    return itertools.repeat(value, max(min(index(times), sys.maxsize), 0))


_END = object()


def each_under(lock: AbstractContextManager[object], items: Iterable[T]) -> Iterator[T]:
    """The items, each read under the lock."""
    iterator: Iterator[T | object] = iter(items)
    while True:
        with lock:
            item = next(iterator, _END)
        if item is _END:
            return
        yield cast("T", item)


def choose(me: Chooser, values: Iterable[object]) -> object:
    """One of the values, by the thread's own seed."""
    return fresh(me.random.choice(list(values)))


def exceptions(program: Program) -> frozenset[str]:
    """The exceptions that the program names."""
    found = {"BaseException"}
    for node in walk_all(bodies(program)):
        if isinstance(node, ops.Raise | ops.Expect | ops.Handler):
            found.add(node.exception)
        elif isinstance(node, ops.SetException):
            found.add(node.error)
    return frozenset(found)


def name_of(exception: str) -> str:
    """What emitted code calls it; in place of the dots of the user's own stands what no name of a module has."""
    return f"X_{exception.replace('.', MIDDLE_DOT)}"


@cache
def chunk_seconds() -> float:
    """What a chunk of work takes on a core that does nothing else: the least of several, in seconds of the processor."""
    return max(min(map(_timed, range(20))), 1e-6)


def _timed(_: int) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def work() -> int:
    """A chunk of pure Python."""
    total = 0
    for i in range(_CHUNK):
        total += i & 7
    return total


def busy() -> float:
    """Seconds of the processor that this process has taken, and those children of it that have ended."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system
