"""When deadlocked threads were stuck first: after the fewest steps with which none of them ever moves again.

An execution that deadlocks is over when nothing moves any more; its threads may have been stuck long before,
while others went on. So every way back from its ends is followed as long as they are all stuck already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from scenario.engines.explore.model.budget import TimeIsUp
from scenario.engines.explore.model.code import Guard, Operate
from scenario.engines.explore.model.parts import PENDING
from scenario.engines.explore.search.failures import Found, Place
from scenario.engines.explore.search.search import Search
from scenario.engines.explore.step.layout import Layout
from scenario.engines.explore.step.transitions import State

MAX_CLOSURE = 20_000
"""States that are looked at to decide that threads are stuck; past it they are not said to be."""
MAX_LOOKED_AT = 200_000
"""The same for all states of one deadlock; past it the ways that have been followed stand."""


def can_block(layout: Layout) -> bool:
    """Whether a thread of the program can be stuck at all."""
    return any(isinstance(i, Guard | Operate) for code in layout.codes.values() for i in code.instructions)


def shows_after(search: Search, found: Found) -> tuple[int, int]:
    """After how many steps the failure is so, and after how many it can be seen."""
    seen = min(search.graph.depths[place.number] for place in found.places)
    return (first_stuck(search, found.places) if found.is_deadlock else seen), seen


def first_stuck(search: Search, ends: Sequence[Place]) -> int:
    """After how many steps the threads of one deadlock may be stuck; `ends` are the places where it can be seen."""
    depths = search.graph.depths
    seen = {(place.number, frozenset(place.stuck)) for place in ends}
    waiting = list(seen)
    known: set[tuple[State, frozenset[int]]] = set()
    left = MAX_LOOKED_AT
    with suppress(TimeIsUp):
        while waiting and left > 0 and not search.is_late():
            number, stuck = waiting.pop()
            for before, same in _before(search, number, stuck):
                if (before, same) in seen:
                    continue
                closure = _closure(search, search.graph.states[before], same, known)
                left -= len(closure)
                if closure:
                    known |= closure
                    seen.add((before, same))
                    waiting.append((before, same))
    return min(depths[number] for number, _ in seen)


def _before(search: Search, number: int, stuck: frozenset[int]) -> Iterator[tuple[int, frozenset[int]]]:
    """The states before this one in which the same threads wait already, with their numbers there."""
    stepper, graph, reduction = search.stepper, search.graph, search.reduction
    threads = stepper.layout.threads
    for before in search.predecessors(number):
        state = graph.states[before]
        status = stepper.shared[state[0]].status
        # a timer that waits for its time is not stuck
        begun = {t.number for t in stepper.unfinished(state) if status[t.number] != PENDING}
        waiting = {n for n in begun if not stepper.can_move(state, threads[n])}
        if len(waiting) < len(stuck):
            continue
        for successor in stepper.successors(state):
            if successor.kind != "spurious" and graph.numbers.get(reduction.canonical(successor.state)) == number:
                order = reduction.order(successor.state)
                same = frozenset(order[n] for n in stuck)
                if same <= waiting:
                    yield before, same


def _closure(
    search: Search, state: State, stuck: frozenset[int], known: set[tuple[State, frozenset[int]]]
) -> set[tuple[State, frozenset[int]]]:
    """The states that can be reached from here, if none of the threads moves in any; empty if one does, or may."""
    stepper = search.stepper
    threads = [stepper.layout.threads[n] for n in stuck]
    seen, waiting = {(state, stuck)}, [state]
    while waiting:
        here = waiting.pop()
        if len(seen) > MAX_CLOSURE or search.is_late() or any(stepper.can_move(here, thread) for thread in threads):
            return set()
        for successor in stepper.successors(here):
            place = (successor.state, stuck)
            if successor.kind != "spurious" and place not in seen and place not in known:
                seen.add(place)
                waiting.append(successor.state)
    return seen
