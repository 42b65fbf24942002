"""From a program to what a sample of its interleavings shows: a failure is one, and without any there is an estimate."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from math import exp, fsum, inf

from scenario.collector import no_collection
from scenario.engines.explore.evidence.fates import ending
from scenario.engines.explore.evidence.trace import follow
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.sample.chances import First
from scenario.engines.explore.sample.interval import interval
from scenario.engines.explore.sample.tally import Plan, Planned, Shown, Tally, Walk, Walked
from scenario.engines.explore.sample.walks import Walker, walked
from scenario.engines.explore.search.reduce import Unreduced
from scenario.engines.explore.search.schedules.findings import described
from scenario.engines.explore.search.search import Ended, Judge, Progress, Search, Spent, Strategy, go, in_time
from scenario.engines.explore.search.summary import Seen, summed
from scenario.engines.explore.search.told.unexplored import unexplored
from scenario.engines.explore.step.transitions import State, along
from scenario.program.program import Program
from scenario.results.exploration import Exploration, Finding
from scenario.results.sample import Bound, Sample, Weighed
from scenario.results.undecided import NotAll, Undecided
from scenario.settings import ExploreOptions, Sampling

PILOTS = 20
"""Uniform walks that tell how long executions are, before priorities are drawn."""

SHARE = 0.8
"""Of the time, for walking: what was found is followed once more afterwards."""

FIRST = 0.2
"""Of that, for what is to be known before the first walk that counts."""

SHORTER = 0.3
"""Seconds for shorter ways among the states of walks, at most a third of what is left."""


def sampled(
    program: Program, options: ExploreOptions, sampling: Sampling, *, judge: Judge, progress: Progress | None = None
) -> Exploration:
    """Under the program's own settings, as the file stands: nothing is reduced but by the memory of steps."""
    began = time.monotonic()
    walker = _walker(program, options, options.max_seconds * SHARE, Plan("steps", sampling.seed), judge)
    if isinstance(walker, Exploration):
        return walker
    plan, count = _planned(walker, sampling)
    tally = walked(walker, range(sampling.walks), progress)
    found = _told(walker, sampling, Planned(plan, count, 0.0), tally)
    return replace(found, seconds=time.monotonic() - began)


def planned(program: Program, options: ExploreOptions, sampling: Sampling, *, judge: Judge) -> Planned | Exploration:
    """The first of three parts of a sample, for who lets others walk; or why there is none."""
    began = time.monotonic()
    if reasons := unexplored(program):
        return Exploration(exhausted=False, states=0, steps=0, seconds=0.0, undecided=reasons)
    walker = _walker(program, options, options.max_seconds * SHARE, Plan("steps", sampling.seed), judge)
    if isinstance(walker, Exploration):
        return walker
    plan, count = _planned(walker, sampling)
    return Planned(plan, count, time.monotonic() - began)


def walks(program: Program, options: ExploreOptions, plan: Plan, numbers: range, *, judge: Judge) -> Walked:
    """The second: the walks of these numbers, in at most `options.max_seconds`."""
    began, tally = time.monotonic(), Tally()
    walker = _walker(program, options, options.max_seconds, plan, judge)
    if isinstance(walker, Exploration):
        tally.end(spent=walker.undecided[0])
    elif _turned(walker, plan, tally):
        with no_collection():
            tally = walked(walker, numbers)
    return Walked(tally, time.monotonic() - began)


def _turned(walker: Walker, plan: Plan, tally: Tally) -> bool:
    """Whether there was time to find out again what the plan needs."""
    try:
        with walker.budget.searching(), PATIENCE.until(walker.budget.deadline):
            walker.turn_to(plan)
    except Unexplored as reason:
        tally.end(spent=reason.why)
        return False
    return True


def told(
    program: Program, options: ExploreOptions, sampling: Sampling, planned: Planned, tally: Tally, *, judge: Judge
) -> Exploration:
    """The third: what all of the walks have shown, in the order of their numbers; in at most `options.max_seconds`."""
    walker = _walker(program, options, options.max_seconds, planned.plan, judge)
    return walker if isinstance(walker, Exploration) else _told(walker, sampling, planned, tally)


def _walker(
    program: Program, options: ExploreOptions, seconds: float, plan: Plan, judge: Judge
) -> Walker | Exploration:
    budget = Budget(inf, seconds, options.max_memory)
    try:
        with budget.searching(), PATIENCE.until(budget.deadline):
            return Walker(program, budget, in_time(judge, budget), plan)
    except Unexplored as reason:
        spent = time.monotonic() - budget.began
        return Exploration(exhausted=False, states=0, steps=0, seconds=spent, undecided=(reason.why,))


def _told(walker: Walker, sampling: Sampling, planned: Planned, tally: Tally) -> Exploration:
    walker.budget.finish()
    sample = _sample(tally, planned.plan, sampling.walks, planned.interleavings, walker.threads)
    found = _followed(walker, tally.shown.values())
    return replace(
        found,
        steps=tally.steps,
        rows=tuple(replace(row, runs=runs) for row, runs in sorted(tally.rows.values(), key=lambda known: -known[1])),
        undecided=_reasons(tally),
        interrupted=found.interrupted or tally.interrupted,
        sample=sample,
    )


def _planned(walker: Walker, sampling: Sampling) -> tuple[Plan, int | None]:
    """How walks are drawn, and how many interleavings there are, if that is known in a part of the time."""
    plan, count = Plan("steps", sampling.seed), None
    with walker.budget.at_most(FIRST):
        if sampling.depth is not None:
            pilots = walked(walker, range(-PILOTS, 0))
            plan = Plan("priorities", sampling.seed, sampling.depth, max(pilots.longest, 1))
        else:
            with suppress(Unexplored), walker.budget.searching(), PATIENCE.until(walker.budget.deadline):
                count = walker.interleavings()
            plan = plan if count is None else Plan("interleavings", sampling.seed)
    walker.turn_to(plan)
    return plan, count


def _reasons(tally: Tally) -> tuple[Undecided, ...]:
    """Why nothing is said of all executions."""
    return NotAll("sampled"), *(() if tally.spent is None else (tally.spent,))


def _sample(tally: Tally, plan: Plan, asked: int, count: int | None, threads: int) -> Sample | None:
    if not tally.walks:
        return None
    low, high = interval(tally.bad, tally.bad + tally.cut, tally.walks)
    return Sample(
        plan.way,
        asked,
        tally.walks,
        tally.bad,
        tally.cut,
        plan.seed,
        low,
        high,
        tally.longest,
        tally.broken_off,
        count,
        _weighed(tally.weights) if plan.way == "steps" and len(tally.weights) == tally.walks else None,
        Bound(threads, plan.depth, plan.length) if plan.way == "priorities" else None,
    )


def _weighed(weights: Sequence[tuple[float, bool]]) -> Weighed:
    """Importance sampling: a walk of probability p stands for 1/p interleavings (Knuth, 1975)."""
    most = max(surprise for surprise, _ in weights)
    scaled = [(exp(surprise - most), is_bad) for surprise, is_bad in weights]
    total = fsum(weight for weight, _ in scaled)
    squares = fsum(weight * weight for weight, _ in scaled)
    return Weighed(fsum(weight for weight, is_bad in scaled if is_bad) / total, total * total / squares)


def _followed(walker: Walker, shown: Collection[Shown]) -> Exploration:
    """What the walks have found: on the shortest way among their states, or as they were walked where that takes too long."""
    search = Search(
        walker.stepper, walker.judge, reduction=Unreduced(), max_states=inf, stop_at_first=False, progress=None
    )
    with walker.budget.at_most(1 / 3, SHORTER):
        ended = go(search, _along([one.walk for one in shown], walker.firsts))
    told = summed(search, ended, Seen(deadlock=False, livelock=False), odds=False)
    known = {(found.failure.kind, found.failure.span) for found in search.failures.found}
    missing = [one for one in shown if (one.failure.kind, one.failure.span) not in known]
    return replace(told, findings=(*told.findings, *(_as_walked(walker, one) for one in missing)))


def _as_walked(walker: Walker, shown: Shown) -> Finding:
    """The failure at the end of the walk, or where it was seen first."""
    stepper, (_, start) = walker.stepper, walker.firsts[shown.walk.first]
    states = along(stepper, start, shown.walk.choices)
    seen = (number for number, state in enumerate(states) if shown.failure in stepper.shared[state[0]].failed)
    followed = follow(stepper, start, shown.walk.choices[: next(seen, len(states))])
    _, stuck = ending(stepper, states[-1]) if shown.failure.kind == "deadlock" else ("", ())
    return described(stepper, shown.failure, followed, stuck)


def _along(walks: Sequence[Walk], firsts: Sequence[First]) -> Strategy:
    """Nearest first, over the states of the walks alone."""

    def strategy(search: Search) -> Ended:
        queue = deque(search.begin())
        inside = set[State]()
        for walk in walks:
            search.hurry()
            inside.update(along(search.stepper, firsts[walk.first][1], walk.choices))
        while queue:
            number = queue.popleft()
            search.hurry()
            if search.graph.states[number] in inside:
                queue.extend(search.expand(number))
        return Spent(NotAll("sampled"), is_too_large=False)

    return strategy
