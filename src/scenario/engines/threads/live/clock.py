"""The time of a run: since its beginning, asleep, and over."""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import Any

from scenario.engines.threads.actors import Abandoned

_LONGEST_SLEEP = 1e6  # longer ones go to time.sleep, with its own words about what it refuses
_CHUNK = 10_000


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


class Clock:
    """Seconds since `began`; `over` when no thread may take a further step."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.over = False
        self._end = threading.Lock()  # held while the run goes on: who sleeps waits for it
        self._end.acquire()

    def begin(self) -> None:
        """Seconds count from now on."""
        self.began = time.perf_counter()

    def now(self) -> float:
        return time.perf_counter() - self.began

    def sleep(self, seconds: Any) -> None:
        """`time.sleep`, which the end of the run cuts short."""
        if isinstance(seconds, int | float) and 0 < seconds < _LONGEST_SLEEP:
            self.pause(seconds)
        else:
            time.sleep(seconds)

    def compute(self, seconds: float) -> None:
        """So many seconds of pure Python as one idle core does it, however long that takes here; the end of the run cuts it short."""
        if not (isinstance(seconds, int | float) and 0 <= seconds < _LONGEST_SLEEP):
            time.sleep(seconds)  # what it refuses, in its own words
            return
        for _ in range(round(seconds / chunk_seconds())):
            if self.over:
                raise Abandoned
            work()

    def pause(self, seconds: float) -> None:
        if self._end.acquire(timeout=seconds):
            self._end.release()
            raise Abandoned

    def end(self) -> None:
        """The run is over: who sleeps ends."""
        self.over = True
        if self._end.locked():
            self._end.release()
