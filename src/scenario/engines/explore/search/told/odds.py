"""Exact odds on the unreduced graph: interleavings, probabilities, fewest preemptions; per row and for all bad ones.

On an acyclic graph one pass in topological order counts paths (integers of any size) and adds fractions.
An end that only a spurious wake-up would leave is one (nothing that counts can move): by chance an execution
stays there, and those that are woken all the same are counted. On a cyclic one the number of interleavings is not finite, and probabilities are those of the absorbing
Markov chain, solved exactly up to `MAX_CHAIN` states.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from scenario.engines.explore.search.reachability import Each, Edge, backwards
from scenario.engines.explore.search.search import Search
from scenario.engines.explore.step.local import ONE
from scenario.results.exploration import Odds

Steps: TypeAlias = Sequence[Sequence[Edge]]

MAX_CHAIN = 400
"""States of a cyclic graph above which probabilities are left out."""


def odds(search: Search, groups: Sequence[Sequence[int]]) -> tuple[int | None, list[Odds]]:
    """All interleavings, and the odds of ending in each group of end states. Raises TimeIsUp."""
    search.hurry()
    order, graph = search.order, search.graph
    steps: list[Sequence[Edge]] = [edges or () for edges in graph.edges]
    if order is None:
        _absorb(steps, graph.ends, search.hurried)
    initial = [(weight, search.graph.numbers[state]) for weight, state in search.stepper.initial()]
    preemptions = _preemptions(steps, [n for _, n in initial], order, search.hurried)
    if order is None:
        ended = [() if n in graph.at_rest else out for n, out in enumerate(steps)]
        chances = _chain(ended, initial, search) if len(steps) <= MAX_CHAIN else None
        return None, [
            Odds(
                None,
                None if chances is None else sum((chances[n] for n in group if not ended[n]), Fraction(0)),
                _least(preemptions, group),
            )
            for group in groups
        ]
    counts, chances = _forward(steps, initial, order, graph.ends, search.hurried)
    return sum(counts[n] for n in graph.ends), [
        Odds(sum(counts[n] for n in group), sum((chances[n] for n in group), Fraction(0)), _least(preemptions, group))
        for group in groups
    ]


def _absorb(steps: list[Sequence[Edge]], ends: Iterable[int], each: Each) -> None:
    """Makes an execution that will go on for ever be over where it is judged.

    That is where the last thread got stuck, or where a livelock begins that nothing leaves; a livelock that
    chance leaves again is one of probability 0.
    """
    leaving = _leaving(steps, each)
    for number in ends:
        if number not in leaving:
            steps[number] = ()


def _least(preemptions: dict[int, int], group: Sequence[int]) -> int | None:
    return min((preemptions[n] for n in group if n in preemptions), default=None)


def _forward(
    steps: Steps, initial: Sequence[tuple[Fraction, int]], order: Sequence[int], ends: Collection[int], each: Each
) -> tuple[list[int], list[Fraction]]:
    """For each state the number of ways to it, and for each end the probability of ending there.

    Probabilities are kept as integers over `base` to the power of the state's longest distance from the
    start (`base` is a multiple of every step's denominator): a million additions of fractions would
    spend their time in greatest common divisors.
    """
    counts, chances, far = [0] * len(steps), [0] * len(steps), [0] * len(steps)
    movers = [len({edge[0] for edge in out}) for out in steps]
    shares = {(weight, n) for out, n in zip(steps, movers, strict=True) for _, _, weight, _ in out if weight is not ONE}
    base = lcm(*filter(None, movers), *(weight.denominator * n for weight, n in shares))
    whole = [base // n if n and not base % n else 0 for n in range(max(movers, default=0) + 1)]
    split = {(weight, n): base * weight.numerator // (n * weight.denominator) for weight, n in shares}
    for number in each(order):
        beyond = far[number] + 1
        for _, target, _, _ in steps[number]:
            far[target] = max(far[target], beyond)
    powers = [base**n for n in range(max(far, default=0) + 1)]
    unit = lcm(*(weight.denominator for weight, _ in initial))
    for weight, number in initial:
        counts[number] += 1
        chances[number] += int(weight * unit)
    for number in each(order):
        count, here, ways = counts[number], far[number] + 1, movers[number]
        chance = 0 if number in ends else chances[number]  # what is at rest leaves by no chance
        for _, target, weight, _ in steps[number]:
            counts[target] += count
            share = chance * (whole[ways] if weight is ONE else split[weight, ways])
            chances[target] += share * powers[far[target] - here] if far[target] > here else share
    return counts, [Fraction(c, unit * powers[far[n]]) if n in ends else Fraction(0) for n, c in enumerate(chances)]


def _movers(out: Sequence[Edge]) -> int:
    """How many threads can move."""
    return len({thread for thread, _, _, _ in out})


def _chain(steps: Steps, initial: Sequence[tuple[Fraction, int]], search: Search) -> list[Fraction]:
    """How often each state is visited in the mean, which at an end state is its probability.

    Gaussian elimination on x = initial + x P, exactly; states that never reach an end have no finite
    mean and are left at 0 (an execution that goes on for ever ends in no row).
    """
    size = len(steps)
    live = _leaving(steps, search.hurried)
    rows = [{n: Fraction(1)} for n in range(size)]
    right = [Fraction(0)] * size
    for weight, number in initial:
        right[number] += weight
    for source, out in enumerate(steps):
        for _, target, weight, _ in out:
            if source in live:
                row = rows[target]
                row[source] = row.get(source, Fraction(0)) - weight / _movers(out)
    return _solved(rows, right, live, search.hurry)


def _leaving(steps: Steps, each: Each) -> set[int]:
    """The states from which an end can be reached."""
    return backwards(steps, (n for n, out in enumerate(steps) if not out), each)


def _solved(
    rows: list[dict[int, Fraction]], right: list[Fraction], live: set[int], hurry: Callable[[], None]
) -> list[Fraction]:
    names = sorted(live)
    for pivot in names:
        row, value = rows[pivot], rows[pivot][pivot]
        for other in names:
            factor = rows[other].get(pivot)
            if other == pivot or not factor:
                continue
            hurry()
            ratio = factor / value
            for column, entry in row.items():
                rows[other][column] = rows[other].get(column, Fraction(0)) - ratio * entry
            right[other] -= ratio * right[pivot]
    return [right[n] / rows[n][n] if n in live else Fraction(0) for n in range(len(rows))]


def _preemptions(steps: Steps, initial: Sequence[int], order: Sequence[int] | None, each: Each) -> dict[int, int]:
    """The fewest preemptions with which each state can be reached.

    A preemption leaves a thread whose next step is enabled by more than a timeout. `costs[state][last]` is
    the least for arriving with `last` having moved; one pass where there is a topological order, else
    passes until nothing changes.
    """
    width = 2 + max((thread for out in steps for thread, _, _, _ in out), default=0)
    never = len(steps) + 1
    costs = [[never] * width for _ in steps]
    for number in initial:
        costs[number][width - 1] = 0  # nobody has moved
    pending: Iterable[int] = order if order is not None else range(len(steps))
    while _lowered(steps, costs, each(pending), never) and order is None:
        pass
    return {n: least for n, here in enumerate(costs) if (least := min(here)) < never}


def _lowered(steps: Steps, costs: list[list[int]], pending: Iterable[int], never: int) -> bool:
    """Passes the costs of the pending states on; whether any became less."""
    changed = False
    for number in pending:
        here, out = costs[number], steps[number]
        lowest = min(here)
        if lowest == never:
            continue
        ended = here.copy()
        for thread, _, _, by_timeout in out:
            if not by_timeout:  # it could go on
                ended[thread] = never
        switching = min(*ended, lowest + 1)
        for thread, target, _, _ in out:
            cost = min(here[thread], switching)
            if cost < costs[target][thread]:
                costs[target][thread] = cost
                changed = True
    return changed
