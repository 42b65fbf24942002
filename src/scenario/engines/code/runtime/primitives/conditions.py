"""Condition, Event and Semaphore: who is queued is known here, values and flags are those of the real objects.

The steps are those of scenarios: `wait` of a condition gives the lock free and queues up, then takes the lock back; a
notification may pick any waiter; `set` lets go all that are queued, and a later `clear` does not call them back.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import comb
from threading import Condition, Event, Semaphore

from scenario.engines.code.privates import lock_of, value_of
from scenario.engines.code.runtime.here import Here, within
from scenario.engines.code.runtime.primitives.locks import (
    acquire,
    can_take,
    give_all,
    hold_of,
    is_held,
    owns,
    release,
    take,
)


class Waiter:
    """A queued thread."""

    __slots__ = ("woken",)

    def __init__(self) -> None:
        self.woken = False

    def wake(self) -> None:
        """It may go on."""
        self.woken = True


class Waiters:
    """Those that are queued, the longest waiting first."""

    __slots__ = ("queued",)

    def __init__(self) -> None:
        self.queued: list[Waiter] = []

    def asleep(self) -> list[Waiter]:
        """Those that nobody has woken."""
        return [each for each in self.queued if not each.woken]

    def queue(self) -> Waiter:
        """One more."""
        waiter = Waiter()
        self.queued.append(waiter)
        return waiter

    def wake_all(self) -> None:
        """All that are queued now."""
        for waiter in self.queued:
            waiter.wake()


def condition_enter(here: Here, condition: Condition) -> bool:
    """`Condition.__enter__`."""
    return acquire(here, lock_of(condition))


def condition_exit(here: Here, condition: Condition, *_error: object) -> None:
    """`Condition.__exit__`."""
    release(here, lock_of(condition))


def condition_wait(here: Here, condition: Condition, timeout: float | None = None) -> bool:
    """`Condition.wait`."""
    lock = lock_of(condition)
    if not owns(here, lock):
        raise RuntimeError("cannot wait on un-acquired lock")
    waiters = here.shadow(condition, Waiters)
    here.step("waits", condition, lock, frees=lock, held=lambda: is_held(here, lock))
    waiter, levels = waiters.queue(), give_all(here, lock)
    here.step(
        "is notified",
        condition,
        lock,
        ready=lambda: waiter.woken and can_take(here, lock),
        timed=None if timeout is None else lambda: not waiter.woken,
        takes=lock if timeout is None else None,
        holders=lambda: hold_of(here, lock).names() if waiter.woken else (),
    )
    late = here.timed_out(timeout)
    if late:
        here.step("takes back", condition, lock, ready=lambda: can_take(here, lock), takes=lock)
    waiters.queued.remove(waiter)
    take(here, lock, levels)
    return not late


def wait_for(here: Here, condition: Condition, predicate: Callable[[], object], timeout: float | None = None) -> object:
    """`Condition.wait_for`: a predicate of the code's own takes its steps."""
    until = None if timeout is None else here.world.now + timeout
    result = predicate()
    while not result:
        left = None if until is None else until - here.world.now
        if left is not None and left <= 0:
            break
        condition_wait(here, condition, left)
        result = predicate()
    return result


def notify(here: Here, condition: Condition, n: int = 1) -> None:
    """`Condition.notify`: any `n` of those that wait."""
    if not owns(here, lock_of(condition)):
        raise RuntimeError("cannot notify on un-acquired lock")
    waiters = here.shadow(condition, Waiters)
    way = here.step("notifies", condition, ways=lambda: comb(len(asleep := waiters.asleep()), min(n, len(asleep))))
    asleep = waiters.asleep()
    for position, chosen in enumerate(combinations(asleep, min(n, len(asleep)))):
        if position == way:
            for waiter in chosen:
                waiter.wake()


def notify_all(here: Here, condition: Condition) -> None:
    """`Condition.notify_all`."""
    if not owns(here, lock_of(condition)):
        raise RuntimeError("cannot notify on un-acquired lock")
    here.step("notifies all", condition)
    here.shadow(condition, Waiters).wake_all()


def event_wait(here: Here, event: Event, timeout: float | None = None) -> bool:
    """`Event.wait`."""
    here.step("waits", event)
    if event.is_set():
        return True
    waiters = here.shadow(event, Waiters)
    waiter = waiters.queue()
    here.step("is set", event, ready=lambda: waiter.woken, timed=within(timeout))
    waiters.queued.remove(waiter)
    return not here.timed_out(timeout)


def event_set(here: Here, event: Event) -> None:
    """`Event.set`."""
    here.step("sets", event)
    event.set()
    here.shadow(event, Waiters).wake_all()


def event_clear(here: Here, event: Event) -> None:
    """`Event.clear`."""
    here.step("clears", event)
    event.clear()


def is_set(here: Here, event: Event) -> bool:
    """`Event.is_set`."""
    here.step("asks", reads=(event,))
    return event.is_set()


def semaphore_acquire(here: Here, semaphore: Semaphore, blocking: bool = True, timeout: float | None = None) -> bool:
    """`Semaphore.acquire`."""
    if not blocking and timeout is not None:
        raise ValueError("can't specify timeout for non-blocking acquire")
    if not blocking:
        here.step("tries", semaphore)
        return semaphore.acquire(blocking=False)
    here.step("acquires", semaphore, ready=lambda: value_of(semaphore) > 0, timed=within(timeout))
    return not here.timed_out(timeout) and semaphore.acquire(blocking=False)


def semaphore_release(here: Here, semaphore: Semaphore, n: int = 1) -> None:
    """`Semaphore.release`, and that of a bounded one, which raises ValueError."""
    here.step("releases", semaphore)
    semaphore.release(n)


def semaphore_exit(here: Here, semaphore: Semaphore, *_error: object) -> None:
    """`Semaphore.__exit__`."""
    semaphore_release(here, semaphore)


class Entered:
    """A semaphore in a `with`."""

    __slots__ = ("_here", "_semaphore")

    def __init__(self, here: Here, semaphore: Semaphore) -> None:
        self._here, self._semaphore = here, semaphore

    def __enter__(self) -> bool:
        return semaphore_acquire(self._here, self._semaphore)

    def __exit__(self, *error: object) -> None:
        semaphore_release(self._here, self._semaphore)
