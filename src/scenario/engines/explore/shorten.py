"""Where on its way a deadlock begins: the first state from which its threads can never move again."""

from __future__ import annotations

from scenario.engines.explore.search import Search
from scenario.engines.explore.stepper import State

MAX_CLOSURE = 20_000
"""States that are looked at to decide that a thread is stuck; past it the later state stands."""


def earliest_stuck(search: Search, number: int, stuck: tuple[int, ...]) -> int:
    """The first state on the way to `number` in which all the threads are stuck already."""
    graph = search.graph
    while True:
        before = graph.parents[number][0]
        if before < 0 or not _all_stuck(search, graph.states[before], stuck):
            return number
        number = before


def _all_stuck(search: Search, state: State, stuck: tuple[int, ...]) -> bool:
    """Whether none of the threads moves in any state that can be reached from here.

    Canonical states rename threads, so a reduced search keeps its first answer.
    """
    if search.reduction.names:
        return False
    stepper = search.stepper
    threads = [stepper.layout.threads[n] for n in stuck]
    seen, queue = {state}, [state]
    while queue:
        here = queue.pop()
        if any(stepper.can_move(here, thread) for thread in threads):
            return False
        for successor in stepper.successors(here):
            if successor.state not in seen:
                if len(seen) >= MAX_CLOSURE:
                    return False
                seen.add(successor.state)
                queue.append(successor.state)
    return True
