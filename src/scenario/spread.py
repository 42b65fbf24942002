"""Units of work over whatever `concurrent.futures.Executor` there is: a unit whose worker dies is done again, by another.

A unit is data, and so is what comes of it: bytes, which are opened by whoever has asked, and by nobody on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import replace
from typing import Generic, Protocol, TypeAlias, TypeVar

from scenario.record import record

Unit = TypeVar("Unit")
Key = TypeVar("Key")

Workers: TypeAlias = Executor

ATTEMPTS = 3
"""Workers that one unit may take with it."""


class WorkerDied(Exception):
    """Who did a unit is gone, and with it what it had done."""


class Overdue(Exception):
    """A unit went on far beyond its time, and was ended."""


class NoWorker(Exception):
    """The system did not give what a worker needs: its error is the one argument."""

    args: tuple[OSError]


class Call(Protocol):
    """How a worker does a unit: the function, the unit, and the seconds after which it is ended. Raises WorkerDied, Overdue, NoWorker."""

    def __call__(self, function: Callable[[Unit], bytes], unit: Unit, seconds: float, /) -> bytes: ...


@record
class Hands:
    """Workers: how many, how many of them share the memory of a machine, and how they are told to come to an end.

    `interrupt`: they end what they do, and say what they have seen by then; `stop`: at once, and say nothing.
    `why` words an error of the executor's own.
    """

    executor: Executor
    workers: int
    share: int
    call: Call
    interrupt: Callable[[], None]
    stop: Callable[[], None]
    why: Callable[[BaseException], str] = repr


@record
class Lost:
    """Nothing came of a unit: why."""

    how: str


@record
class Denied:
    """A unit was not begun: what the system refused."""

    error: OSError


@record
class _Given(Generic[Unit, Key]):
    key: Key
    unit: Unit
    seconds: float
    attempt: int = 1


class Spread(Generic[Unit, Key]):
    """The units that are being done; `perform` does one, wherever it is."""

    def __init__(self, hands: Hands, perform: Callable[[Unit], bytes]) -> None:
        self._hands, self._perform = hands, perform
        self._given: dict[Future[bytes], _Given[Unit, Key]] = {}
        self._recalled: list[Key] = []
        self._is_over = False

    def __len__(self) -> int:
        """Units of which nothing is known yet."""
        return len(self._given) + len(self._recalled)

    def give(self, key: Key, unit: Unit, seconds: float) -> None:
        """One more; it may take so many seconds once it has begun."""
        self._submit(_Given(key, unit, seconds))

    def wait(self, seconds: float | None = None) -> None:
        """Until there is one of which something is known; so many seconds at most."""
        if not self._recalled:
            wait(self._given, seconds, FIRST_COMPLETED)

    def finished(self) -> Iterator[tuple[Key, bytes | Lost | Denied | None]]:
        """What came of each of which it is known; None: it was recalled."""
        while self._recalled:
            yield self._recalled.pop(), None
        for future in [one for one in self._given if one.done()]:
            given = self._given.pop(future)
            error = CancelledError() if future.cancelled() else future.exception()
            if error is None:
                yield given.key, future.result()
            elif self._is_over:
                yield given.key, None
            elif isinstance(error, WorkerDied) and given.attempt < ATTEMPTS:
                self._submit(replace(given, attempt=given.attempt + 1))
            else:
                yield given.key, Denied(*error.args) if isinstance(error, NoWorker) else Lost(self._why(error))

    def recall(self, *, at_once: bool = False) -> None:
        """Nothing more is begun; what has begun says what it has seen, or nothing (`at_once`)."""
        self._is_over = True
        for future in [one for one in self._given if one.cancel()]:  # whoever waits is told of it late, or never
            self._recalled.append(self._given.pop(future).key)
        (self._hands.stop if at_once else self._hands.interrupt)()

    def _why(self, error: BaseException) -> str:
        match error:
            case WorkerDied():
                return f"each worker process that tried it ended ({ATTEMPTS}), the last one: {error}"
            case Overdue():
                return "its worker process went on far beyond the timeout, and was ended"
            case _:  # the executor's own: a unit raises nothing
                return self._hands.why(error)

    def _submit(self, given: _Given[Unit, Key]) -> None:
        try:
            future = self._hands.executor.submit(self._hands.call, self._perform, given.unit, given.seconds)
        except NoWorker as error:
            future = Future()
            future.set_exception(error)
        self._given[future] = given
