"""The hidden lock: steps that `atomic`, `await`, `always` and `reachable` must see whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any

from scenario.engines.threads.refusals import ask_acquire, ask_queue, ask_wait

if TYPE_CHECKING:
    from scenario.engines.threads.actors import Actor
    from scenario.engines.threads.footprint import Check

_END = object()
_SHORTEST, _LONGEST = 0.00002, 0.002


class Guard:
    """One lock a run, never held while a thread is blocked.

    What may block is tried under it, and tried again later; `pause` passes the time between two tries. `check` runs one claim.
    """

    def __init__(self, pause: Callable[[float], None], check: Callable[[Check, Actor, int], None]) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._pending: dict[Check, None] = {}
        self._pause = pause
        self._check = check

    def enter(self) -> None:
        self._lock.acquire()
        self._depth += 1

    def leave(self, checks: tuple[Check, ...], me: Actor, line: int) -> None:
        """Ends a step; the checks are made when the outermost step ends."""
        try:
            if self._depth > 1:
                self._pending.update(dict.fromkeys(checks))
            elif checks or self._pending:
                due = [*self._pending, *(check for check in checks if check not in self._pending)]
                self._pending.clear()
                for check in due:
                    self._check(check, me, line)
        finally:
            self._depth -= 1
            self._lock.release()

    def read(self, function: Callable[[], Any]) -> Any:
        with self._lock:
            return function()

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items, each read under the lock."""
        iterator = iter(items)
        while True:
            with self._lock:
                item = next(iterator, _END)
            if item is _END:
                return
            yield item

    # What follows returns with the lock held by the calling thread (`enter`), or raises with it free.

    def take(self, lock: Any, blocking: Any = True, **limit: Any) -> bool:
        """`lock.acquire(...)`; `limit`: its timeout, if the file gives one."""
        if limit or blocking is not True:
            ask_acquire(lock, blocking, **limit)
        timeout = limit.get("timeout")
        endless = timeout == -1 and not isinstance(lock, threading.Semaphore)
        end = None if endless else _end(timeout)
        wait = _SHORTEST
        while True:
            self.enter()
            if self._tried(lambda: lock.acquire(False)):
                return True
            if not blocking or (end is not None and monotonic() >= end):
                return False
            self._out()
            ask_wait(timeout)
            self._pause(wait)
            wait = min(wait * 2, _LONGEST)

    def get(self, queue: Any, block: Any = True, timeout: float | None = None) -> Any:
        """`queue.get(...)`."""
        if timeout is not None:
            ask_queue(queue, "get", block, timeout)
        return self.when(queue.get_nowait, "Empty", block, timeout)

    def put(self, queue: Any, item: Any, block: Any = True, timeout: float | None = None) -> None:
        """`queue.put(item, ...)`."""
        if timeout is not None:
            ask_queue(queue, "put", block, timeout)
        self.when(lambda: queue.put_nowait(item), "Full", block, timeout)

    def when(self, attempt: Callable[[], Any], refusal: str, block: Any, timeout: float | None) -> Any:
        end = _end(timeout)
        wait = _SHORTEST
        while True:
            self.enter()
            try:
                return attempt()
            except Exception as error:
                self._out()
                if type(error).__name__ != refusal or not block or (end is not None and monotonic() >= end):
                    raise
            except BaseException:
                self._out()
                raise
            ask_wait(timeout)
            self._pause(wait)
            wait = min(wait * 2, _LONGEST)

    def wait(self, test: Callable[[], Any], timeout: float | None = None) -> None:
        """`await`: returns when the test holds, with the lock held since then."""
        end = None if timeout is None else monotonic() + timeout
        wait = _SHORTEST
        while True:
            self.enter()
            if self._tried(test):
                return
            self._out()
            if end is not None and monotonic() >= end:
                raise TimeoutError
            self._pause(wait)
            wait = min(wait * 2, _LONGEST)

    def _tried(self, attempt: Callable[[], Any]) -> Any:
        try:
            return attempt()
        except BaseException:
            self._out()
            raise

    def _out(self) -> None:
        self._depth -= 1
        self._lock.release()


def _end(timeout: Any) -> float | None:
    """When a wait is over; None: never, or it is refused once it has to be waited."""
    return monotonic() + timeout if isinstance(timeout, int | float) else None


POLLS = {
    Guard.take.__code__: "lock",
    Guard.when.__code__: "queue",
    Guard.wait.__code__: "await",
}
"""The functions in which a thread waits by trying again."""
