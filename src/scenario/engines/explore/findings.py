"""A failure that the search has found, with the schedule that shows it and who is stuck in the end."""

from __future__ import annotations

from dataclasses import replace

from scenario.engines.explore.holders import holders
from scenario.engines.explore.outcomes import blocked, outcome, plain
from scenario.engines.explore.search import Found, Judge, Search
from scenario.engines.explore.shorten import Choices, least_preemptions
from scenario.engines.explore.stepper import State, Stepper
from scenario.engines.explore.stuck import first_stuck
from scenario.engines.explore.trace import follow
from scenario.engines.explore.values import thaw
from scenario.run.exploration import Finding
from scenario.run.outcome import Failure, Judged
from scenario.run.schedule import Schedule
from scenario.source import START


def finding(search: Search, judge: Judge, found: Found) -> Finding:
    """The shortest way to where it shows, with the fewest preemptions; a deadlock shows once its threads are stuck."""
    stepper = search.stepper
    places = dict(first_stuck(search, found.places) if found.failure.kind == "deadlock" else found.places)
    start, choices = least_preemptions(search, set(places))
    states = [start]
    for thread, alternative in choices:
        states.append(stepper.successors_of(states[-1], thread)[alternative].state)
    order = search.reduction.order(states[-1])
    place = search.graph.numbers[search.reduction.canonical(states[-1])]
    stuck = tuple(sorted(order[n] for n in places[place]))
    begins = len(choices) if found.cycle else None
    round_ = _round(search, states[-1], found.cycle)
    going = tuple(dict.fromkeys(t.ref for t in stepper.layout.threads if any(t.number == n for n, _ in round_)))
    there = outcome(stepper, states[-1], end=_end(found, stuck), stuck=stuck, cycle=going)
    failure = _as_it_is_there(judge(there), found.failure, _moved(stepper, choices))
    choices += round_
    schedule, _ = follow(stepper, start, choices, begins)
    return described(stepper, failure, schedule, states, stuck)


def described(
    stepper: Stepper, failure: Failure, schedule: Schedule, states: list[State], stuck: tuple[int, ...]
) -> Finding:
    """The failure after these states: who is stuck there, who holds what, and the values that were left."""
    shared = stepper.shared[states[-1][0]]
    held = holders(stepper, states, schedule.moves)
    if schedule.cycle is not None and failure.span == START:
        failure = replace(failure, span=schedule.moves[schedule.cycle].span)
    return Finding(
        failure,
        schedule,
        tuple(blocked(stepper, states[-1], n, held) for n in stuck),
        {name: plain(thaw(shared.vars[i]), shared) for name, i in stepper.layout.vars.items()},
    )


def _as_it_is_there(judged: Judged, failure: Failure, moved: str) -> Failure:
    """The failure in the words of the real state: a reduced search may have renamed threads, and values may differ."""
    same = [f for f in (*judged.failures, *judged.permitted) if f.kind == failure.kind]
    return min(same, key=lambda f: (f.span != failure.span, f.thread != moved), default=failure)


def _end(found: Found, stuck: tuple[int, ...]) -> str:
    """How the execution ends there."""
    if not found.ends:
        return "interrupted"
    if found.failure.kind in ("deadlock", "livelock"):
        return found.failure.kind
    return "deadlock" if stuck else "finished"


def _moved(stepper: Stepper, choices: Choices) -> str:
    return stepper.layout.threads[choices[-1][0]].ref if choices else ""


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
