"""Future, `wait` and `as_completed`: a step each, then the real object, which never blocks then.

What a future is done for is its own state. `wait` and `as_completed` count one that was cancelled only once a worker has taken it off the queue,
as CPython does. What a callback raises is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, FIRST_EXCEPTION, Future
from concurrent.futures import wait as real_wait
from itertools import islice, permutations
from math import factorial

from scenario.engines.code.privates import is_counted
from scenario.engines.code.runtime.here import Here, within

Anything = Future[object]


class Order:
    """The futures in their order of completion, in this execution."""

    def __init__(self) -> None:
        self.ranks: dict[int, int] = {}
        self.kept: list[Anything] = []

    def add(self, future: Anything) -> None:
        """It is complete now."""
        if self.ranks.setdefault(id(future), len(self.ranks)) == len(self.kept):
            self.kept.append(future)


def order_of(here: Here) -> Order:
    """That of the execution."""
    return here.shadow(Order, Order)


# --- one future --------------------------------------------------------------------------------------


def result(here: Here, future: Anything, timeout: float | None = None) -> object:
    """`Future.result`."""
    _done(here, future, timeout)
    return future.result(timeout=0)


def exception(here: Here, future: Anything, timeout: float | None = None) -> BaseException | None:
    """`Future.exception`."""
    _done(here, future, timeout)
    return future.exception(timeout=0)


def _done(here: Here, future: Anything, timeout: float | None) -> None:
    here.step("waits for", reads=(future,), ready=future.done, timed=within(timeout))
    here.timed_out(timeout)


def done(here: Here, future: Anything) -> bool:
    """`Future.done`."""
    here.step("asks", reads=(future,))
    return future.done()


def running(here: Here, future: Anything) -> bool:
    """`Future.running`."""
    here.step("asks", reads=(future,))
    return future.running()


def cancelled(here: Here, future: Anything) -> bool:
    """`Future.cancelled`."""
    here.step("asks", reads=(future,))
    return future.cancelled()


def cancel(here: Here, future: Anything) -> bool:
    """`Future.cancel`; the callbacks take their own steps."""
    here.step("cancels", future)
    return future.cancel()


def set_result(here: Here, future: Anything, value: object) -> None:
    """`Future.set_result`."""
    here.step("completes", future, Order)
    _complete(here, future, lambda: future.set_result(value))


def set_exception(here: Here, future: Anything, error: BaseException | None) -> None:
    """`Future.set_exception`."""
    here.step("completes", future, Order)
    _complete(here, future, lambda: future.set_exception(error))


def _complete(here: Here, future: Anything, change: Callable[[], None]) -> None:
    if not future.done():
        order_of(here).add(future)
    change()


def set_running_or_notify_cancel(here: Here, future: Anything) -> bool:
    """As an executor does before it runs a call."""
    here.step("begins", future, Order)
    return begun(here, future)


def begun(here: Here, future: Anything) -> bool:
    """The same, as part of another step."""
    runs = future.set_running_or_notify_cancel()
    if not runs:
        order_of(here).add(future)
    return runs


def add_done_callback(here: Here, future: Anything, function: Callable[[Anything], object]) -> None:
    """`Future.add_done_callback`."""
    here.step("adds a callback to", future)
    future.add_done_callback(lambda of: here.called(function, of))


# --- several -----------------------------------------------------------------------------------------


def wait(
    here: Here, fs: Iterable[Anything], timeout: float | None = None, return_when: str = "ALL_COMPLETED"
) -> object:
    """`concurrent.futures.wait`."""
    futures = list(dict.fromkeys(fs))

    def ready() -> bool:
        counted = [future for future in futures if is_counted(future)]
        failed = any(not future.cancelled() and future.exception() is not None for future in counted)
        first = return_when == FIRST_COMPLETED and bool(counted)
        return len(counted) == len(futures) or first or (return_when == FIRST_EXCEPTION and failed)

    here.step("waits for", reads=tuple(futures), ready=ready, timed=within(timeout))
    here.timed_out(timeout)
    return real_wait(futures, 0, return_when)


def as_completed(here: Here, fs: Iterable[Anything], timeout: float | None = None) -> Iterator[Anything]:
    """`concurrent.futures.as_completed`: those done at the start in any order, then the others in theirs."""
    until = None if timeout is None else here.world.now + timeout
    finished, pending = look(here.again(), fs)
    total = len(finished) + len(pending)
    yield from finished
    while pending:
        now = here.again()
        first = next_done(now, pending, None if until is None else until - now.world.now, total)
        pending.remove(first)
        yield first


def look(here: Here, fs: Iterable[Anything]) -> tuple[list[Anything], list[Anything]]:
    """Its first step: those that are done, in the order that is chosen, and the others."""
    futures = list(dict.fromkeys(fs))
    way = here.step("looks at", reads=tuple(futures), ways=lambda: factorial(sum(map(is_counted, futures))))
    finished = [future for future in futures if is_counted(future)]
    chosen = next(islice(permutations(finished), way, None))
    return list(chosen), [future for future in futures if future not in finished]


def next_done(here: Here, pending: list[Anything], left: float | None, total: int) -> Anything:
    """Its others: the first of them to complete, if that is within the seconds that are left."""
    here.step("waits for", reads=(*pending, Order), ready=lambda: any(map(is_counted, pending)), timed=within(left))
    if here.timed_out(left):
        raise TimeoutError(f"{len(pending)} (of {total}) futures unfinished")
    ranks = order_of(here).ranks
    return min(filter(is_counted, pending), key=lambda future: ranks.get(id(future), 0))
