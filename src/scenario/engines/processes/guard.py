"""The hidden lock over all processes: steps that `atomic` and `await` must see whole.

What may block is tried under it, and tried again later; it is never held while a process is blocked. Who looks again counts its
looks: one that began after the last step of anybody has seen all that there is.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.context import SpawnContext
from typing import Protocol, TypeVar

from scenario.engines.processes.slots import here
from scenario.real.functions import each_under
from scenario.results.waiting import WaitKind

T = TypeVar("T")
_SHORTEST, _LONGEST = 0.0002, 0.004


class Taken(Protocol):
    """A lock, semaphore or condition of the file's."""

    @property
    def lock_place(self) -> int: ...
    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool: ...
    def release(self) -> None: ...


class Items(Protocol):
    """A queue of the file's."""

    place: int

    def get(self, block: bool = True, timeout: float | None = None) -> object: ...
    def put(self, item: object, block: bool = True, timeout: float | None = None) -> None: ...


class Guard:
    """One lock for all processes; a process may enter it again."""

    def __init__(self, context: SpawnContext) -> None:
        self.lock = context.RLock()

    def enter(self) -> None:
        self.lock.acquire()

    def leave(self, *_: object) -> None:
        self.lock.release()

    def read(self, function: Callable[[], T]) -> T:
        with self.lock:
            return function()

    def each(self, items: Iterable[object]) -> Iterator[object]:
        """The items, each read under the lock."""
        return each_under(self.lock, items)

    def release(self, place: Taken, *_: object) -> None:
        with self.lock:
            place.release()

    # What follows returns with the lock held (`enter`), or raises with it free.

    def take(self, place: Taken, blocking: bool = True, timeout: float | None = None) -> bool:
        """`acquire`."""
        kind: WaitKind = "semaphore" if hasattr(place, "_value") else "lock"
        return self._until(kind, place.lock_place, lambda: place.acquire(False), timeout if blocking else 0)

    def get(self, place: Items, block: bool = True, timeout: float | None = None) -> object:
        found: list[object] = []

        def attempt() -> bool:
            try:
                found.append(place.get(False))
            except queue.Empty:
                return False
            return True

        if self._until("item", place.place, attempt, timeout if block else 0):
            return found[0]
        self.leave()
        raise queue.Empty

    def put(self, place: Items, item: object, block: bool = True, timeout: float | None = None) -> None:
        def attempt() -> bool:
            try:
                place.put(item, False)
            except queue.Full:
                return False
            return True

        if not self._until("room", place.place, attempt, timeout if block else 0):
            self.leave()
            raise queue.Full

    def wait(self, test: Callable[[], object], timeout: float | None = None) -> None:
        """`await`: returns when the test holds, with the lock held since then."""
        if not self._until("await", 0, lambda: bool(test()), timeout):
            self.leave()
            raise TimeoutError

    def _until(self, kind: WaitKind, place: int, attempt: Callable[[], bool], seconds: float | None) -> bool:
        """Whether it was done within the time; tried until then; with the lock held."""
        if self._done(attempt):
            return True
        end = None if seconds is None else time.monotonic() + seconds
        if end is not None and time.monotonic() >= end:
            return False
        self.leave()
        own, pause = here(), _SHORTEST
        own.wait(kind, place, timed=end is not None, polled=True)
        try:
            while True:
                time.sleep(pause)
                pause = min(pause * 1.5, _LONGEST)
                if self._done(attempt):
                    return True
                if end is not None and time.monotonic() >= end:
                    return False
                self.leave()
                own.slots.poll(own.me)
        finally:
            own.go_on()

    def _done(self, attempt: Callable[[], bool]) -> bool:
        """One try, under the lock, which is kept unless it raises."""
        self.enter()
        try:
            return attempt()
        except BaseException:
            self.leave()
            raise
