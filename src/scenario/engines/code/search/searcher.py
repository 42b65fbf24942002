"""What a strategy is: a chooser for one execution after the other. They repeat: the same choices lead to the same places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from scenario.engines.code.actors import Actor
from scenario.engines.code.places import Place
from scenario.engines.code.world import Chooser, World


class Searcher(Chooser, Protocol):
    """`redundant`: executions that were given up, since they could only repeat what was covered."""

    redundant: int

    def begin(self) -> None:
        """Before each execution."""

    def finish(self, world: World) -> None:
        """When it is over, and its threads still stand where it ended."""

    def advance(self) -> bool:
        """After it; False: all is covered."""


def places(enabled: Iterable[Actor]) -> tuple[Place | None, ...]:
    """Where those stand that can move: the same whenever the same was chosen before."""
    return tuple([None if (operation := actor.next) is None else operation.place for actor in enabled])


def not_repeated(world: World, expected: Iterable[Place | None]) -> None:
    """The code did something else under the same schedule: chance, a clock, an order of addresses, a state outside.

    Ends the execution with these words.
    """
    names = ", ".join(place.name for place in expected if place is not None)
    world.end(
        f"under the same schedule the threads did not come to {names} again: something that is not put back"
        " before each execution (chance, time, a state outside of the modules) decides what the code does"
    )
