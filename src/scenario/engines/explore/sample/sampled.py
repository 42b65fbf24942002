"""From a program to what a sample of its interleavings shows: a failure is one, and without any there is an estimate."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import exp, fsum, inf

from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.source import PATIENCE
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.sample.counting import interleavings
from scenario.engines.explore.sample.interval import interval
from scenario.engines.explore.sample.walks import Plan, Tally, Walk, walked
from scenario.engines.explore.search.reduce import Unreduced
from scenario.engines.explore.search.search import Ended, Judge, Progress, Search, Spent, Strategy, go, in_time
from scenario.engines.explore.search.summary import Seen, summed
from scenario.engines.explore.step.layout import layout
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.transitions import along
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.results.sample import Bound, Sample, Weighed
from scenario.results.undecided import NotAll, Undecided
from scenario.settings import ExploreOptions, Sampling

PILOTS = 20
"""Uniform walks that tell how long executions are, before priorities are drawn."""

SHARE = 0.8
"""Of the time, for walking: what was found is followed once more afterwards."""


def sampled(
    program: Program, options: ExploreOptions, sampling: Sampling, *, judge: Judge, progress: Progress | None = None
) -> Exploration:
    """Under the program's own settings, as the file stands: nothing is reduced but by the memory of steps."""
    began = time.monotonic()
    budget = Budget(inf, options.max_seconds * SHARE, options.max_memory)
    judge = in_time(judge, budget)
    try:
        with budget.searching(), PATIENCE.until(budget.deadline):
            plan, count = _planned(program, budget, judge, sampling)
    except Unexplored as reason:
        return Exploration(
            exhausted=False, states=0, steps=0, seconds=time.monotonic() - began, undecided=(reason.why,)
        )
    tally = walked(program, budget, judge, plan, range(sampling.walks), progress)
    budget.finish()
    sample = _sample(tally, plan, sampling.walks, count, len(layout(program).threads))
    told = _followed(program, budget, judge, tally.shown.values())
    return replace(
        told,
        steps=tally.steps,
        seconds=time.monotonic() - began,
        rows=tuple(replace(row, runs=runs) for row, runs in sorted(tally.rows.values(), key=lambda known: -known[1])),
        undecided=_reasons(tally),
        interrupted=told.interrupted or tally.interrupted,
        sample=sample,
    )


def _planned(program: Program, budget: Budget, judge: Judge, sampling: Sampling) -> tuple[Plan, int | None]:
    """How walks are drawn, and how many interleavings there are, if that is known. Raises Unexplored."""
    if sampling.depth is not None:
        pilots = walked(program, budget, judge, Plan("steps", sampling.seed), range(-PILOTS, 0))
        return Plan("priorities", sampling.seed, sampling.depth, max(pilots.longest, 1)), None
    stepper = Memo(layout(program), budget)
    firsts = [state for _, state in stepper.initial()]
    counts = interleavings(stepper, firsts)
    if counts is None:
        return Plan("steps", sampling.seed), None
    return Plan("interleavings", sampling.seed), sum(counts[state] for state in firsts)


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
        count,
        _weighed(tally.weights) if plan.way == "steps" and not tally.cut else None,
        Bound(threads, plan.depth, plan.length) if plan.way == "priorities" else None,
    )


def _weighed(weights: Sequence[tuple[float, bool]]) -> Weighed:
    """Importance sampling: a walk of probability p stands for 1/p interleavings (Knuth, 1975)."""
    most = max(surprise for surprise, _ in weights)
    scaled = [(exp(surprise - most), is_bad) for surprise, is_bad in weights]
    total = fsum(weight for weight, _ in scaled)
    squares = fsum(weight * weight for weight, _ in scaled)
    return Weighed(fsum(weight for weight, is_bad in scaled if is_bad) / total, total * total / squares)


def _followed(program: Program, budget: Budget, judge: Judge, walks: Iterable[Walk]) -> Exploration:
    """What these walks have found, on the shortest way among their states."""
    search = Search(
        Memo(layout(program), budget), judge, reduction=Unreduced(), max_states=inf, stop_at_first=False, progress=None
    )
    ended = go(search, _along(list(walks)))
    return summed(search, ended, Seen(deadlock=False, livelock=False), odds=False)


def _along(walks: Sequence[Walk]) -> Strategy:
    """Nearest first, over the states of the walks alone."""

    def strategy(search: Search) -> Ended:
        queue = deque(search.begin())
        firsts = search.stepper.initial()
        inside = {state for walk in walks for state in along(search.stepper, firsts[walk.first][1], walk.choices)}
        while queue:
            number = queue.popleft()
            search.hurry()
            if search.graph.states[number] in inside:
                queue.extend(search.expand(number))
        return Spent(NotAll("sampled"), is_too_large=False)

    return strategy
