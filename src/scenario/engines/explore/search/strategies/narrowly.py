"""The strategy that looks at the threads of a persistent set alone; it sees to it that each set is one in the end.

What is ahead of a thread is learned on the way. A state whose set was chosen when less was known is looked at again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from scenario.engines.explore.independence.narrow import Narrow
from scenario.engines.explore.search.search import Ended, Enough, Exhausted, Search, Spent

SOON = 500
"""States after which it has to be worth it, and after ten times as many again: plain searches are many times faster."""
WORTH = 2


class DoesNotPayError(Exception):
    """Nearly all threads are looked at in nearly all states."""


def narrowly(search: Search) -> Ended:
    """To the end, or the first failure. Raises DoesNotPayError."""
    stepper = search.stepper
    assert isinstance(stepper, Narrow)
    queue, versions, soon = deque(search.begin()), dict[int, int](), SOON
    while queue:
        number = queue.popleft()
        if search.stop_at_first and search.failures.found:
            return Enough()
        if (reason := search.spent()) is not None:
            return Spent(reason)
        if len(versions) >= soon:
            soon *= 10
            if stepper.asked < WORTH * stepper.taken:
                raise DoesNotPayError
        versions[number] = stepper.future.version
        queue.extend(search.expand(number))
        if not queue:
            queue.extend(_chosen_too_early(search, versions, stepper.future.version))
    return Exhausted()


def _chosen_too_early(search: Search, versions: Mapping[int, int], now: int) -> Iterator[int]:
    return (number for number, version in versions.items() if version < now and number not in search.graph.ends)
