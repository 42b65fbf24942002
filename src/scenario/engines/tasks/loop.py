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
from contextvars import Context
from typing import Protocol, TypeAlias, TypeVarTuple

_Ts = TypeVarTuple("_Ts")
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
    """asyncio's own loop. With a `clock` its time is that, and when a timer is over is for others to say: it is `kept` till then."""

    def __init__(self, between: Between, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock
        self._keeps_timers = clock is not None
        self.kept: list[asyncio.TimerHandle] = []
        self.later: list[asyncio.Handle] = []
        self.old: frozenset[int] = frozenset()
        selector = _Selector(lambda timeout: between.before_round(self, timeout))
        try:
            super().__init__(selector)
        except OSError:  # one that is half made can not be closed, which its finalizer would say aloud
            selector.close()
            vars(self)["_closed"] = True
            raise

    def time(self) -> float:
        """Seconds, since whenever."""
        return super().time() if self._clock is None else self._clock()

    def call_at(
        self,
        when: float,
        callback: Callable[[*_Ts], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """As asyncio's, unless it is ours to say when a time is over."""
        if not self._keeps_timers:
            return super().call_at(when, callback, *args, context=context)
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self.kept.append(handle)
        return handle

    def clear(self) -> None:
        """Nothing is left to do."""
        for left in (self.ready, self.timers, self.kept, self.later):
            left.clear()

    def keep_but(self, number: int) -> None:
        """Of the ready handles this one alone is run in the next round; the others are ready after it, before what comes then."""
        self.later.extend(self.ready)
        self.ready.clear()
        self.ready.append(self.later.pop(number))

    def take_up(self) -> None:
        """What stayed ready is ready again, before what has come since."""
        self.ready.extendleft(reversed(self.later))
        self.later.clear()

    def fire(self, handle: asyncio.TimerHandle) -> None:
        """Its time was over when the last round began: it was the last to be run in it."""
        self.kept.remove(handle)
        if not handle.cancelled():
            handle._run()

    def may_be_over(self, *, sleeps: bool) -> list[asyncio.TimerHandle]:
        """The timers that may have been over when the last round began; a loop that `sleeps` if nothing is ready waits for any."""
        live = [one for one in self.kept if not one.cancelled()]
        return live if sleeps and not (self.ready or self.later) else [one for one in live if id(one) in self.old]

    def grow_old(self) -> None:
        """A round begins: timers that are there now may be over in it."""
        self.old = frozenset(map(id, self.kept))

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
