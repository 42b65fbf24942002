"""Exact odds on the unreduced graph: interleavings, probabilities, fewest preemptions; per row and for all bad ones.

On an acyclic graph one pass in topological order counts paths (integers of any size) and adds fractions.
On a cyclic one the number of interleavings is not finite, and probabilities are those of the absorbing
Markov chain, solved exactly up to `MAX_CHAIN` states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from scenario.engines.explore.graphs import Edge, topological
from scenario.engines.explore.search import Search
from scenario.run.exploration import Odds

Steps: TypeAlias = Sequence[Sequence[Edge]]

MAX_CHAIN = 400
"""States of a cyclic graph above which probabilities are left out."""


def odds(search: Search, groups: Sequence[Sequence[int]]) -> tuple[int | None, list[Odds]]:
    """All interleavings, and the odds of ending in each group of end states."""
    steps = [edges or () for edges in search.graph.edges]
    initial = [(weight, search.graph.numbers[state]) for weight, state in search.stepper.initial()]
    order = topological(steps)
    preemptions = _preemptions(steps, [n for _, n in initial])
    if order is None:
        chances = _chain(steps, initial) if len(steps) <= MAX_CHAIN else None
        return None, [
            Odds(
                None,
                None if chances is None else sum((chances[n] for n in group), Fraction(0)),
                _least(preemptions, group),
            )
            for group in groups
        ]
    counts, chances = _forward(steps, initial, order)
    ends = [n for n, out in enumerate(steps) if not out]
    return sum(counts[n] for n in ends), [
        Odds(sum(counts[n] for n in group), sum((chances[n] for n in group), Fraction(0)), _least(preemptions, group))
        for group in groups
    ]


def _least(preemptions: dict[int, int], group: Sequence[int]) -> int | None:
    return min((preemptions[n] for n in group if n in preemptions), default=None)


def _forward(
    steps: Steps, initial: Sequence[tuple[Fraction, int]], order: Sequence[int]
) -> tuple[list[int], list[Fraction]]:
    """For each state the number of ways to it and their probability.

    Probabilities are kept as integers over `base` to the power of the state's longest distance from the
    start (`base` is a multiple of every step's denominator): a million additions of fractions would
    spend their time in greatest common divisors.
    """
    counts, chances, far = [0] * len(steps), [0] * len(steps), [0] * len(steps)
    base = lcm(*{weight.denominator * n for out in steps for n in (_movers(out),) for _, _, weight, _ in out}, 1)
    for number in order:
        for _, target, _, _ in steps[number]:
            far[target] = max(far[target], far[number] + 1)
    unit = lcm(*(weight.denominator for weight, _ in initial))
    for weight, number in initial:
        counts[number] += 1
        chances[number] += int(weight * unit)
    for number in order:
        count, chance, out = counts[number], chances[number], steps[number]
        movers = _movers(out)
        for _, target, weight, _ in out:
            counts[target] += count
            share = chance * (base * weight.numerator // (movers * weight.denominator))
            gap = far[target] - far[number] - 1
            chances[target] += share * base**gap if gap else share
    return counts, [Fraction(c, unit * base ** far[n]) if not steps[n] else Fraction(0) for n, c in enumerate(chances)]


def _movers(out: Sequence[Edge]) -> int:
    """How many threads can move."""
    return len({thread for thread, _, _, _ in out})


def _chain(steps: Steps, initial: Sequence[tuple[Fraction, int]]) -> list[Fraction]:
    """How often each state is visited in the mean, which at an end state is its probability.

    Gaussian elimination on x = initial + x P, exactly; states that never reach an end have no finite
    mean and are left at 0 (an execution that goes on for ever ends in no row).
    """
    size = len(steps)
    live = _reaching(steps)
    rows = [{n: Fraction(1)} for n in range(size)]
    right = [Fraction(0)] * size
    for weight, number in initial:
        right[number] += weight
    for source, out in enumerate(steps):
        for _, target, weight, _ in out:
            if source in live:
                row = rows[target]
                row[source] = row.get(source, Fraction(0)) - weight / _movers(out)
    return _solved(rows, right, live)


def _reaching(steps: Steps) -> set[int]:
    reverse: dict[int, list[int]] = {}
    for source, out in enumerate(steps):
        for _, target, _, _ in out:
            reverse.setdefault(target, []).append(source)
    seen = {n for n, out in enumerate(steps) if not out}
    queue = list(seen)
    while queue:
        for source in reverse.get(queue.pop(), ()):
            if source not in seen:
                seen.add(source)
                queue.append(source)
    return seen


def _solved(rows: list[dict[int, Fraction]], right: list[Fraction], live: set[int]) -> list[Fraction]:
    names = sorted(live)
    for pivot in names:
        row, value = rows[pivot], rows[pivot][pivot]
        for other in names:
            factor = rows[other].get(pivot)
            if other == pivot or not factor:
                continue
            ratio = factor / value
            for column, entry in row.items():
                rows[other][column] = rows[other].get(column, Fraction(0)) - ratio * entry
            right[other] -= ratio * right[pivot]
    return [right[n] / rows[n][n] if n in live else Fraction(0) for n in range(len(rows))]


def _preemptions(steps: Steps, initial: Sequence[int]) -> dict[int, int]:
    """The fewest preemptions with which each end state can be reached.

    A preemption leaves a thread whose next step is enabled by more than a timeout. A 0-1 breadth-first
    search over (state, thread that moved last), coded as one integer.
    """
    width = 2 + max((thread for out in steps for thread, _, _, _ in out), default=0)
    goes_on = [frozenset(thread for thread, _, _, by_timeout in out if not by_timeout) for out in steps]
    seen = bytearray(width * len(steps))
    queue: deque[tuple[int, int]] = deque((0, number * width + width - 1) for number in initial)
    result: dict[int, int] = {}
    while queue:
        cost, place = queue.popleft()
        if seen[place]:
            continue
        seen[place] = 1
        number, last = divmod(place, width)
        if not steps[number]:
            result.setdefault(number, cost)
        preempts = last in goes_on[number]
        for thread, target, _, _ in steps[number]:
            after = target * width + thread
            if seen[after]:
                continue
            if preempts and thread != last:
                queue.append((cost + 1, after))
            else:
                queue.appendleft((cost, after))
    return result
