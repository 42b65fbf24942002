"""The hidden lock: steps that `atomic`, `await`, `always` and `reachable` must see whole."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from scenario.interpreter.refusals import ask_acquire, ask_queue, ask_wait
from scenario.program.exceptions import unset_local
from scenario.real.functions import each_under
from scenario.record import record

if TYPE_CHECKING:
    from scenario.engines.threads.actors import Actor
    from scenario.real.footprint import Check

_REFUSED = object()
_SHORTEST, _LONGEST = 0.00002, 0.002


@record
class Poll:
    """What a thread tries again and again: to take a lock or a semaphore's place, to get, to put, to see a test hold.

    `place` is the object, or the test. `timed`: it ends by itself.
    """

    kind: Literal["lock", "semaphore", "item", "room", "await"]
    place: object
    timed: bool


def _evaluated(function: Callable[[], object]) -> object:
    """What an expression of a thread gives. That a function of ours reads it makes its unset locals no others."""
    try:
        return function()
    except NameError as error:
        inner = error.__traceback__ and error.__traceback__.tb_next
        if type(error) is NameError and inner and inner.tb_next is None:
            raise UnboundLocalError(unset_local(error.name or "")) from None
        raise


class Guard:
    """One lock a run, never held while a thread is blocked.

    What may block is tried under it, and tried again later; `pause` passes the time between two tries. `check` runs one claim.
    `polls` says, by thread ident, who was refused and tries again; it is written under the lock alone. So whoever has the
    lock knows of each of these threads that it is not in the middle of a try, and that its next one will be refused if and
    only if it would be now.
    """

    def __init__(self, pause: Callable[[float], None], check: Callable[[Check, Actor, int], None]) -> None:
        self.polls: dict[int, Poll] = {}
        self._lock = threading.RLock()
        self._depth = 0
        self._owner = 0
        self._pending: dict[Check, None] = {}
        self._pause = pause
        self._check = check

    @contextmanager
    def still(self, seconds: float) -> Iterator[bool]:
        """No step is under way while it lasts; False where one takes longer than that."""
        got = self._lock.acquire(timeout=seconds)
        try:
            yield got
        finally:
            if got:
                self._lock.release()

    def is_held(self) -> bool:
        """Whether the calling thread is in the middle of a step of its own."""
        return self._owner == threading.get_ident()

    def enter(self) -> None:
        self._lock.acquire()
        self._owner = threading.get_ident()
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
            self._out()

    def read(self, function: Callable[[], object]) -> object:
        with self._lock:
            return _evaluated(function)

    def each(self, items: Iterable[object]) -> Iterator[object]:
        """The items, each read under the lock."""
        return each_under(self._lock, items)

    # What follows returns with the lock held by the calling thread (`enter`), or raises with it free.

    def take(self, lock: Any, blocking: object = True, **limit: object) -> bool:
        """`lock.acquire(...)`; `limit`: its timeout, if the file gives one."""
        if limit or blocking is not True:
            ask_acquire(lock, blocking, **limit)
        is_semaphore = isinstance(lock, threading.Semaphore)
        timeout = limit.get("timeout")
        end = None if timeout == -1 and not is_semaphore else _end(timeout)
        poll = Poll("semaphore" if is_semaphore else "lock", lock, end is not None)
        found = self._until(poll, lambda: lock.acquire(False) or _REFUSED, blocking, timeout, end)
        return found is not _REFUSED

    def get(self, place: Any, block: object = True, timeout: float | None = None) -> object:
        """`queue.get(...)`."""
        return self._queue("get", place, place.get_nowait, block, timeout)

    def put(self, place: Any, item: object, block: object = True, timeout: float | None = None) -> None:
        """`queue.put(item, ...)`."""
        self._queue("put", place, lambda: place.put_nowait(item), block, timeout)

    def _queue(
        self,
        kind: Literal["get", "put"],
        place: object,
        call: Callable[[], object],
        block: object,
        timeout: float | None,
    ) -> object:
        if timeout is not None:
            ask_queue(place, kind, block, timeout)
        end, refusal = _end(timeout), queue.Empty if kind == "get" else queue.Full

        def attempt() -> object:
            try:
                return call()
            except refusal:
                return _REFUSED

        found = self._until(
            Poll("item" if kind == "get" else "room", place, end is not None), attempt, block, timeout, end
        )
        if found is _REFUSED:
            self._out()
            raise refusal
        return found

    def wait(self, test: Callable[[], object], timeout: float | None = None) -> None:
        """`await`: returns when the test holds, with the lock held since then."""
        end = None if timeout is None else timeout + monotonic()
        poll = Poll("await", test, end is not None)
        if self._until(poll, lambda: _evaluated(test) or _REFUSED, True, None, end) is _REFUSED:
            self._out()
            raise TimeoutError

    def _until(
        self, poll: Poll, attempt: Callable[[], object], blocking: object, timeout: object, end: float | None
    ) -> object:
        """What the attempt gives, tried until it is not refused, or until its time is over; with the lock held."""
        me, wait = threading.get_ident(), _SHORTEST
        while True:
            self.enter()
            try:
                found = attempt()
                over = found is not _REFUSED or not blocking or (end is not None and monotonic() >= end)
                if not over:
                    ask_wait(timeout)
            except BaseException:
                self.polls.pop(me, None)
                self._out()
                raise
            if over:
                self.polls.pop(me, None)
                return found
            self.polls[me] = poll
            self._out()
            self._pause(wait)
            wait = min(wait * 2, _LONGEST)

    def _out(self) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = 0
        self._lock.release()


def _end(timeout: object) -> float | None:
    """When a wait is over; None: never, or it is refused once it has to be waited."""
    return monotonic() + timeout if isinstance(timeout, int | float) else None
