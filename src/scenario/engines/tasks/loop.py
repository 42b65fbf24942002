"""An event loop of asyncio whose rounds are seen: between two of them somebody is asked what happens next.

A round of `BaseEventLoop._run_once` asks its selector how long to wait, moves the timers that are over to the ready handles, and
runs those that are ready. So a selector of ours is asked exactly once a round, when nothing runs; it knows what is ready.
"""

from __future__ import annotations

import asyncio
import selectors
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeAlias

Events: TypeAlias = "list[tuple[selectors.SelectorKey, int]]"


class Between(Protocol):
    """Who is asked between two rounds."""

    def before_round(self, loop: Loop, timeout: float | None) -> float | None:
        """How long to wait for the outside at most, where the loop would wait so long (None: for ever, nothing is left to do)."""
        ...


class _Selector(selectors.DefaultSelector):
    """The system's, asked through us."""

    def __init__(self, ask: Callable[[float | None], float | None]) -> None:
        super().__init__()
        self._ask = ask

    def select(self, timeout: float | None = None) -> Events:
        return super().select(self._ask(timeout))


class Loop(asyncio.SelectorEventLoop):
    """asyncio's own loop; `clock` is its time where that is not the system's."""

    def __init__(self, between: Between, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock
        super().__init__(_Selector(lambda timeout: between.before_round(self, timeout)))

    def time(self) -> float:
        """Seconds, since whenever."""
        return super().time() if self._clock is None else self._clock()

    @property
    def ready(self) -> deque[asyncio.Handle]:
        """What the next round will run, in order."""
        found: deque[asyncio.Handle] = vars(self)["_ready"]
        return found

    @property
    def timers(self) -> list[asyncio.TimerHandle]:
        """Those that are not over, a heap by their times; cancelled ones too."""
        found: list[asyncio.TimerHandle] = vars(self)["_scheduled"]
        return found


@contextmanager
def opened(between: Between, clock: Callable[[], float] | None = None) -> Iterator[Loop]:
    """A loop; what its tasks leave is nobody's."""
    loop = Loop(between, clock)
    try:
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(lambda *_: None)  # what nobody has asked for is the scenario's own business
        yield loop
    finally:
        asyncio.set_event_loop(None)
        loop.close()
