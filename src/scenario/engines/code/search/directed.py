"""Straight to what no lock protects: a thread is held before such an access, while the others go on as far as they can.

As RaceFuzzer does (Sen, PLDI 2008), with candidates by locksets (Eraser, Savage and others 1997). Most lost updates and torn reads
show in the first few of these executions, however much code is around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.operation import EVERYTHING, Location
from scenario.engines.code.places import Place
from scenario.engines.code.world import World

Target: TypeAlias = tuple[int, Place]
"""A thread by its number, and where it is held the first time that it stands there."""


PATIENT = 2_000
"""Steps of one thread in a row after which others are tried, for which it may wait."""


class Directed:
    """One execution a target; `candidates`: the targets that the last execution has shown."""

    redundant = 0

    def __init__(self, targets: Iterable[Target]) -> None:
        self._targets: Iterator[Target] = iter(targets)
        self._target = next(self._targets, None)
        self._is_over = False
        self.candidates: tuple[Target, ...] = ()

    def begin(self) -> None:
        """Before each execution."""
        self._is_over = False

    def finish(self, world: World) -> None:
        """When an execution is over."""
        self.candidates = tuple(unprotected(world.steps))

    def advance(self) -> bool:
        """After each execution; False: all targets were tried."""
        self._target = next(self._targets, None)
        return self._target is not None

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int]:
        held = None if self._is_over else next((each for each in enabled if self._is_held(each)), None)
        others = {each: ways for each, ways in enabled.items() if each is not held}
        self._is_over = self._is_over or (held is not None and not others)
        return world.favourite(others or enabled, PATIENT), 0

    def _is_held(self, actor: Actor) -> bool:
        return actor.next is not None and (actor.number, actor.next.place) == self._target


def unprotected(steps: Sequence[Step]) -> dict[Target, None]:
    """Accesses of two threads to the same, of which one changes it, under no common lock."""
    locks: dict[Actor, tuple[Location, ...]] = {}
    before: dict[Location, dict[tuple[Actor, Place], tuple[frozenset[Location], bool]]] = {}
    found: dict[Target, None] = {}
    for step in steps:
        operation, actor = step.operation, step.actor
        held = locks.get(actor, ())
        if operation.takes is not None and not step.timed_out:
            locks[actor] = (*held, operation.takes)
        elif operation.frees is not None:
            locks[actor] = _without_last(held, operation.frees)
        elif operation.verb in ("reads", "writes"):
            for location, changes in operation.touches:
                if location == EVERYTHING:
                    continue
                earlier = before.setdefault(location, {})
                for (other, place), (theirs, changed) in earlier.items():
                    if other is not actor and (changes or changed) and theirs.isdisjoint(held):
                        found[other.number, place] = found[actor.number, operation.place] = None
                earlier[actor, operation.place] = (frozenset(held), changes)
    return found


def _without_last(held: tuple[Location, ...], lock: Location) -> tuple[Location, ...]:
    """One level of it given back."""
    place = len(held) - 1 - held[::-1].index(lock) if lock in held else len(held)
    return held[:place] + held[place + 1 :]
