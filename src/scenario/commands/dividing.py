"""A sample divided among workers: walk number n is the same whoever takes it, so slices of numbers put together are the sample."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias, assert_never

from scenario.commands.asking import parts
from scenario.engines.explore.sample import sampled as sample
from scenario.engines.explore.sample.sampled import Planned, Walked
from scenario.engines.explore.sample.walks import Plan, Tally
from scenario.judge import judge
from scenario.program.program import Program
from scenario.record import record
from scenario.results.exploration import Exploration
from scenario.settings import ExploreOptions, Sampling

FIRST = 16
"""Walks of a worker's first slice, which tells how long they take."""
SECONDS = 3.0
"""Of a slice, as far as that can be known: a sample that is short of time is not far over it, and slices are worth their way."""
FASTER = 16
"""Times the walks of a slice that the next one may have."""


@record
class Planning:
    """How the walks of a sample are to be drawn."""

    program: Program
    options: ExploreOptions
    sampling: Sampling
    share: int = 1


@record
class Walking:
    """Some of its walks, by their numbers."""

    program: Program
    options: ExploreOptions
    plan: Plan
    first: int
    count: int
    share: int = 1


Part: TypeAlias = Planning | Walking
Piece: TypeAlias = Planned | Walked | Exploration


def done(part: Part, options: ExploreOptions) -> Piece:
    """What comes of a part."""
    judged = partial(judge, part.program)
    match part:
        case Planning(program, _, sampling):
            return sample.planned(program, options, sampling, judge=judged)
        case Walking(program, _, plan, first, count):
            return sample.walks(program, options, plan, range(first, first + count), judge=judged)
        case _:
            assert_never(part)


def divided(
    program: Program, options: ExploreOptions, sampling: Sampling, *, workers: int, share: int
) -> Generator[Sequence[Part], Sequence[object], Exploration]:
    """What a sample finds whose walks are taken in rounds, a slice for each worker."""
    (planned,) = yield [Planning(program, options, sampling, share)]
    if not isinstance(planned, Planned):
        assert isinstance(planned, Exploration), "why there is no sample"
        return planned
    left, size, tally = options.max_seconds * sample.SHARE - planned.seconds, FIRST, Tally()
    taken = 0
    while taken < sampling.walks and not (tally.spent or tally.interrupted):
        count = min(size * workers, sampling.walks - taken)
        slices = parts(count, workers)
        given = replace(options, max_seconds=max(left, 0.0))
        walked = yield [Walking(program, given, planned.plan, taken + of[0], len(of), share) for of in slices]
        known = [one for one in walked if isinstance(one, Walked)]
        for one in known:
            tally.also(one.tally)
        if len(known) < len(slices):
            tally.end(interrupted=True)
        longest = max(one.seconds for one in known)
        taken, left = taken + count, left - longest
        size = max(1, int(size * min(SECONDS / max(longest, 1e-3), FASTER)))
    found = sample.told(program, options, sampling, planned, tally, judge=partial(judge, program))
    return replace(found, seconds=options.max_seconds * sample.SHARE - left + found.seconds)
