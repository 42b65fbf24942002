"""Straight to what no lock protects, and to locks that are taken in a circle: threads are held there, while the others go on as far as they can.

As RaceFuzzer does (Sen, PLDI 2008) with candidates by locksets (Eraser, Savage and others 1997), and DeadlockFuzzer (Joshi and others, PLDI 2009)
with circles of locks. Most lost updates, torn reads and deadlocks show in the first few of these executions, however much code is
around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.operation import EVERYTHING, Location
from scenario.engines.code.places import Place
from scenario.engines.code.world import World

Target: TypeAlias = frozenset[tuple[int, Place]]
"""Threads by their numbers, and where each is held the first time that it stands there."""
PATIENT = 2_000
"""Steps of one thread in a row after which others are tried, for which it may wait."""


class Directed:
    """One execution a target; otherwise they go as `seen` did, the execution that shows the targets."""

    redundant = 0

    def __init__(self, seen: Sequence[Step]) -> None:
        self._order = {number: place for place, number in enumerate(dict.fromkeys(step.actor.number for step in seen))}
        self._targets: Iterator[Target] = iter([*circles(seen), *unprotected(seen)])
        self._target = next(self._targets, frozenset())
        self._is_over = False

    def begin(self) -> None:
        """Before each execution."""
        self._is_over = False

    def finish(self, world: World) -> None:
        """When an execution is over."""

    def advance(self) -> bool:
        """After each execution; False: all targets were tried."""
        self._target = next(self._targets, frozenset())
        return bool(self._target)

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int]:
        held = () if self._is_over else [each for each in enabled if self._is_held(each)]
        others = [each for each in enabled if each not in held]
        self._is_over = self._is_over or (bool(held) and not others)
        return self._favourite(world, others or [*enabled]), 0

    def _favourite(self, world: World, enabled: list[Actor]) -> Actor:
        """Whoever moved last, unless it has gone on for long; else the first."""
        last = world.steps[-1].actor if world.steps else None
        if last in enabled and last is not None and (len(enabled) == 1 or (world.streak + 1) % PATIENT):
            return last
        return min((each for each in enabled if each is not last), key=self._rank)

    def _rank(self, actor: Actor) -> tuple[int, int]:
        return self._order.get(actor.number, len(self._order)), actor.number

    def _is_held(self, actor: Actor) -> bool:
        return actor.next is not None and (actor.number, actor.next.place) in self._target


class Holding:
    """Which locks each thread holds, step by step."""

    def __init__(self) -> None:
        self._locks: dict[Actor, tuple[Location, ...]] = {}

    def before(self, step: Step) -> tuple[Location, ...]:
        """What its thread holds when it begins; notes what it takes or gives."""
        held = self._locks.get(step.actor, ())
        if step.operation.takes is not None and not step.timed_out:
            self._locks[step.actor] = (*held, step.operation.takes)
        elif step.operation.frees is not None:
            self._locks[step.actor] = _without_last(held, step.operation.frees)
        return held


def unprotected(steps: Sequence[Step]) -> dict[Target, None]:
    """Accesses of two threads to the same, of which one changes it, under no common lock."""
    holding = Holding()
    before: dict[Location, dict[tuple[Actor, Place], tuple[frozenset[Location], bool]]] = {}
    found: dict[Target, None] = {}
    for step in steps:
        operation, actor = step.operation, step.actor
        held = holding.before(step)
        if operation.verb not in ("reads", "writes"):
            continue
        for location, changes in operation.touches:
            if location == EVERYTHING:
                continue
            earlier = before.setdefault(location, {})
            for (other, place), (theirs, changed) in earlier.items():
                if other is not actor and (changes or changed) and theirs.isdisjoint(held):
                    found[frozenset({(other.number, place)})] = None
                    found[frozenset({(actor.number, operation.place)})] = None
            earlier[actor, operation.place] = (frozenset(held), changes)
    return found


Edge: TypeAlias = tuple[Actor, Place, frozenset[Location], Location]
"""A thread takes a lock at a place, while it holds others."""
LONGEST_CIRCLE = 6
MANY = 200
"""Edges among which circles are looked for."""


def circles(steps: Sequence[Step]) -> dict[Target, None]:
    """Threads each of which holds a lock that the one before it takes, under no common lock: held before that, all wait for each other."""
    holding = Holding()
    edges: dict[Edge, None] = {}
    for step in steps:
        held = holding.before(step)
        if step.operation.takes is not None and held and len(edges) < MANY:
            edges[step.actor, step.operation.place, frozenset(held), step.operation.takes] = None
    found: dict[Target, None] = {}
    for edge in edges:
        for circle in _circles([edge], edges):
            found[frozenset({(actor.number, place) for actor, place, _, _ in circle})] = None
    return found


def _circles(chain: list[Edge], edges: Iterable[Edge]) -> Iterator[list[Edge]]:
    """Those that begin with a chain; its first thread has the least number, so that each is found once."""
    first, last = chain[0], chain[-1]
    if len(chain) > 1 and last[3] in first[2]:
        yield chain
    elif len(chain) < LONGEST_CIRCLE:
        for edge in edges:
            follows = edge[0].number > first[0].number and last[3] in edge[2] and edge[3] != last[3]
            if follows and all(edge[0] is not each[0] and edge[2].isdisjoint(each[2]) for each in chain):
                yield from _circles([*chain, edge], edges)


def _without_last(held: tuple[Location, ...], lock: Location) -> tuple[Location, ...]:
    """One level of it given back."""
    place = len(held) - 1 - held[::-1].index(lock) if lock in held else len(held)
    return held[:place] + held[place + 1 :]
