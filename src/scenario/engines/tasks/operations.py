"""What emitted coroutines await: asyncio's own operations, with who waits for what noted while it lasts.

`blocking`, `timeout` and `block` mean what they mean on threads. A timeout is `asyncio.timeout` around the operation, so that it
is over as CPython's cancellation of a waiter has it: a lock or item that came in the same round may be had or not. What
need not wait does not suspend, and is tried without the loop: the coroutine is sent on once, and closed if it would wait.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TypeAlias, TypeVar

from scenario.engines.tasks.actors import Actor, Waiting
from scenario.engines.tasks.answers import Answer, Answers
from scenario.engines.tasks.objects import SHUT, Barrier, as_elsewhere, exception_class, lock_of
from scenario.program.bounded.sets import Set
from scenario.real.takers import Takers
from scenario.results.waiting import WaitKind

T = TypeVar("T")
Taken: TypeAlias = asyncio.Lock | asyncio.Semaphore | asyncio.Condition
Items: TypeAlias = "asyncio.Queue[object]"
_REFUSED = object()


@contextmanager
def noted(me: Actor, kind: WaitKind, place: object, line: int, limit: object = None, needs: int = 1) -> Iterator[None]:
    """What the task waits for meanwhile."""
    waiting = Waiting(kind, place, line, limit is not None, needs)
    me.waiting.append(waiting)
    try:
        yield
    finally:
        me.waiting.pop()  # a task is in one operation at a time, or in one within another


def at_once(operation: Coroutine[object, None, T]) -> T | object:
    """What the operation gives if it does not have to wait; it is given up otherwise."""
    try:
        operation.send(None)
    except StopIteration as done:
        found: T = done.value
        return found
    operation.close()
    return _REFUSED


async def within(seconds: float | None, operation: Coroutine[object, None, T]) -> T:
    """The operation, for so long at most. Raises TimeoutError."""
    if seconds is None:
        return await operation
    try:
        limit = asyncio.timeout(seconds)  # a local: what a search compares has to be seen
        async with limit:
            return await operation
    finally:
        operation.close()  # it never began where the loop is gone: a `finally` of a task that was left


class Operations:
    """One run's: `holds` says who has what."""

    def __init__(self, holds: Takers[Actor, int]) -> None:
        self._holds = holds

    async def sleep(self, me: Actor, line: int, seconds: float) -> None:
        with noted(me, "sleep", None, line, seconds):
            await asyncio.sleep(seconds)

    # --- locks, semaphores, conditions ------------------------------------------------------------------

    async def acquire(
        self, me: Actor, line: int, place: Taken, blocking: object = True, limit: float | None = None
    ) -> bool:
        if blocking is True and limit is None:  # what most do, as quickly as it can be told who waits
            me.waiting.append(Waiting("semaphore" if isinstance(place, asyncio.Semaphore) else "lock", place, line))
            try:
                taken: bool = await place.acquire()
            finally:
                me.waiting.pop()
        elif not blocking:
            if limit is not None and limit != -1:
                raise ValueError("can't specify a timeout for a non-blocking call")
            taken = at_once(place.acquire()) is not _REFUSED
        else:
            taken = await self._acquire(me, line, place, limit)
        if taken:
            self._holds.take(lock_of(place), (me, line))
        return taken

    async def _acquire(self, me: Actor, line: int, place: Taken, limit: float | None) -> bool:
        semaphore = isinstance(place, asyncio.Semaphore)
        limit = None if limit == -1 and not semaphore else limit
        with noted(me, "semaphore" if semaphore else "lock", place, line, limit):
            try:
                await within(limit, place.acquire())
            except TimeoutError:
                return False
        return True

    def release(self, me: Actor, place: Taken, n: int = 1) -> None:
        if n < 1:
            raise ValueError("n must be one or more")
        for _ in range(n):
            place.release()
            self._holds.give_back(lock_of(place), me)

    async def wait_condition(self, me: Actor, line: int, place: asyncio.Condition, limit: float | None = None) -> bool:
        with self._lent(me, place), noted(me, "condition", place, line, limit):
            try:
                await within(limit, place.wait())
            except TimeoutError:
                return False
        return True

    async def wait_for(
        self, me: Actor, line: int, place: asyncio.Condition, until: Callable[[], object], limit: float | None = None
    ) -> object:
        with self._lent(me, place), noted(me, "condition", place, line, limit):
            try:
                return await within(limit, place.wait_for(until))
            except TimeoutError:
                return until()

    @contextmanager
    def _lent(self, me: Actor, place: asyncio.Condition) -> Iterator[None]:
        """A condition's lock is nobody's while its owner waits, and the owner's again afterwards, however the wait ends."""
        lock = lock_of(place)
        is_own = any(who is me for who, _ in self._holds.of(lock))
        given = self._holds.give_back(lock, me) if is_own else []
        try:
            yield
        finally:
            self._holds.take(lock, *given)

    # --- events, barriers -------------------------------------------------------------------------------

    async def wait_event(self, me: Actor, line: int, place: asyncio.Event, limit: float | None = None) -> bool:
        with noted(me, "event", place, line, limit):
            try:
                return await within(limit, place.wait())
            except TimeoutError:
                return False

    async def wait_barrier(self, me: Actor, line: int, place: Barrier, limit: float | None = None) -> int:
        limit = place.timeout if limit is None else limit
        with noted(me, "barrier", place, line, limit):
            try:
                return await within(limit, place.wait())
            except TimeoutError:
                await place.abort()  # who gives up breaks it, as on threads
                raise asyncio.BrokenBarrierError from None

    async def abort(self, me: Actor, line: int, place: asyncio.Barrier) -> None:
        with noted(me, "barrier", place, line):
            await place.abort()

    async def reset(self, me: Actor, line: int, place: asyncio.Barrier) -> None:
        with noted(me, "barrier", place, line):
            await place.reset()

    # --- queues -----------------------------------------------------------------------------------------

    async def put(
        self, me: Actor, line: int, place: Items, item: object, block: object = True, limit: float | None = None
    ) -> None:
        try:
            if not block:
                place.put_nowait(item)
                return
            with noted(me, "room", place, line, limit):
                await within(_not_negative(limit), place.put(item))
        except TimeoutError:
            raise queue.Full from None
        except (asyncio.QueueFull, SHUT) as error:
            raise as_elsewhere(error) from None

    async def get(self, me: Actor, line: int, place: Items, block: object = True, limit: float | None = None) -> object:
        try:
            if not block:
                return place.get_nowait()
            with noted(me, "item", place, line, limit):
                return await within(_not_negative(limit), place.get())
        except TimeoutError:
            raise queue.Empty from None
        except (asyncio.QueueEmpty, SHUT) as error:
            raise as_elsewhere(error) from None

    async def join_queue(self, me: Actor, line: int, place: Items) -> None:
        with noted(me, "tasks", place, line):
            await place.join()

    # --- tasks, futures ---------------------------------------------------------------------------------

    async def join(self, me: Actor, line: int, thread: Actor, limit: float | None = None) -> None:
        """Waits for its end, whatever that is; what is cancelled here is not cancelled there."""
        if not thread.started:
            raise RuntimeError("cannot join thread before it is started")
        if thread is me:
            raise RuntimeError("cannot join current thread")
        if thread.ended:
            return
        with noted(me, "thread", thread, line, limit):
            end = thread.over
            assert end is not None, "it has been started"
            await asyncio.wait((end,), timeout=limit)

    async def result(self, me: Actor, line: int, future: Answer, limit: float | None = None) -> object:
        if future.done():
            return future.result()
        with noted(me, "future", (future,), line, limit):
            if limit is None:
                return await future
            done, _ = await asyncio.wait((future,), timeout=limit)  # which leaves it pending, as elsewhere
            if not done:
                raise TimeoutError
            return future.result()

    async def wait_futures(
        self,
        me: Actor,
        line: int,
        futures: Iterable[Answer],
        limit: float | None = None,
        return_when: str = "ALL_COMPLETED",
    ) -> object:
        given = list(futures)
        needs = len(given) if return_when == "ALL_COMPLETED" else 1
        with noted(me, "futures", tuple(given), line, limit, needs):
            found = await asyncio.wait(given, timeout=limit, return_when=return_when)
        return tuple(map(Set, found))

    async def comes(self, me: Actor, line: int, answers: Answers) -> bool:
        """Waits until one more of them is done; False where all have been given out."""
        if not answers.left:
            return False
        with noted(me, "futures", tuple(answers.pending), line, answers.limit):
            await answers.next()
        return True


class Limited:
    """`{timeout: …, do: …}`: `asyncio.timeout` around a block."""

    def __init__(self, me: Actor, seconds: float | None) -> None:
        self._me = me
        self._is_limited = seconds is not None
        self.limit = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        self._me.bound(self._is_limited)
        await self.limit.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._me.bound(-self._is_limited)
        await self.limit.__aexit__(kind, error, traceback)  # which swallows nothing: it raises TimeoutError instead


def exception(future: asyncio.Future[object]) -> BaseException | None:
    """`fut.exception()`, which never waits: TimeoutError where it is not done."""
    if not future.done():
        raise TimeoutError
    if future.cancelled():
        raise exception_class("CancelledError")
    return future.exception()


def _not_negative(limit: float | None) -> float | None:
    if limit is not None and limit < 0:
        raise ValueError("'timeout' must be a non-negative number")
    return limit
