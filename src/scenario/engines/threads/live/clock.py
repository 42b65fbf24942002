"""The time of a run: since its beginning, asleep, and over."""

from __future__ import annotations

import threading
import time
from typing import Any

from scenario.real.endable import Abandoned
from scenario.real.functions import busy, chunk_seconds, work

_LONGEST_SLEEP = 1e6  # longer ones go to time.sleep, with its own words about what it refuses


class Clock:
    """Seconds since `began`; `over` when no thread may take a further step."""

    def __init__(self) -> None:
        self.began, self._busy = time.perf_counter(), busy()
        self.over = False
        self._end = threading.Lock()  # held while the run goes on: who sleeps waits for it
        self._end.acquire()

    def begin(self) -> None:
        """Seconds count from now on."""
        self.began, self._busy = time.perf_counter(), busy()

    def spent(self) -> float:
        """Seconds of the processor since then."""
        return busy() - self._busy

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
