"""`await`: tasks that wait until an expression over shared state holds, looked at between two rounds of the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial

from scenario.engines.tasks.actors import Actor
from scenario.engines.tasks.operations import noted, within
from scenario.program.evaluate import tried


def _holds(test: Callable[[], object]) -> bool:
    return bool(test())


class Awaited:
    """Who awaits what, in the order in which they came."""

    def __init__(self) -> None:
        self._pending: list[tuple[Callable[[], object], asyncio.Future[None]]] = []

    async def wait(self, me: Actor, line: int, test: Callable[[], object], limit: float | None = None) -> None:
        """Goes on once the test holds; where it does at once, without a suspension."""
        with noted(me, "await", test, line, limit):
            if not test():
                await within(limit, self._until(test))

    async def _until(self, test: Callable[[], object]) -> None:
        """Another task may have come between what woke us and now."""
        while True:
            await self._change(test)
            if test():
                return

    async def _change(self, test: Callable[[], object]) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (test, waiter)
        self._pending.append(entry)
        try:
            await waiter
        finally:
            self._pending.remove(entry)

    def wake(self) -> None:
        """Who awaits something that holds now is ready; what a test raises, it raises in its task."""
        for waiter in self._come():
            waiter.set_result(None)

    def wakes(self) -> bool:
        """Whether there is somebody whom `wake` makes ready."""
        return any(True for _ in self._come())

    def _come(self) -> Iterator[asyncio.Future[None]]:
        """What those wait for who can go on."""
        for test, waiter in self._pending:
            if not waiter.done() and tried(partial(_holds, test)) is not False:
                yield waiter

    def waiters(self) -> Iterator[asyncio.Future[None]]:
        """What those wait for who await something, in their order."""
        yield from (waiter for _, waiter in self._pending)
