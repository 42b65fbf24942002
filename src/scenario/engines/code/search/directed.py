"""Straight to what no lock protects, and to locks that are taken in a circle: a thread is held there, while the others go on as far as they can.

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
from scenario.record import record


@record
class Target:
    """A thread by its number, where it is held the first time that it stands there, and who goes first, as far as that matters."""

    thread: int
    place: Place
    order: tuple[int, ...] = ()


PATIENT = 2_000
"""Steps of one thread in a row after which others are tried, for which it may wait."""


class Directed:
    """One execution a target; otherwise they go as `seen` did, the execution that shows the targets."""

    redundant = 0

    def __init__(self, seen: Sequence[Step]) -> None:
        self._order = tuple(dict.fromkeys(step.actor.number for step in seen))
        self._targets: Iterator[Target] = iter(dict.fromkeys([*circles(seen), *unprotected(seen)]))
        self._target = next(self._targets, None)
        self._is_over = False

    def begin(self) -> None:
        """Before each execution."""
        self._is_over = False

    def finish(self, world: World) -> None:
        """When an execution is over."""

    def advance(self) -> bool:
        """After each execution; False: all targets were tried."""
        self._target = next(self._targets, None)
        return self._target is not None

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int]:
        held = None if self._is_over else next((each for each in enabled if self._is_held(each)), None)
        others = [each for each in enabled if each is not held]
        self._is_over = self._is_over or (held is not None and not others)
        return self._favourite(world, others or [*enabled]), 0

    def _favourite(self, world: World, enabled: list[Actor]) -> Actor:
        """Whoever moved last, unless it has gone on for long; else the first."""
        last = world.steps[-1].actor if world.steps else None
        if last in enabled and last is not None and (len(enabled) == 1 or (world.streak + 1) % PATIENT):
            return last
        return min((each for each in enabled if each is not last), key=self._rank)

    def _rank(self, actor: Actor) -> tuple[int, int]:
        order = [] if self._target is None else [*self._target.order]
        order += [number for number in self._order if number not in order]
        return order.index(actor.number) if actor.number in order else len(order), actor.number

    def _is_held(self, actor: Actor) -> bool:
        of = self._target
        return of is not None and actor.next is not None and (actor.number, actor.next.place) == (of.thread, of.place)


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


def unprotected(steps: Sequence[Step]) -> Iterator[Target]:
    """Accesses of two threads to the same, of which one changes it, under no common lock."""
    holding = Holding()
    before: dict[Location, dict[tuple[Actor, Place], tuple[frozenset[Location], bool]]] = {}
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
                    yield Target(other.number, place)
                    yield Target(actor.number, operation.place)
            earlier[actor, operation.place] = (frozenset(held), changes)


Edge: TypeAlias = tuple[Actor, Place, frozenset[Location], Location]
"""A thread takes a lock at a place, while it holds others."""
LONGEST_CIRCLE = 6
MANY = 200
"""Edges among which circles are looked for."""


def circles(steps: Sequence[Step]) -> Iterator[Target]:
    """Threads each of which holds a lock that the one before it takes, under no common lock.

    The first is held before it takes that of the second; the last then comes up to the first's, the one before it up to the last's.
    """
    holding = Holding()
    edges: dict[Edge, None] = {}
    for step in steps:
        held = holding.before(step)
        if step.operation.takes is not None and held and len(edges) < MANY:
            edges[step.actor, step.operation.place, frozenset(held), step.operation.takes] = None
    for edge in edges:
        for (actor, place, _, _), *others in _circles([edge], edges):
            yield Target(actor.number, place, (actor.number, *(each[0].number for each in reversed(others))))


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
