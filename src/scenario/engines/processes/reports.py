"""What the processes of a run tell: one pipe for all, so that what was printed is heard in the order in which it was.

A message is whole or not there: it is written under a lock, which nobody holds who is killed (see members.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Lock

from scenario.diagnostics import Diagnostic
from scenario.record import record
from scenario.results.failures import Failure
from scenario.results.outcome import ThreadError
from scenario.results.recorded import Begun


@record
class Printed:
    """One or more whole lines."""

    text: str


@record
class Marked:
    """A mark."""

    text: str


@record
class Failed:
    """A check that failed on the way."""

    failure: Failure


@record
class Raised:
    """The exception that a thread ended with."""

    thread: str
    error: ThreadError


@record
class Registers:
    """A thread's locals at its end."""

    thread: str
    values: dict[str, object]


@record
class Refusal:
    """A step has gone past a bound: the diagnostics of the file."""

    diagnostics: tuple[Diagnostic, ...]


@record
class Noted:
    """A step that somebody begins, in a run that is recorded."""

    begun: Begun


Message = Printed | Marked | Failed | Raised | Registers | Refusal | Noted


class Reports:
    """The writing end, in every process."""

    def __init__(self, context: SpawnContext) -> None:
        self.reading, self._writing = context.Pipe(duplex=False)
        self.lock = context.Lock()

    def __getstate__(self) -> tuple[object, object]:
        return self._writing, self.lock

    def __setstate__(self, state: tuple[Connection, Lock]) -> None:
        self._writing, self.lock = state

    def tell(self, message: Message) -> None:
        with self.lock, suppress(BrokenPipeError):  # the run is over for whoever is late in main's process
            self._writing.send(message)

    def heard(self) -> Iterator[Message]:
        """What has come so far."""
        while self.reading.poll():
            yield self.reading.recv()

    def close(self) -> None:
        """Nothing is read any more. The other end goes with its last writer: main's thread may be in the middle of it."""
        self.reading.close()
