"""The native kernel numbers the states of made-up systems as a plain breadth-first search in Python does."""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from contextlib import suppress
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from random import Random

import pytest

from scenario.engines.explore.native.kernel import (
    OVER,
    TELLS,
    Done,
    Event,
    FullError,
    Kernel,
    Missing,
    Pause,
    Taught,
    Unnamed,
)

PLENTY = 1 << 28


class System:
    """Steps by dice. A shared part is (value, the thread that it names, or None); members of a group are alike."""

    def __init__(self, seed: int, *, groups: tuple[tuple[int, int], ...] = (), names: bool = False) -> None:
        self.seed = seed
        self.dice = Random(seed)
        self.threads = sum(length for _, length in groups) or self.dice.randint(1, 4)
        self.groups, self.names = groups, names
        self.values, self.parts = self.dice.randint(2, 6), self.dice.randint(2, 6)
        self.shared: list[tuple[int, int | None]] = [(0, None)]
        self.known: dict[tuple[int, int, int], list[Taught]] = {}

    def number(self, part: tuple[int, int | None]) -> int:
        if part not in self.shared:
            self.shared.append(part)
        return self.shared.index(part)

    def steps(self, shared: int, thread: int, part: int) -> list[Taught]:
        key = (shared, thread, part)
        if key not in self.known:
            self.known[key] = self._steps(*key)
        return self.known[key]

    def _steps(self, shared: int, thread: int, part: int) -> list[Taught]:
        value, owner = self.shared[shared]
        kind = next((g for g, (first, length) in enumerate(self.groups) if first <= thread < first + length), thread)
        mine = "nobody" if owner is None else "me" if owner == thread else "another"
        dice = Random(repr((self.seed, value, mine, kind, part)))
        ways = [self._way(dice, thread, owner) for _ in range(dice.choice((0, 1, 1, 2, 3)))]
        if self.seed % 5:
            return ways
        return [
            replace(way, part=part + 1 + way.part, others=()) for way in ways if part < self.parts
        ]  # without a circle

    def _way(self, dice: Random, thread: int, owner: int | None) -> Taught:
        named = dice.choice((owner, thread, None)) if self.names else None
        others = ()
        if not self.groups and dice.random() < 0.2:
            others = tuple((t, dice.randrange(self.parts)) for t in range(self.threads) if t != thread)[:2]
        is_spurious = dice.random() < 0.1
        return Taught(
            self.number((dice.randrange(self.values), named)), dice.randrange(self.parts), is_spurious, others
        )

    def flags(self, shared: int) -> int:
        value, _ = self.shared[shared]
        return (OVER if value == 1 else 0) | (TELLS if value == self.values - 1 else 0)

    def ranks(self, shared: int) -> list[int]:
        owner = self.shared[shared][1]
        return [] if owner is None else [int(owner == t) for t in range(self.threads)]

    def renamed(self, shared: int, order: tuple[int, ...]) -> int:
        value, owner = self.shared[shared]
        return self.number((value, None if owner is None else order.index(owner)))

    def canonical(self, state: tuple[int, ...]) -> tuple[int, ...]:
        order, owner = list(range(self.threads)), self.shared[state[0]][1]
        for first, length in self.groups:
            members = range(first, first + length)
            order[first : first + length] = sorted(members, key=lambda n: (state[1 + n], n == owner))
        return (self.renamed(state[0], tuple(order)), *(state[1 + n] for n in order))


def unhurried():
    """There is time."""


def by_hand(system: System) -> tuple[list[tuple[int, ...]], list[int], int, list[Event]]:
    """States in order, the first parent of each, how many steps, and what was to be looked at."""
    first = (0,) * (system.threads + 1)
    states, parents, numbers, steps, events = [first], [-1], {first: 0}, 0, []
    queue = deque([0])
    while queue:
        number = queue.popleft()
        state, kinds, telling = states[number], [], []
        for thread in range(system.threads) if not system.flags(state[0]) & OVER else ():
            for way in system.steps(state[0], thread, state[1 + thread]):
                after = list(state)
                after[0], after[1 + thread] = way.shared, way.part
                for other, part in way.others:
                    after[1 + other] = part
                to = system.canonical(tuple(after))
                if to not in numbers:
                    numbers[to] = len(states)
                    states.append(to)
                    parents.append(number)
                    queue.append(numbers[to])
                    if system.flags(to[0]) & TELLS and to[0] != state[0]:
                        telling.append(numbers[to])
                kinds.append(way.is_spurious)
        steps += len(kinds)
        end = all(kinds)
        if end or telling:
            events.append(Event(end, end and bool(kinds), tuple(telling)))
    return states, parents, steps, events


def by_kernel(system: System, *, at_a_time: int = 1 << 20) -> tuple[Kernel, list[Event]]:
    kernel = Kernel(system.threads, system.groups, PLENTY)
    marked, events = 0, []

    def mark() -> None:
        nonlocal marked
        kernel.mark((system.flags(n), system.ranks(n)) for n in range(marked, len(system.shared)))
        marked = len(system.shared)

    mark()
    kernel.add((0,) * (system.threads + 1))
    while True:
        match kernel.run(at_a_time, 1 << 30):
            case Done():
                return kernel, events
            case Missing(steps):
                taught = [(s, t, p, system.steps(s, t, p)) for s, t, p in steps]
                mark()
                kernel.teach(taught)
            case Unnamed(shared, order) as asked:
                number = system.renamed(shared, order)
                mark()
                kernel.rename(asked, number)
            case Event() as event:
                events.append(event)
            case Pause():
                pass


def before(system: System, states: list[tuple[int, ...]]) -> list[list[int]]:
    """The states before each."""
    numbers = {state: n for n, state in enumerate(states)}
    found: list[list[int]] = [[] for _ in states]
    for source, state in enumerate(states):
        for thread in range(system.threads) if not system.flags(state[0]) & OVER else ():
            for way in system.steps(state[0], thread, state[1 + thread]):
                after = list(state)
                after[0], after[1 + thread] = way.shared, way.part
                for other, part in way.others:
                    after[1 + other] = part
                found[numbers[system.canonical(tuple(after))]].append(source)
    return found


def is_acyclic(before: list[list[int]]) -> bool:
    try:
        TopologicalSorter(dict(enumerate(before))).prepare()
    except CycleError:
        return False
    return True


def told(events: list[Event]) -> tuple[list[tuple[bool, bool]], list[int]]:
    """What is looked at, whichever states it came with: ends in order, and new states in order."""
    return [(e.end, e.at_rest) for e in events if e.end], [n for e in events for n in e.telling]


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize("shape", ["alone", "alike", "named"])
def test_the_kernel_numbers_states_as_breadth_first_search_does(
    monkeypatch: pytest.MonkeyPatch, seed: int, shape: str
) -> None:
    monkeypatch.setattr(
        "scenario.engines.explore.native.kernel.AT_A_TIME", 3
    )  # passes over the graph, too, go on where they were
    groups = () if shape == "alone" else ((0, 3),) if seed % 2 else ((0, 2), (2, 3))
    make = lambda: System(seed, groups=groups, names=shape == "named")  # noqa: E731
    reference = make()
    states, parents, steps, events = by_hand(reference)
    system = make()
    kernel, seen = by_kernel(system, at_a_time=1 << 20 if seed % 3 else 1)
    as_parts = [(system.shared[s[0]], *s[1:]) for s in map(kernel.state, range(kernel.states))]
    assert as_parts == [(reference.shared[s[0]], *s[1:]) for s in states]
    assert [kernel.parent(n) for n in range(kernel.states)] == parents
    assert kernel.steps == steps
    assert told(seen) == told(events)
    assert [kernel.number(kernel.state(n)) for n in range(kernel.states)] == list(range(kernel.states))
    origins = before(reference, states)
    assert [list(kernel.before(n, unhurried)) for n in range(kernel.states)] == origins
    assert kernel.is_acyclic(unhurried) == is_acyclic(origins)
    assert {system.shared[n] for n in kernel.met()} == {reference.shared[s[0]] for s in states}
    depths = [0]
    for parent in parents[1:]:
        depths.append(depths[parent] + 1)
    begins = [n for n in range(1, len(depths)) if depths[n] != depths[n - 1]]
    assert list(kernel.levels())[1 : 1 + len(begins)] == begins


def test_a_kernel_without_room_says_so() -> None:
    kernel = Kernel(2, (), 5 << 19)
    kernel.mark([(0, ())])
    room = 0
    with suppress(FullError):
        for room in range(1 << 20):
            kernel.add((0, room, room))
    assert 20_000 < room < 1 << 19


def test_a_wide_choice_of_failures_is_told_whole() -> None:
    kernel = Kernel(1, (), PLENTY)
    kernel.mark([(0, ())] + [(TELLS | OVER, ())] * 3000)
    kernel.add((0, 0))
    telling: list[int] = []
    while not isinstance(answer := kernel.run(1 << 20, 1 << 30), Done):
        if isinstance(answer, Missing):
            kernel.teach((s, t, p, [Taught(n, n) for n in range(1, 3001)]) for s, t, p in answer.steps)
        elif isinstance(answer, Event):
            telling += answer.telling
    assert (telling, kernel.states, kernel.steps) == (list(range(1, 3001)), 3001, 3000)


def test_the_module_is_what_the_source_compiles_to() -> None:
    script = Path(__file__).parents[2] / "native" / "make_kernel.py"
    assert subprocess.run([sys.executable, script, "--check"], check=False).returncode == 0, f"run {script}"
