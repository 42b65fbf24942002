"""The strategy that looks at all states, nearest first: so the first way to each failure is a shortest one."""

from __future__ import annotations

from collections import deque

from scenario.engines.explore.search.search import Ended, Enough, Exhausted, Search, Spent


def breadth_first(search: Search) -> Ended:
    """To the end, or until the first failure has been found in all states of its depth: one takes fewest preemptions."""
    depths, failures = search.graph.depths, search.failures
    queue, layer = deque(search.begin()), -1
    while queue:
        number = queue.popleft()
        if search.stop_at_first and failures.found and depths[number] > layer:
            return Enough()
        if (reason := search.spent()) is not None:
            return Spent(reason)
        if not failures.found:
            layer = depths[number]
        queue.extend(search.expand(number))
    return Exhausted()
