"""Executions that never end: threads that are stuck while others go on, and livelocks under strong fairness."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.explore.graphs import backwards, components, is_cyclic, topological, way
from scenario.engines.explore.outcomes import outcome
from scenario.engines.explore.search import Found, Judge, Search
from scenario.engines.explore.stepper import Stepper


def stuck_states(search: Search) -> dict[int, tuple[int, ...]]:
    """For each state the non-daemon threads that are unfinished there and can never move again.

    A thread that can move in some state which can still be reached is not stuck; a spurious wake-up is no move.
    """
    stepper, graph = search.stepper, search.graph
    result: dict[int, tuple[int, ...]] = {}
    for thread in stepper.layout.threads:
        if thread.daemon:
            continue
        moving = [
            n for n, state in enumerate(graph.states) if stepper.can_move(state, thread) and not stepper.is_over(state)
        ]
        alive = backwards(graph.edges, moving)
        for number, state in enumerate(graph.states):
            if number not in alive and not stepper.is_over(state) and thread in stepper.unfinished(state):
                if stepper.is_spinning(state, thread.number):
                    continue
                result[number] = (*result.get(number, ()), thread.number)
    return result


def find_endless(search: Search, judge: Judge) -> tuple[bool, bool]:
    """Adds what only the whole graph shows to the search's findings; whether deadlock and livelock were seen.

    To be called on an exhausted search.
    """
    graph, stepper = search.graph, search.stepper
    if topological(graph.edges) is not None:
        return bool(graph.stuck), any(judged.end == "livelock" for judged in graph.ends.values())
    cyclic = [c for c in components(graph.edges, range(len(graph.states))) if is_cyclic(graph.edges, c)]
    spinning = any(judged.end == "livelock" for judged in graph.ends.values())
    stuck = stuck_states(search)
    _add_deadlocks(search, judge, stuck, cyclic)
    live = [[n for n in c if n not in stuck] for c in cyclic]
    fair = [f for c in live if (f := _fair(stepper, search, c)) is not None]
    for component in sorted(fair, key=lambda c: min(graph.depths[n] for n in c)):
        if search.stop_at_first and search.found:
            break
        _add_livelock(search, judge, component)
    return bool(stuck) or bool(graph.stuck), bool(fair) or spinning


def _add_deadlocks(
    search: Search, judge: Judge, stuck: dict[int, tuple[int, ...]], cyclic: Sequence[Sequence[int]]
) -> None:
    """Those beside threads that go on for ever: judged where the last thread got stuck."""
    graph, stepper = search.graph, search.stepper
    endless = {n for c in cyclic for n in c}
    for number in sorted((n for n in stuck if n in endless), key=lambda n: graph.depths[n]):
        before = graph.parents[number][0]
        if before >= 0 and stuck.get(before, ()) == stuck[number]:
            continue
        judged = judge(outcome(stepper, graph.states[number], end="deadlock", stuck=stuck[number]))
        graph.ends.setdefault(number, judged)
        for failure in judged.failures:
            search.add(Found(failure, number, judged, stuck[number]))
        if search.stop_at_first and search.found:
            return


def _fair(stepper: Stepper, search: Search, states: Sequence[int]) -> list[int] | None:
    """A part of these states in which an execution may stay for ever although it is strongly fair.

    The check of Streett automata (Emerson and Lei): a component is fair if every thread that can move
    somewhere in it moves in it; else the states where such a thread can move are dropped, and what is
    left is looked at again.
    """
    graph = search.graph
    pending = components(graph.edges, states)
    while pending:
        component = pending.pop()
        if not is_cyclic(graph.edges, component):
            continue
        inside = set(component)
        moves = {thread for n in component for thread, target, _, _ in graph.edges[n] or () if target in inside}
        starved = [
            n
            for n in component
            if any(t.number not in moves and stepper.can_move(graph.states[n], t) for t in stepper.layout.threads)
        ]
        if not starved:
            if any(not stepper.layout.threads[t].daemon for t in moves) or _waits_for_daemons(stepper, search, inside):
                return component
            continue
        pending.extend(components(graph.edges, inside - set(starved)))
    return None


def _waits_for_daemons(stepper: Stepper, search: Search, inside: set[int]) -> bool:
    """Daemons alone go round: the run is over before if nobody else is left, so somebody is."""
    return any(stepper.unfinished(search.graph.states[n]) for n in inside)


def _add_livelock(search: Search, judge: Judge, component: Sequence[int]) -> None:
    graph, stepper = search.graph, search.stepper
    start = min(component, key=lambda n: graph.depths[n])
    inside = set(component)
    cycle = fair_cycle(search, start, inside)
    judged = judge(outcome(stepper, graph.states[start], end="livelock"))
    graph.ends.setdefault(start, judged)
    for failure in judged.failures:
        search.add(Found(failure, start, judged, cycle=tuple(cycle)))


def fair_cycle(search: Search, start: int, inside: set[int]) -> list[int]:
    """States of a cycle through `start` on which every thread that moves in the component moves."""
    graph = search.graph
    threads = {thread for n in inside for thread, target, _, _ in graph.edges[n] or () if target in inside}
    here, states = start, [start]
    while threads:
        sources = {
            n for n in inside for thread, target, _, _ in graph.edges[n] or () if thread in threads and target in inside
        }
        if here not in sources:
            for _, _, target in way(graph.edges, here, sources, inside):
                states.append(target)
            here = states[-1]
        thread, target = next((t, to) for t, to, _, _ in graph.edges[here] or () if t in threads and to in inside)
        threads.discard(thread)
        states.append(target)
        here = target
    if here != start:
        states.extend(target for _, _, target in way(graph.edges, here, {start}, inside))
    return states
