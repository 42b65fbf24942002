"""Futures one after the other, as they are done: `as_completed`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeAlias

Answer: TypeAlias = "asyncio.Future[object]"
Shuffle: TypeAlias = Callable[[list[Answer]], list[Answer]]


class Answers:
    """`asyncio.as_completed`, which gives what it was given back from 3.13 on alone: futures as they are done, each once.

    `pending`: those that are not done; `left`: how many are still to be given out; `item`: the last one that was. They come by a
    queue that their callbacks fill, so that whoever asks waits for a round of the loop even where they are done already.
    """

    def __init__(self, futures: Iterable[Answer], limit: float | None, in_any_order: Shuffle) -> None:
        if asyncio.isfuture(futures):
            raise TypeError(f"expect an iterable of futures, not {type(futures).__name__}")
        given = list(dict.fromkeys(futures))
        done = in_any_order([one for one in given if asyncio.ensure_future(one).done()])
        self.pending = [one for one in given if one not in done]
        self.left = len(given)
        self.limit = limit
        self.item: Answer | None = None
        self._come: asyncio.Queue[Answer | None] = asyncio.Queue()
        self._left = [*done, *self.pending]
        for one in self._left:
            one.add_done_callback(self._is_done)
        loop = asyncio.get_running_loop()
        self._timer = None if limit is None or not given else loop.call_later(limit, self._is_late)

    async def next(self) -> None:
        """`item` is the next that is done. Raises TimeoutError."""
        self.item = await self._come.get()
        self.left -= 1
        if self.item is None:
            raise TimeoutError

    def take(self) -> Answer | None:
        """The last that came."""
        return self.item

    def _is_done(self, future: Answer) -> None:
        if future not in self._left:
            return  # it was late
        self._left.remove(future)
        self.pending = [one for one in self.pending if one is not future]
        self._come.put_nowait(future)
        if self._timer is not None and not self._left:
            self._timer.cancel()

    def _is_late(self) -> None:
        for future in self._left:
            future.remove_done_callback(self._is_done)
            self._come.put_nowait(None)
        self._left.clear()
