"""What a sample of the interleavings says: what was drawn, how many failed, and what that is an estimate of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from scenario.report.summary import seconds
from scenario.report.values import numbered
from scenario.results.exploration import Exploration
from scenario.results.sample import Bound, Sample, Way

FEW = 30
"""Walks that the weights must make them as good as, before their share is shown."""


def sample_lines(exploration: Exploration, sample: Sample) -> Iterator[str]:
    """Paragraphs for a person."""
    taken = f"{sample.walks:,} of {sample.asked:,}" if sample.walks < sample.asked else f"{sample.walks:,}"
    took = f"{exploration.steps:,} step{'s' * (exploration.steps != 1)} in {seconds(exploration.seconds)}"
    yield f"sampled: {taken} walk{'s' * (sample.asked != 1)}, {_drawn(sample)} (seed {sample.seed}): {took}"
    yield _estimate(sample)
    if sample.cut:
        yield f"{_cut(sample)}: as far as they were taken nothing failed, and the interval allows for both"
    if sample.weighed is not None:
        yield from _weighed(sample)
    if sample.bound is not None:
        yield from _bound(sample.bound, sample.walks)


def _drawn(sample: Sample) -> str:
    match sample.way:
        case "interleavings":
            several = f"each of the {sample.interleavings or 0:,} interleavings as likely as another"
            return "the one interleaving" if sample.interleavings == 1 else several
        case "steps":
            return "at each step any thread that can move, with equal chance"
        case "priorities":
            return "each by random priorities that change (PCT)"
        case _:
            assert_never(sample.way)


def _estimate(sample: Sample) -> str:
    between = f"{_percent(sample.low)} to {_percent(sample.high)} at 95 % confidence (Clopper-Pearson)"
    if sample.share is None:
        return f"estimate: none, for none of them is known to its end; {between}"
    known = f" of {sample.walks - sample.cut:,}" if sample.cut else ""
    return f"estimate: {_percent(sample.share)} of {_of_all(sample.way)} fail, {between}; {sample.bad:,}{known} did"


def _cut(sample: Sample) -> str:
    """How many are not known to their ends, and why."""
    endless = sample.cut - sample.broken_off
    parts = [f"{endless:,} of them came to no end within {numbered(sample.longest, 'step')}"] if endless else []
    if sample.broken_off:
        parts.append(f"{sample.broken_off:,} {'was' if sample.broken_off == 1 else 'were'} broken off before the end")
    return ", ".join(parts)


def _of_all(way: Way) -> str:
    """What is estimated."""
    match way:
        case "interleavings":
            return "all interleavings"
        case "steps" | "priorities":
            return "all such walks"
        case _:
            assert_never(way)


def _weighed(sample: Sample) -> Iterator[str]:
    """Of the interleavings, where walks come by some more often than by others."""
    assert sample.weighed is not None
    share, effective = sample.weighed.share, sample.weighed.effective
    if effective < FEW:
        yield "of all interleavings, each counted once, these walks tell nothing: their chances differ too much"
    else:
        yield (
            f"of all interleavings, each counted once: about {_percent(share)} "
            f"(walks weighed by their chances, worth {effective:,.0f} drawn evenly)"
        )


def _bound(bound: Bound, walks: int) -> Iterator[str]:
    made = numbered(bound.depth, "ordering constraint")
    yield (
        f"PCT of depth {bound.depth}: what {made} in the first {numbered(bound.length, 'step')} of {numbered(bound.threads, 'thread')} bring about, "
        f"whatever is chosen, shows in one walk with probability {_probability(bound.of_one, 1 - bound.of_one)} or more, "
        f"in {walks:,} with {_probability(bound.of(walks), bound.missed(walks))}"
    )


def _probability(value: float, rest: float) -> str:
    """One near to 1 by what is missing: it is not certain."""
    return f"{value:.2g}" if rest > 0.01 else f"1 - {rest:.1g}" if rest else "1"


def _percent(share: float) -> str:
    """With so many digits that what is not all of them does not look like it."""
    shown = next(text for digits in range(3, 18) if float(text := f"{100 * share:.{digits}g}") < 100 or share >= 1)
    return f"{shown} %"
