"""What a search may take: whoever may work long asks here, in the middle of a step too.

A budget that is spent is no verdict: the search ends as undecided, whatever it was doing. What it has found by then is
still followed and told, in a time of its own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from scenario.engines.explore.model.values import TooLarge
from scenario.machine import Growth, room
from scenario.results.exploration import Pace
from scenario.results.undecided import OutOfMemory, OutOfTime, TooManyStates

T = TypeVar("T")

LEAST = 0.5
"""Seconds in which the shortest way to a failure may be looked for, however quick the search was."""

SHORT = 0.2
"""Seconds for the words of what was found, however late it is."""

LONG = 0.5
"""Seconds of a step."""

WORDS = 0.6
"""Of what is left when a search has ended, for following what was found: the report takes time by its length too."""

_OFTEN = 256
"""Small pieces of work between two looks at the clock."""


class TimeIsUp(TooLarge):
    """Nothing can be decided about the file in this time."""


class Budget:
    """Seconds, from now on, memory (MiB; None: half of what is free), and states.

    Of one step too, which may have as many alternatives as a `choose` has values.
    """

    def __init__(
        self, max_states: float = math.inf, max_seconds: float = math.inf, max_memory: int | None = None
    ) -> None:
        self.max_states = max_states
        self.began = time.monotonic()
        self.deadline = self.rest = self.began + max_seconds
        self._words = math.inf
        """Until when a schedule is put in words."""
        self.told = -math.inf
        """Until when what was found may be put in the words of its schedule, however late it is."""
        self._is_hard = True
        self._aside = 0.0
        self._memory = Growth(room(max_memory))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Another search goes on meanwhile: no time of this one's own."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._aside += time.monotonic() - began

    def pace(self, states: int, steps: int, depth: int) -> Pace:
        """How far a search with so many states is."""
        now, left = time.monotonic(), self.room()
        held = int(self._memory.most) - left
        left_states = None if self.max_states == math.inf else int(self.max_states - states)
        return Pace(now - self.began - self._aside, states, steps, depth, held, self.deadline - now, left, left_states)

    def room(self) -> int:
        """Bytes that may still be taken."""
        return self._memory.left()

    def is_late(self) -> bool:
        """Whether the time is up, or the memory of a search that goes on."""
        return self.spent() is not None

    def spent(self) -> OutOfTime | OutOfMemory | None:
        """What is used up; None if nothing is."""
        now = time.monotonic()
        if now > self.deadline:
            return OutOfTime()
        if self._is_hard and self._memory.is_full(now):
            return OutOfMemory(self._memory.most)
        return None

    def look(self) -> None:
        """Raises TimeIsUp when the time of the search is up, or its memory."""
        if self._is_hard and (spent := self.spent()) is not None:
            raise TimeIsUp(spent)

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """The items, a small piece of work each."""
        for number, item in enumerate(items, 1):
            if number % _OFTEN == 0:
                self.look()
            yield item

    def fits(self, states: int) -> None:
        """Raises TooLarge for more states than may be looked at."""
        if self._is_hard and states > self.max_states:
            raise TooLarge(TooManyStates(int(self.max_states)))

    def ways(self, items: Iterable[T], whose: str) -> list[T]:
        """The ways on from one step, as many as there may be states; where a long one is broken off, it is told whose."""
        began, found = time.monotonic(), []
        try:
            for item in items:
                found.append(item)
                self.fits(len(found))
        except TimeIsUp as late:
            if time.monotonic() - began < LONG or late.why != OutOfTime():
                raise
            raise TimeIsUp(OutOfTime("step", whose)) from None
        return found

    def finish(self) -> None:
        """The search is over: nothing is broken off from here on, but who can do with less asks whether it is late.

        Looking for shorter ways may take as long again, if there is so much time, and `LEAST` at least.
        """
        now, self._is_hard = time.monotonic(), False
        self.told = now + SHORT
        self._words = max(now + (self.deadline - now) * WORDS, now + LEAST)
        self.rest, self.deadline = self.deadline, max(min(self.deadline, 2 * now - self.began), now + LEAST)

    def speak(self) -> None:
        """What was found is put in words now, however late it has become since the search was over."""
        self.told = time.monotonic() + SHORT

    def has_words(self) -> bool:
        """Whether there is time to put the next step of what was found in words."""
        return time.monotonic() < self._words

    def spare(self, seconds: float) -> None:
        """No more than these from now on, however much was left."""
        self.deadline = min(self.deadline, time.monotonic() + seconds)

    @contextmanager
    def at_most(self, share: float, seconds: float = math.inf) -> Iterator[None]:
        """That share of what is left, and no more than these seconds, meanwhile."""
        before, now = self.deadline, time.monotonic()
        self.deadline = min(before, now + min((before - now) * share, seconds))
        try:
            yield
        finally:
            self.deadline = before

    def go_on(self) -> None:
        """Until all of the time is up, and `LEAST` at least."""
        self.deadline = max(self.rest, time.monotonic() + LEAST)

    @contextmanager
    def searching(self) -> Iterator[None]:
        """A search meanwhile, which may be broken off."""
        before, self._is_hard = self._is_hard, True
        try:
            yield
        finally:
            self._is_hard = before

    def close(self) -> None:
        """It is late."""
        self.deadline = self.rest = -math.inf
        self.told = self._words = time.monotonic() + SHORT
        self._is_hard = False

    def is_closed(self) -> bool:
        return self.rest == -math.inf
