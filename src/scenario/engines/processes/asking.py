"""The threads as the process of one of them sees the others: it may ask and kill, but only the parent starts, joins and tests them.

What is refused is refused as `multiprocessing.Process` does, in its words.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from multiprocessing import connection

from scenario.engines.processes.parts import Parts
from scenario.engines.processes.slots import ALIVE, KILLED, NEW, here

LONGEST = 1.0
"""Seconds that a killed process may take to be gone."""

_SHORTEST = 0.001
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class Other:
    """A thread, or main."""

    def __init__(self, parts: Parts, number: int, name: str) -> None:
        self._parts, self.number, self.name = parts, number, name

    def start(self) -> None:
        raise AssertionError("can only start a process object created by current process")

    def join(self, _timeout: float | None = None) -> None:
        raise AssertionError("can only join a child process")

    def is_alive(self) -> bool:
        raise AssertionError("can only test a child process")

    def kill(self) -> None:
        """It takes no further step; what it holds stays held. Raises AttributeError of one that was not started, as `Process.kill` does."""
        slots = self._parts.slots
        if slots.state(self.number) == NEW:
            raise AttributeError("'NoneType' object has no attribute 'kill'")
        if self.number == here().me:
            slots.becomes(self.number, KILLED)
            os.kill(os.getpid(), _KILL)
        with self._parts.still():
            if slots.state(self.number) == ALIVE:
                slots.becomes(self.number, KILLED)
                self._end()

    def _end(self) -> None:
        while not (pid := self._parts.slots.pid(self.number)):  # its parent is starting it
            time.sleep(_SHORTEST)
        with contextlib.suppress(ProcessLookupError):
            gone = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
            os.kill(pid, _KILL)
            if gone is not None:
                connection.wait([gone], LONGEST)
                os.close(gone)


class Others:
    """All of them; main is the last."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._slots = parts.slots
        self.objects: dict[str, object] = {}
        self.numbers: dict[str, range] = {}
        first = 0
        for group in parts.program.groups:
            numbers = range(first, first + len(group.names))
            others = [Other(parts, number, name) for number, name in zip(numbers, group.names, strict=True)]
            self.objects[group.key] = others if group.is_group else others[0]
            self.numbers[group.key] = numbers
            first = numbers.stop
        self.objects["main"] = Other(parts, first, "MainThread")
        self.numbers["main"] = range(first, first + 1)

    def start(self, thread: Other) -> None:
        thread.start()

    def start_all(self) -> None:
        raise AssertionError("can only start a process object created by current process")

    def join_all(self, _timeout: float | None = None) -> None:
        raise AssertionError("can only join a child process")

    def alive(self, group: str, thread: Other | None = None) -> int:
        return sum(self._slots.state(number) == ALIVE for number in self._of(group, thread))

    def blocked(self, group: str, thread: Other | None = None) -> int:
        return sum(self._slots.is_blocked(number) for number in self._of(group, thread))

    def _of(self, group: str, thread: Other | None) -> range:
        return self.numbers[group] if thread is None else range(thread.number, thread.number + 1)
