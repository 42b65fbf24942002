"""Lock and RLock: the real objects, asked before they are taken, so that taking them never blocks.

An RLock's owner is a real thread, and greenlets share one. So who owns it is known here, and the real object is taken as
well only where each thread is real.
"""

from __future__ import annotations

from functools import partial
from threading import Lock, RLock
from typing import Protocol, TypeGuard, cast

from scenario.engines.code.actors import Actor
from scenario.engines.code.places import Place
from scenario.engines.code.privates import LockLike, is_taken
from scenario.engines.code.runtime.here import Here, within

LOCK, RLOCK = type(Lock()), type(RLock())


class Lockable(LockLike, Protocol):
    """A Lock: what an RLock is not asked before Python 3.14."""

    def locked(self) -> bool: ...


class Hold:
    """Who holds a lock in this execution, how often, since where."""

    __slots__ = ("_before", "count", "holder", "since")

    def __init__(self) -> None:
        self.holder: Actor | None = None
        self.count = 0
        self.since: Place | None = None
        self._before: bool | None = None

    def is_free(self, lock: LockLike) -> bool:
        """Whether nobody has the RLock: none of the threads, nor who had taken it before they began, as `setup` may."""
        if self._before is None:  # it is asked before any of them takes it
            self._before = is_taken(lock)
        return self.holder is None and not self._before

    def take(self, here: Here, count: int) -> None:
        """So many levels more, by the thread that is here."""
        if self.holder is here.actor:
            self.count += count
        else:
            self.holder, self.count, self.since = here.actor, count, here.place

    def give(self) -> None:
        """One level fewer."""
        self.count -= 1
        if self.count <= 0:
            self.holder, self.count = None, 0

    def names(self) -> tuple[str, ...]:
        """The holder and where it took the lock, if somebody holds it."""
        if self.holder is None or self.since is None:
            return ()
        return (self.holder.name, self.since.name)


def is_lock(value: object) -> TypeGuard[LockLike]:
    """Whether a value is a Lock or an RLock."""
    return type(value) in (LOCK, RLOCK)


def hold_of(here: Here, lock: object) -> Hold:
    """Who holds it."""
    return here.shadow(lock, Hold)


def can_take(here: Here, lock: LockLike) -> bool:
    """Whether the thread that is here would get it."""
    if type(lock) is RLOCK:
        hold = hold_of(here, lock)
        return hold.holder is here.actor or hold.is_free(lock)
    return not cast("Lockable", lock).locked()


def _is_outermost(here: Here, lock: LockLike, levels: int) -> bool:
    """Whether it is taken or given free: not so where a thread has more levels of an RLock."""
    if type(lock) is LOCK:
        return True
    hold = hold_of(here, lock)
    return hold.holder is not here.actor or hold.count <= levels


def is_held(here: Here, lock: LockLike) -> bool:
    """Whether anybody has it."""
    return not hold_of(here, lock).is_free(lock) if type(lock) is RLOCK else cast("Lockable", lock).locked()


def acquire(here: Here, lock: LockLike, blocking: bool = True, timeout: float = -1) -> bool:
    """`acquire` of both."""
    if (not blocking and timeout != -1) or (timeout < 0 and timeout != -1):
        return lock.acquire(blocking, timeout)  # raises ValueError
    if not blocking:
        here.step("tries", lock)
        return take(here, lock)
    here.step(
        "acquires",
        lock,
        ready=partial(can_take, here, lock),
        timed=within(None if timeout == -1 else timeout),
        takes=lock if _is_outermost(here, lock, 0) else None,
        holders=hold_of(here, lock).names,
    )
    return not here.timed_out(timeout) and take(here, lock)


def take(here: Here, lock: LockLike, count: int = 1) -> bool:
    """Takes it if that is possible now."""
    if not can_take(here, lock):
        return False
    if type(lock) is LOCK or here.world.carrier.real:
        for _ in range(count):
            lock.acquire(blocking=False)
    hold_of(here, lock).take(here, count)
    return True


def release(here: Here, lock: LockLike) -> None:
    """`release` of both."""
    frees = lock if _is_outermost(here, lock, 1) else None
    here.step("releases", lock, frees=frees, held=partial(is_held, here, lock))
    give(here, lock)


def leave(here: Here, lock: LockLike, *_error: object) -> None:
    """`__exit__` of both."""
    release(here, lock)


def give(here: Here, lock: LockLike) -> None:
    """One level of it. Raises RuntimeError as the real one does."""
    hold = hold_of(here, lock)
    if type(lock) is RLOCK:
        if hold.holder is not here.actor:
            raise RuntimeError("cannot release un-acquired lock")
        if here.world.carrier.real:
            lock.release()
    else:
        lock.release()
    hold.give()


def owns(here: Here, lock: LockLike) -> bool:
    """As a condition asks: of a Lock, whether anybody holds it."""
    if type(lock) is RLOCK:
        return hold_of(here, lock).holder is here.actor
    return not can_take(here, lock)


def give_all(here: Here, lock: LockLike) -> int:
    """All levels; returns how many they were."""
    levels = hold_of(here, lock).count if type(lock) is RLOCK else 1
    for _ in range(levels):
        give(here, lock)
    return levels


def locked(here: Here, lock: LockLike) -> bool:
    """`locked`; of an RLock from Python 3.14 on."""
    here.step("asks", reads=(lock,))
    return is_held(here, lock)


class Held:
    """A lock, condition or semaphore in a `with`: taken and given free by their own handlers.

    While a thread is unwound because the execution is over, what it holds is given free without a step.
    """

    __slots__ = ("_enter", "_exit", "_here", "_lock")

    def __init__(self, here: Here, lock: LockLike) -> None:
        self._here, self._lock = here, lock

    def __enter__(self) -> bool:
        return acquire(self._here, self._lock)

    def __exit__(self, *error: object) -> None:
        if not self._here.world.closing:
            release(self._here, self._lock)
        elif hold_of(self._here, self._lock).holder is self._here.actor:
            give(self._here, self._lock)
