"""A failure that the search has found, with the schedule that shows it and who is stuck in the end."""

from __future__ import annotations

from dataclasses import replace

from scenario.engines.explore.holders import holders
from scenario.engines.explore.outcomes import blocked, outcome, plain
from scenario.engines.explore.search import Found, Judge, Search
from scenario.engines.explore.shorten import all_stuck, least_preemptions
from scenario.engines.explore.stepper import State
from scenario.engines.explore.trace import follow
from scenario.engines.explore.values import thaw
from scenario.run.exploration import Finding
from scenario.run.outcome import Failure
from scenario.source import START


def finding(search: Search, judge: Judge, found: Found) -> Finding:
    """The shortest way there; a deadlock's ends where its threads are stuck already."""
    stepper = search.stepper
    start, choices = least_preemptions(search, found.state)
    states = [start]
    for thread, alternative in choices:
        states.append(stepper.successors_of(states[-1], thread)[alternative].state)
    order = search.reduction.order(states[-1])
    stuck = tuple(sorted(order[n] for n in found.stuck))
    failure = _renamed(search, judge, found, states[-1], stuck)
    if failure.kind == "deadlock" and stuck:
        while len(states) > 1 and all_stuck(stepper, states[-2], stuck):
            states.pop()
            choices.pop()
    begins = len(choices) if found.cycle else None
    choices += _round(search, states[-1], found.cycle)
    schedule, _ = follow(stepper, start, choices, begins)
    shared = stepper.shared[states[-1][0]]
    held = holders(stepper, states, schedule.moves)
    if begins is not None and failure.span == START:
        failure = replace(failure, span=schedule.moves[begins].span)
    return Finding(
        failure,
        schedule,
        tuple(blocked(stepper, states[-1], n, held) for n in stuck),
        {name: plain(thaw(shared.vars[i]), shared) for name, i in stepper.layout.vars.items()},
    )


def _renamed(search: Search, judge: Judge, found: Found, state: State, stuck: tuple[int, ...]) -> Failure:
    """The failure in the words of the real state: a reduced search may have renamed threads."""
    if not search.reduction.names:
        return found.failure
    stepper, failure = search.stepper, found.failure
    if found.judged is not None:
        judged = judge(
            outcome(stepper, state, end="deadlock" if stuck and not found.cycle else "finished", stuck=stuck)
        )
        return next((f for f in (*judged.failures, *judged.permitted) if f.kind == failure.kind), failure)
    order = search.reduction.order(state)
    threads = stepper.layout.threads
    refs = {threads[i].ref: threads[n].ref for i, n in enumerate(order)}
    return replace(failure, thread=refs.get(failure.thread or "", failure.thread))


def _round(search: Search, state: State, cycle: tuple[int, ...]) -> list[tuple[int, int]]:
    """The steps round a livelock's cycle from the real state that stands for its first."""
    choices = []
    for target in cycle[1:]:
        step = next(
            s
            for s in search.stepper.successors(state)
            if search.reduction.canonical(s.state) == search.graph.states[target]
        )
        choices.append((step.thread, step.alternative))
        state = step.state
    return choices
