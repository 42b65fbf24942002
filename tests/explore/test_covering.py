"""Any number of threads: what is said of all numbers, against each number by itself and against a search backward (Abdulla et al., 1996).

The systems are random: a few shared values, places and queues, steps that wake one or all who are queued.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from drawn import examples
from explore.threads_oracle import fair_cycle
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario.engines.explore.coverability.counting import Counting
from scenario.engines.explore.coverability.covering import Covering
from scenario.engines.explore.coverability.rounds import goes_on
from scenario.engines.explore.coverability.system import Beginning, Crowd, Move, Wake

EXAMPLES = examples(100)
SHARED, PLACES = 3, 6
ENDED, QUEUED, WOKEN = 5, (3, 4), 2
"""Threads at 3 and 4 are in the queue, and go on from 2 and 0."""


class Random(NamedTuple):
    """A system from a table."""

    table: dict[tuple[int, int], tuple[Move, ...]]
    crowds: tuple[Crowd, ...]

    def beginning(self) -> Beginning:
        return Beginning(0, self.crowds)

    def moves(self, shared: int, place: int) -> tuple[Move, ...]:
        return self.table.get((shared, place), ())

    def woken(self, place: int, _: int) -> int | None:
        return {3: 2, 4: 0}.get(place)

    def has_ended(self, place: int) -> bool:
        return place == ENDED

    def is_bounded(self, place: int, /) -> bool:
        return False


@st.composite
def systems(draw: Any, *, wakes: tuple[Wake | None, ...] = (None, None, Wake(0, False), Wake(0, True))) -> Random:
    move = st.builds(
        Move, st.integers(0, SHARED - 1), st.integers(0, PLACES - 1), st.sampled_from(wakes),
        st.sampled_from((False,) * 9 + (True,)), st.sampled_from((False,) * 9 + (True,)),
    )  # fmt: skip
    keys = [(s, p) for s in range(SHARED) for p in range(PLACES) if p != ENDED]
    some = draw(st.lists(st.sampled_from(keys), unique=True, max_size=9))
    table = {key: tuple(draw(st.lists(move, min_size=1, max_size=2))) for key in some}
    crowd = Crowd(draw(st.sampled_from(((0,), (0, 1)))), None)
    other = draw(st.sampled_from(((), (Crowd((1,), 1),), (Crowd((1, 2), 2),))))
    return Random(table, (crowd, *other))


def firsts(system: Random, n: int) -> Iterator[tuple[int, ...]]:
    """The places of all threads, in each way in which they begin."""
    return (
        tuple(place for group in groups for place in group)
        for groups in product(*(product(c.places, repeat=n if c.size is None else c.size) for c in system.crowds))
    )


def steps(system: Random, state: tuple[int, ...]) -> Iterator[tuple[int, Move, tuple[int, ...], set[int]]]:
    """Each step of each thread: who took it, what it is, the state after it, who was moved."""
    shared, *places = state
    for n, place in enumerate(places):
        for move in system.moves(shared, place):
            after = [*places]
            after[n] = -1
            waiting = [i for i, p in enumerate(after) if p in QUEUED] if move.wake else []
            chosen = [waiting] if move.wake is None or move.wake.all or not waiting else [[i] for i in waiting]
            for woken in chosen:
                there = [WOKEN if i in woken and p == 3 else 0 if i in woken else p for i, p in enumerate(after)]
                there[n] = move.place
                yield n, move, (move.shared, *there), {n, *woken}


class Explicit:
    """All that so many threads do."""

    def __init__(self, system: Random, n: int) -> None:
        self.fails = False
        self.edges: dict[tuple[int, ...], list[tuple[tuple[int, ...], set[int]]]] = {}
        self.able: dict[tuple[int, ...], set[int]] = {}
        self.most: Counter[int] = Counter()
        pending = [(0, *places) for places in firsts(system, n)]
        while pending:
            state = pending.pop()
            if state in self.edges:
                continue
            self.most |= Counter(state[1:])
            out, able = self.edges.setdefault(state, []), self.able.setdefault(state, set())
            for who, move, after, moved in steps(system, state):
                if move.fails:
                    self.fails = True
                    continue
                pending.append(after)
                if not move.spurious:
                    able.add(who)
                    out.append((after, moved))
        self.ends = {state[0]: True for state, able in self.able.items() if not able}
        self.stuck = any(not able and any(p != ENDED for p in state[1:]) for state, able in self.able.items())


def look() -> None:
    """No budget."""


def backward_fails(system: Random) -> bool:
    """Whether a failing step can be reached with some number of threads, by going backward."""
    basis: list[tuple[int, Counter[int]]] = []
    pending = [
        (shared, Counter([place])) for (shared, place), moves in system.table.items() if any(m.fails for m in moves)
    ]
    while pending:
        shared, counts = pending.pop()
        if any(s == shared and less <= counts for s, less in basis):
            continue
        basis = [(s, more) for s, more in basis if s != shared or not counts <= more] + [(shared, counts)]
        for (before, place), moves in system.table.items():
            for move in moves:
                if not move.fails and move.shared == shared:
                    rest = counts - Counter([move.place])
                    pending += [(before, less + Counter([place])) for less in unwoken(move.wake, rest)]
    return any(shared == 0 and begins(system, counts) for shared, counts in basis)


def unwoken(wake: Wake | None, after: Counter[int]) -> Iterator[Counter[int]]:
    """Who must be where at least before the wake, the waking thread apart."""
    waiting = after[3] + after[4]
    if wake is None or not waiting:
        yield after
    if wake is not None and wake.all and not waiting:
        for i, j in product(range(after[2] + 1), range(after[0] + 1)):
            yield after - Counter({2: i, 0: j}) + Counter({3: i, 4: j})
    if wake is not None and not wake.all:
        yield after - Counter([2]) + Counter([3])
        yield after - Counter([0]) + Counter([4])


def begins(system: Random, counts: Counter[int]) -> bool:
    """Whether some number of threads begins with these among them."""
    return any(
        all(
            count <= sum(group.count(place) for group in groups)
            or place in system.crowds[0].places
            for place, count in counts.items()
        )
        for groups in product(*(product(c.places, repeat=c.size) for c in system.crowds[1:]))
    )  # fmt: skip


@settings(max_examples=EXAMPLES)
@given(systems())
def test_what_is_said_of_all_numbers_is_so_of_each(system: Random):
    covering = Covering(system, look)
    each = [Explicit(system, n) for n in (1, 2, 3)]
    assert covering.fails or not any(one.fails for one in each)
    if covering.fails:
        return
    assert all(count <= covering.most[place] for one in each for place, count in one.most.items())
    graph = Counting(system, covering, look)
    ends = list(graph.ends)
    stuck = any(place != ENDED for end in ends for place, _ in end.counts)
    assert stuck or not any(one.stuck for one in each)
    assert {shared for one in each for shared in one.ends} <= {end.shared for end in ends}
    for fairness in ("strong", "weak"):
        if not goes_on(graph, fairness, look):
            assert not any(fair_cycle(one.edges, one.able, fairness) for one in each), fairness


@settings(max_examples=EXAMPLES)
@given(systems())
def test_going_backward_finds_the_same_failures(system: Random):
    covering = Covering(system, look)
    exact = not any(move.wake and move.wake.all for moves in system.table.values() for move in moves)
    backward = backward_fails(system)
    assert covering.fails == backward if exact else covering.fails >= backward
