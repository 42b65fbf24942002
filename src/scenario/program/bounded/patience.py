"""How long an evaluation may take that nobody else can end: comprehensions look at the clock.

What one element takes is bounded by sizes, but there may be a million of them. This is no bound of the language: an
evaluation on a thread that is watched goes on until the run's own timeout.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TypeAlias

from scenario.program.bounded.sets import one_by_one

_OFTEN = 16
"""Elements between two looks: one may take some hundredths of a second."""


class Expired(BaseException):
    """Nobody waits for the value any longer. No answer: what takes an exception for one must not see it."""


def expired() -> NoReturn:
    """Raises Expired."""
    raise Expired


Look: TypeAlias = Callable[[], None]
"""Called for each small piece of a work that can be long; raises where its time is up."""


def unhurried() -> None:
    """Where it may take as long as it takes."""


class Patience:
    """Until `limit` by `clock`; then `give_up` raises. `others` have limits of their own, for the same evaluations."""

    def __init__(self, clock: Callable[[], float], give_up: Callable[[], NoReturn], *others: Patience) -> None:
        self._clock = clock
        self._give_up = give_up
        self._others = others
        self._limit = math.inf
        self._granted: float | None = None
        self._left = _OFTEN

    @contextmanager
    def until(self, limit: float) -> Iterator[None]:
        """Meanwhile."""
        before, self._limit = self._limit, limit
        try:
            yield
        finally:
            self._limit = before

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Meanwhile, so long from the first look on: what never looks asks for no time, which may be dear."""
        before = self._limit, self._granted
        self._granted = seconds
        try:
            yield
        finally:
            self._limit, self._granted = before

    def each(self, items: Iterable[object]) -> Iterator[object]:
        """What a comprehension goes over."""
        for item in one_by_one(items):
            self._left -= 1
            if self._left < 0:
                self._left = _OFTEN
                self.look()
            yield item

    def look(self) -> None:
        """Gives up if it is time."""
        now = self._clock()
        if self._granted is not None:
            self._limit, self._granted = now + self._granted, None
        if now > self._limit:
            self._give_up()
        for other in self._others:
            other.look()


class Full(Expired):
    """There is no memory for more of it."""


def full() -> NoReturn:
    """Raises Full."""
    raise Full


def each(items: Iterable[object]) -> Iterable[object]:
    """The same where the thread is watched."""
    return one_by_one(items)
