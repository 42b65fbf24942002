"""Child processes that do units of work, one at a time each: what `--jobs` has, and each worker of a cluster."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

from scenario.real.children import frames, isolate, parent
from scenario.real.children.peer import Peer
from scenario.spread import Hands, NoWorker, Overdue, WorkerDied

Unit = TypeVar("Unit")

INTERRUPT_GRACE = isolate.LONGEST + 2.0
"""Seconds that a child has to say what it has seen."""
LEAVE = 2.0
"""Seconds that an idle child may take to end by itself."""
GLANCE = 0.5
"""Seconds between two looks whether the unit is still wanted."""


def _always() -> bool:
    return True


@contextlib.contextmanager
def children(jobs: int) -> Iterator[Hands]:
    """So many on this machine, made as they are needed: an executor's threads wait for them. None is left behind."""
    crew = Crew()
    executor = _Waiting(jobs, "scenario-jobs")
    try:
        yield Hands(executor, jobs, jobs, crew.call, crew.interrupt, crew.stop)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        crew.stop()
        executor.shutdown()
        crew.close()


@contextlib.contextmanager
def hired(executor: Executor, workers: int) -> Iterator[Hands]:
    """Those of the caller's executor, each of which does units in children of its own. Raises TypeError for what is none.

    It stays the caller's: what has begun on it when nobody wants it any more comes to its end.
    """
    if not isinstance(executor, Executor):
        raise TypeError(f"executor is a concurrent.futures.Executor, not {executor!r}")
    try:
        yield Hands(executor, workers, workers, in_a_child, _nothing, _nothing)
    finally:
        _there.close()  # where its workers are threads of this process


def in_a_child(function: Callable[[Unit], bytes], unit: Unit, seconds: float, /) -> bytes:
    """In a child of whichever process this is. Raises WorkerDied, Overdue, NoWorker."""
    return _there.call(function, unit, seconds)


def _nothing() -> None:
    """Nobody but the executor's owner can end its workers."""


class _Waiting(ThreadPoolExecutor):
    """The threads that wait for children. Where the system has too few there are fewer; where it has none, `submit` raises NoWorker."""

    def _adjust_thread_count(self) -> None:
        try:
            super()._adjust_thread_count()
        except RuntimeError as error:
            if not self._threads:
                raise NoWorker(frames.no_thread()) from error


class _Child:
    """One, at a unit until `end` (time.monotonic) at most. What is sent to it comes from two threads."""

    def __init__(self, seconds: float) -> None:
        self.peer = Peer("from scenario.real.children.crew import serve; serve()")
        self._sending = threading.Lock()
        self.begin(seconds)

    def begin(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def send(self, message: object) -> None:
        with self._sending:
            self.peer.send(message)

    def interrupt(self) -> None:
        """Ctrl-C for what it does; it has a moment to say what it has seen."""
        self.end = min(self.end, time.monotonic() + INTERRUPT_GRACE)
        with self._sending:
            self.peer.interrupt()

    def answer(self, is_wanted: Callable[[], bool]) -> bytes:
        """Raises EOFError when it is gone, TimeoutError when it is late, or not wanted any more."""
        while not select.select([self.peer.answers], [], [], GLANCE)[0]:
            if time.monotonic() > self.end or not is_wanted():
                raise TimeoutError
        said = self.peer.receive(self.end)
        assert isinstance(said, bytes)
        return said


class Crew:
    """Those that are there: whoever calls takes an idle one, or makes one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[_Child] = set()
        self._idle: list[_Child] = []
        self._is_over = False

    def call(
        self,
        function: Callable[[Unit], bytes],
        unit: Unit,
        seconds: float,
        /,
        is_wanted: Callable[[], bool] = _always,
    ) -> bytes:
        """What the function makes of the unit, in a child. Raises WorkerDied, Overdue, NoWorker."""
        child = self._taken(seconds)
        try:
            child.send((function, unit))
            answer = child.answer(is_wanted)
        except (EOFError, BrokenPipeError):
            self._leave(child)
            raise WorkerDied(f"exit status {child.peer.status()}") from None
        except TimeoutError:
            self._leave(child)
            child.peer.kill()
            raise Overdue from None
        except OSError as error:
            self._leave(child)
            child.peer.kill()
            raise NoWorker(error) from error
        except BaseException:
            self._leave(child)
            child.peer.kill()
            raise
        with self._lock:
            self._busy.discard(child)
            self._idle.append(child)
        return answer

    def interrupt(self) -> None:
        """Ctrl-C for all that are at something; nobody begins anything more."""
        with self._lock:
            self._is_over = True
            for child in self._busy:
                child.interrupt()

    def stop(self) -> None:
        """Ends those that are at something, at once."""
        with self._lock:
            self._is_over = True
            for child in self._busy:
                child.peer.slay()

    def close(self) -> None:
        """The idle ones leave by themselves."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.peer.close(LEAVE)

    def _taken(self, seconds: float) -> _Child:
        with self._lock:
            if self._is_over:
                raise WorkerDied("it was not begun")
            child = self._idle.pop() if self._idle else _made(seconds)
            child.begin(seconds)
            self._busy.add(child)
            return child

    def _leave(self, child: _Child) -> None:
        """It is none of ours any more."""
        with self._lock:
            self._busy.discard(child)


def _made(seconds: float) -> _Child:
    try:
        return _Child(seconds)
    except OSError as error:
        raise NoWorker(error) from error


_there = Crew()
"""The children of a worker that somebody else's executor has here."""


# --- in the child --------------------------------------------------------------------------------------


def serve() -> None:
    """Does what it is sent until nobody sends any more; leaves by os._exit, with whatever threads are left."""
    from_parent, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a user's own code prints must not get into the answers
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        requests = parent.requests(from_parent, orphaned=isolate.close)
        while True:
            function, unit = requests.get()
            answer = function(unit)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # or it would be lost on its way
            frames.send(answers, answer)
            signal.signal(signal.SIGINT, signal.default_int_handler)
    isolate.close()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
