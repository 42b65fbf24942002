"""A sample divided among workers: walk number n is the same whoever takes it, so slices of numbers put together are the sample."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias, assert_never

from scenario.commands.work.asking import parts
from scenario.engines.explore.sample.tally import Plan, Planned, Tally, Walked
from scenario.judge import judge
from scenario.program.program import Program
from scenario.record import record
from scenario.results.exploration import Exploration
from scenario.settings import ExploreOptions, Sampling


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
    from scenario.engines.explore.sample import sampled as sample

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
    """What a sample finds whose walks are taken in a slice for each worker, all in the time that is left when they begin."""
    from scenario.engines.explore.sample import sampled as sample

    (planned,) = yield [Planning(program, options, sampling, share)]
    if not isinstance(planned, Planned):
        assert isinstance(planned, Exploration), "why there is no sample"
        return planned
    left = replace(options, max_seconds=max(options.max_seconds * sample.SHARE - planned.seconds, 0.0))
    slices = parts(sampling.walks, workers)
    walked = yield [Walking(program, left, planned.plan, of[0], len(of), share) for of in slices]
    known = [one for one in walked if isinstance(one, Walked)]
    tally = Tally()
    for one in known:
        tally.also(one.tally)
    if len(known) < len(slices):
        tally.end(interrupted=True)
    found = sample.told(program, options, sampling, planned, tally, judge=partial(judge, program))
    return replace(found, seconds=planned.seconds + max(one.seconds for one in known) + found.seconds)
