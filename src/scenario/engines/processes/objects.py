"""multiprocessing's own primitives, which tell where their process stands while they wait, and who has them.

Each is the real class; what it does is done by CPython's code. `place` is its number in the slots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import synchronize
from types import TracebackType
from typing import ClassVar, Protocol, Self

from scenario.engines.processes.slots import here
from scenario.results.waiting import WaitKind


class _System(Protocol):
    """The system's semaphore, which each of these is made of."""

    def acquire(self, block: bool = True, timeout: float | None = None, /) -> bool: ...
    def release(self) -> None: ...
    def _is_zero(self) -> bool: ...
    def _is_mine(self) -> bool: ...
    def _count(self) -> int: ...
    def _get_value(self) -> int: ...


@contextmanager
def noted(kind: WaitKind, place: int, timeout: object = None) -> Iterator[None]:
    """What this process waits for meanwhile."""
    own = here()
    own.wait(kind, place, timed=timeout is not None)
    try:
        yield
    finally:
        own.go_on()


class Placed:
    """One of them. `lock_place` is that of the lock under a condition, else its own."""

    place = 0

    def at(self, place: int) -> Self:
        """It has this number, in every process."""
        vars(self)["place"] = place
        return self

    @property
    def lock_place(self) -> int:
        return self.place


class _Taken(Placed):
    """What locks and semaphores share: CPython gives each object the methods of its semaphore; here they stand in the class."""

    kind: ClassVar[WaitKind] = "lock"
    _semlock: _System

    def _make_methods(self) -> None:
        """None."""

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """As there, where `blocking` is called `block`."""
        if not self._semlock.acquire(False):
            if not blocking:
                return False
            with noted("relock" if here().is_inside("condition") else self.kind, self.place, timeout):
                if not self._semlock.acquire(True, timeout):
                    return False
        self._has_taken()
        return True

    def release(self) -> None:
        self._gives_back()
        self._semlock.release()

    def _has_taken(self) -> None:
        here().slots.take(here().me, self.place, here().line())

    def _gives_back(self) -> None:
        here().slots.give_back(self.place)

    def locked(self) -> bool:
        """As from 3.14 on."""
        return self._semlock._is_zero()


class Lock(_Taken, synchronize.Lock):
    """multiprocessing.Lock."""


class RLock(_Taken, synchronize.RLock):
    """multiprocessing.RLock: its first acquire and its last release say who has it."""

    def _has_taken(self) -> None:
        if self._semlock._count() == 1:
            super()._has_taken()

    def _gives_back(self) -> None:
        if self._semlock._is_mine() and self._semlock._count() == 1:
            super()._gives_back()


class _Places(_Taken):
    """A semaphore: several may have it."""

    kind = "semaphore"

    def _has_taken(self) -> None:
        here().slots.take_one(here().me, self.place, here().line())

    def _gives_back(self) -> None:
        here().slots.give_one(here().me, self.place)

    @property
    def _value(self) -> int:
        return self._semlock._get_value()


class Semaphore(_Places, synchronize.Semaphore):
    """multiprocessing.Semaphore."""


class BoundedSemaphore(_Places, synchronize.BoundedSemaphore):
    """multiprocessing.BoundedSemaphore."""


class Condition(Placed, synchronize.Condition):
    """multiprocessing.Condition. Its lock is one of ours, and says itself who has it and who wants it back."""

    _lock: _Taken

    @property
    def lock_place(self) -> int:
        return self._lock.place

    def wait(self, timeout: float | None = None) -> bool:
        with noted("condition", self.place, timeout):
            return super().wait(timeout)

    def notify(self, n: int = 1) -> None:
        """CPython waits until those that it has woken have taken their notification: one that was killed never does."""
        with noted("woken", self.place):
            super().notify(n)

    def locked(self) -> bool:
        return self._lock.locked()

    def has(self, lock: object) -> bool:
        """Whether it is its lock."""
        return lock is self._lock

    def place_lock(self, place: int) -> None:
        self._lock.at(place)


class Event(Placed, synchronize.Event):
    """multiprocessing.Event."""

    def wait(self, timeout: float | None = None) -> bool:
        with noted("event", self.place, timeout):
            return super().wait(timeout)

    def set(self) -> None:
        with noted("woken", self.place):
            super().set()


class Barrier(Placed, synchronize.Barrier):
    """multiprocessing.Barrier."""

    _timeout: float | None

    def wait(self, timeout: float | None = None) -> int:
        with noted("barrier", self.place, self._timeout if timeout is None else timeout):
            return super().wait(timeout)


class Action:
    """A barrier's action: the routine of that name, in the process that comes last."""

    def __init__(self, routine: str) -> None:
        self._routine = routine

    def __call__(self) -> None:
        outer = here().acts()
        try:
            _routines[self._routine]()
        finally:
            here().acted(outer)


_routines: dict[str, Callable[[], object]] = {}


def acting(routines: Mapping[str, Callable[[], object]]) -> None:
    """What actions run in this process."""
    _routines.clear()
    _routines.update(routines)
