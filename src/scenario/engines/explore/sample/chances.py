"""Who goes next on a walk by chance: uniformly by step, uniformly over interleavings, or by priorities that change (PCT)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import log
from random import Random
from typing import Protocol, TypeAlias

from scenario.chance import drawn, drawn_exactly
from scenario.engines.explore.step.transitions import State, Successor

First: TypeAlias = tuple[Fraction, State]


class Chance(Protocol):
    """Of one walk."""

    surprise: float
    """The logarithm of one over the probability of what it has chosen, where that is known."""

    def first(self, firsts: Sequence[First]) -> int:
        """Which of the first states."""
        ...

    def next(self, state: State, ways: Sequence[Successor]) -> Successor | None:
        """Which step; None: the walk ends here."""
        ...


class Uniform:
    """Each thread that can move is as likely as another, then each of its alternatives by its weight.

    A walk comes by an end with the probability that `--odds` gives it.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self.surprise = 0.0

    def first(self, firsts: Sequence[First]) -> int:
        return self._one_of([weight for weight, _ in firsts])

    def next(self, _state: State, ways: Sequence[Successor]) -> Successor | None:
        if is_end(ways):
            return None
        threads = sorted({step.thread for step in ways})
        self.surprise += log(len(threads))
        thread = self._random.choice(threads)
        own = [step for step in ways if step.thread == thread]
        return own[self._one_of([step.weight for step in own])]

    def _one_of(self, weights: Sequence[Fraction]) -> int:
        if len(weights) == 1:
            return 0
        number = drawn(self._random, weights)
        self.surprise -= log(weights[number] / sum(weights))
        return number


class Counted:
    """Each interleaving is as likely as another: a way is taken as often as interleavings go on by it."""

    def __init__(self, random: Random, counts: Mapping[State, int]) -> None:
        self._random, self._counts = random, counts
        self.surprise = 0.0

    def first(self, firsts: Sequence[First]) -> int:
        counts = [self._counts[state] for _, state in firsts]
        place = drawn_exactly(self._random, counts, sum(counts))
        assert place is not None, "all interleavings begin somewhere"
        return place

    def next(self, state: State, ways: Sequence[Successor]) -> Successor | None:
        place = drawn_exactly(self._random, [self._counts[step.state] for step in ways], self._counts[state])
        return None if place is None else ways[place]


class Priorities:
    """The thread with the highest priority goes; at `depth - 1` of the first `length` steps who has just gone gets a lowest one.

    PCT (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding
    bugs", ASPLOS 2010): what `depth` ordering constraints bring about shows with probability 1/(threads · length^(depth - 1)) at least.
    """

    def __init__(self, random: Random, threads: int, depth: int, length: int) -> None:
        self._random = random
        self._priorities = [depth + place for place in range(threads)]
        random.shuffle(self._priorities)
        self._changes = {random.randint(1, length): priority for priority in range(1, depth)}
        self._taken = 0
        self.surprise = 0.0

    def first(self, firsts: Sequence[First]) -> int:
        return drawn(self._random, [weight for weight, _ in firsts])

    def next(self, _state: State, ways: Sequence[Successor]) -> Successor | None:
        if is_end(ways):
            return None
        able = {step.thread for step in ways if step.kind != "spurious"}
        thread = max(able, key=self._priorities.__getitem__)
        self._taken += 1
        if (lowest := self._changes.get(self._taken)) is not None:
            self._priorities[thread] = lowest
        own = [step for step in ways if step.thread == thread]
        return own[drawn(self._random, [step.weight for step in own])]


def is_end(ways: Sequence[Successor]) -> bool:
    """Whether nothing that counts can move."""
    return all(step.kind == "spurious" for step in ways)
