"""Exact odds on the unreduced graph: interleavings, probabilities, fewest preemptions; per row and for all bad ones.

On an acyclic graph one pass in topological order counts paths (integers of any size) and adds fractions.
On a cyclic one the number of interleavings is not finite, and probabilities are those of the absorbing
Markov chain, solved exactly up to `MAX_CHAIN` states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scenario.engines.explore.search import Search
from scenario.engines.explore.stepper import Successor
from scenario.run.exploration import Odds

MAX_CHAIN = 400
"""States of a cyclic graph above which probabilities are left out."""


@dataclass(frozen=True, slots=True)
class Step:
    """An alternative as the odds see it."""

    thread: int
    target: int
    probability: Fraction
    by_timeout: bool


def weighed(search: Search) -> list[tuple[Step, ...]]:
    """The graph's steps with the probability of each: uniform among threads, then among alternatives."""
    graph, stepper = search.graph, search.stepper
    return [tuple(_steps(search, stepper.successors(state))) for state in graph.states]


def _steps(search: Search, successors: Sequence[Successor]) -> list[Step]:
    threads = {s.thread for s in successors}
    return [
        Step(s.thread, search.graph.numbers[s.state], s.weight / len(threads), s.kind != "ok") for s in successors
    ]


def odds(search: Search, groups: Sequence[Sequence[int]]) -> tuple[int | None, list[Odds]]:
    """All interleavings, and the odds of ending in each group of end states."""
    steps = weighed(search)
    initial = [(weight, search.graph.numbers[state]) for weight, state in search.stepper.initial()]
    order = _topological(steps)
    preemptions = _preemptions(steps, [n for _, n in initial])
    if order is None:
        chances = _chain(steps, initial) if len(steps) <= MAX_CHAIN else None
        return None, [
            Odds(None, None if chances is None else sum((chances[n] for n in group), Fraction(0)), _least(preemptions, group))
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


def _topological(steps: Sequence[Sequence[Step]]) -> list[int] | None:
    """An order in which every step goes forward; None if there is a cycle."""
    incoming = [0] * len(steps)
    for out in steps:
        for step in out:
            incoming[step.target] += 1
    ready = [n for n, count in enumerate(incoming) if not count]
    order = []
    while ready:
        number = ready.pop()
        order.append(number)
        for step in steps[number]:
            incoming[step.target] -= 1
            if not incoming[step.target]:
                ready.append(step.target)
    return order if len(order) == len(steps) else None


def _forward(
    steps: Sequence[Sequence[Step]], initial: Sequence[tuple[Fraction, int]], order: Sequence[int]
) -> tuple[list[int], list[Fraction]]:
    counts = [0] * len(steps)
    chances = [Fraction(0)] * len(steps)
    for weight, number in initial:
        counts[number] += 1
        chances[number] += weight
    for number in order:
        count, chance = counts[number], chances[number]
        for step in steps[number]:
            counts[step.target] += count
            chances[step.target] += chance * step.probability
    return counts, chances


def _chain(steps: Sequence[Sequence[Step]], initial: Sequence[tuple[Fraction, int]]) -> list[Fraction]:
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
        for step in out:
            if source in live:
                row = rows[step.target]
                row[source] = row.get(source, Fraction(0)) - step.probability
    return _solved(rows, right, live)


def _reaching(steps: Sequence[Sequence[Step]]) -> set[int]:
    reverse: dict[int, list[int]] = {}
    for source, out in enumerate(steps):
        for step in out:
            reverse.setdefault(step.target, []).append(source)
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


def _preemptions(steps: Sequence[Sequence[Step]], initial: Sequence[int]) -> dict[int, int]:
    """The fewest preemptions with which each end state can be reached.

    A preemption leaves a thread whose next step is enabled by more than a timeout. A 0-1 breadth-first
    search over (state, thread that moved last).
    """
    best: dict[tuple[int, int], int] = {}
    queue: deque[tuple[int, tuple[int, int]]] = deque((0, (number, -1)) for number in initial)
    result: dict[int, int] = {}
    while queue:
        cost, place = queue.popleft()
        if place in best:
            continue
        best[place] = cost
        number, last = place
        if not steps[number]:
            result.setdefault(number, cost)
        goes_on = any(step.thread == last and not step.by_timeout for step in steps[number])
        for step in steps[number]:
            after = (step.target, step.thread)
            if after in best:
                continue
            if goes_on and step.thread != last:
                queue.append((cost + 1, after))
            else:
                queue.appendleft((cost, after))
    return result
