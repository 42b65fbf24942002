"""The strategy that looks at all states, nearest first: so the first way to each failure is a shortest one."""

from __future__ import annotations

import math
from collections import deque

from scenario.engines.explore.search.search import Ended, Enough, Exhausted, Search, Spent

GROWN = 3_000
"""States after which a search over steps that are taken at once is tried: until then its states are counted as they are."""

WIDE = 10
"""One state in so many that is known and not yet looked at: then there is more to come than there was. A search that is not so wide
is near its end, or has nearly one way on from each state, and is soon through with what the other would need as long for: that is
tried when it has doubled."""

STEPS = 2
"""Steps that take as long to work out as a state takes where they are known: where little is ever done twice, a search of few states has grown."""

LARGE = 20_000
"""States from which on it pays to go on outside of Python, which takes a tenth of a second to begin."""


def breadth_first(search: Search) -> Ended:
    """To the end, or until the first failure has been found in all states of its depth: one takes fewest preemptions."""
    depths, failures = search.graph.depths, search.failures
    queue, layer = deque(search.begin()), -1
    tried: float = GROWN
    while queue:
        number = queue.popleft()
        if search.stop_at_first and failures.found and depths[number] > layer:
            return Enough()
        if (reason := search.spent()) is not None:
            return Spent(reason)
        if search.overtakes is not None and (size := max(number, search.stepper.computed // STEPS)) >= tried:
            if size < LARGE and len(queue) * WIDE < number:
                tried = min(2 * size, LARGE)
            elif search.overtakes():
                return Enough()
            else:
                tried = math.inf
        if number == LARGE and (ended := _natively(search, number)) is not None:
            return ended
        if not failures.found:
            layer = depths[number]
        queue.extend(search.expand(number))
    return Exhausted()


def _natively(search: Search, number: int) -> Ended | None:
    """The rest of the search; None where it can only be done here."""
    try:
        from scenario.engines.explore.search.strategies import native
    except ImportError:  # there is no wasmtime for this machine
        return None
    return native.go_on(search, number) if native.is_possible(search) else None
