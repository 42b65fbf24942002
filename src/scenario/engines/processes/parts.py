"""What every process of a run is given: the program once, and all that they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.context import SpawnContext
from multiprocessing.managers import BaseProxy

from scenario.engines.processes.guard import Guard
from scenario.engines.processes.recording import Recording
from scenario.engines.processes.reports import Reports
from scenario.engines.processes.slots import Slots
from scenario.engines.processes.store import Store
from scenario.program.program import Program
from scenario.record import record

_PATIENCE = 1.0
"""Seconds for one of our locks, which are held for microseconds."""


class StartLine:
    """Where all processes wait until all are there: a default `main` starts them, and nobody can tell which was first.

    `is_shut`: whether they wait at all.
    """

    def __init__(self, context: SpawnContext, *, is_shut: bool) -> None:
        self._arrived = context.Semaphore(0)
        self._open = context.Semaphore(0)
        self._is_shut = is_shut

    def cross(self) -> None:
        """A process is there; it goes on when the line is open."""
        if self._is_shut:
            self._arrived.release()
            self._open.acquire()

    def is_reached(self, timeout: float) -> bool:
        """Whether one more has come meanwhile."""
        return self._arrived.acquire(True, timeout)

    def open(self, count: int) -> None:
        """All go at once."""
        for _ in range(count):
            self._open.release()


@record
class Parts:
    """`line`: where those wait that begin at once. `recording`: where the steps are noted, if somebody wants to see them."""

    program: Program
    seed: int
    slots: Slots
    store: Store
    reports: Reports
    guard: Guard
    containers: Mapping[str, BaseProxy]
    objects: Mapping[str, object]
    line: StartLine
    recording: Recording | None

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody is in the middle of what is ours, a variable or a message: who is killed meanwhile leaves it whole.

        What has been killed before by others than us may hold one of them for ever: then it is done all the same.
        """
        noting = () if self.recording is None else (self.recording.lock,)
        locks = (self.guard.lock, *noting, self.store.lock, self.reports.lock)  # in this order everywhere
        had = [lock for lock in locks if lock.acquire(True, _PATIENCE)]
        try:
            yield
        finally:
            for lock in had:
                lock.release()
