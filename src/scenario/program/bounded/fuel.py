"""Work that is bounded too, where nothing watches the evaluation."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

from scenario.program.bounded.limits import SEQUENCES
from scenario.program.bounded.operators import limited_range, mul

LONGEST = 10.0
"""Seconds of one evaluation."""


class Fuel:
    """Counts the elements that evaluations hand out; past `limit` they raise OverflowError.

    For evaluations that nothing watches: constants, claims and the explorer's local work. Elements that take
    far too long (keys whose hashes are equal) are given up after `LONGEST` seconds.
    """

    def __init__(self, limit: int = 2_000_000) -> None:
        self.limit = limit
        self.refill()

    def refill(self) -> None:
        self.left = self.limit
        self.until: float | None = None

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.burn(1)
            if not self.left & 1023:
                self._on_time()
            yield item

    def _on_time(self) -> None:
        now = time.monotonic()
        self.until = self.until or now + LONGEST
        if now > self.until:
            raise OverflowError(f"more than {LONGEST} seconds in one evaluation")

    def burn(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise OverflowError(f"more than {self.limit} elements in one evaluation")

    def mul(self, left: Any, right: Any) -> Any:
        result = mul(left, right)
        if isinstance(result, SEQUENCES):
            self.burn(len(result))
        return result

    def range(self, *args: Any) -> range:
        result = limited_range(*args)
        self.burn(len(result))
        return result
