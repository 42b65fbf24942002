"""Dynamic partial-order reduction with sleep sets: one execution of all that differ in the order of independent steps alone.

As Abdulla, Aronis, Jonsson and Sagonas have it (POPL 2014, "source sets"): for each race of an operation that is about to be done, or that a
thread is left with, the choice before the earlier step gets a further alternative, a thread that begins what follows without following from that step. A
thread whose alternatives at a choice are done sleeps below the others, until a step depends on what it would do (Godefroid 1996), so
that no class is executed twice. Looking at the last race alone, as Flanagan and Godefroid do (POPL 2005), is not enough with sleep sets: what
would show the earlier ones may be asleep.
"""

from __future__ import annotations

from scenario.engines.code.actors import Actor
from scenario.engines.code.operation import dependent
from scenario.engines.code.places import Place
from scenario.engines.code.search.history import History
from scenario.engines.code.search.searcher import not_repeated, places
from scenario.engines.code.world import World


class Choice:
    """A state of the current path: by threads' numbers, who could move (in how many ways), who is to be tried, who was."""

    __slots__ = ("asleep", "backtrack", "chosen", "done", "enabled", "places", "way")

    def __init__(self, enabled: dict[int, int], asleep: set[int], first: int, at: tuple[Place | None, ...]) -> None:
        self.enabled, self.asleep, self.places = enabled, asleep, at
        self.backtrack, self.done = {first}, set[int]()
        self.chosen, self.way = first, 0

    def advance(self) -> bool:
        """Goes over to the next alternative; False: all were tried."""
        if self.way + 1 < self.enabled[self.chosen]:
            self.way += 1
            return True
        self.done.add(self.chosen)
        left = self.backtrack - self.done - self.asleep
        if not left:
            return False
        self.chosen, self.way = min(left), 0
        return True


class Reduced:
    """The whole search: each execution is given this as its chooser, between them `advance` goes on."""

    def __init__(self) -> None:
        self._path: list[Choice] = []
        self._history = History()
        self._depth = self._begun = 0
        self._asleep: set[int] = set()
        self.redundant = 0

    def begin(self) -> None:
        """Before each execution."""
        self._history, self._depth, self._begun, self._asleep = History(), 0, 0, set()

    def finish(self, world: World) -> None:
        """When an execution is over: what those that are left are about to do counts too."""
        self._note(world)
        for actor in world.actors:
            if actor.next is not None and not world.cut:
                self._races(actor)

    def advance(self) -> bool:
        """After each execution; False: all is covered."""
        del self._path[self._depth :]
        while self._path and not self._path[-1].advance():
            self._path.pop()
        return bool(self._path)

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int] | None:
        """Follows the path, then whoever moved last."""
        self._note(world)
        by_number, at = {actor.number: ways for actor, ways in enabled.items()}, places(enabled)
        if self._depth == len(self._path):
            awake = [number for number in by_number if number not in self._asleep]
            if not awake:
                self.redundant += 1
                return None
            first = world.favourite([actor for actor in enabled if actor.number not in self._asleep]).number
            self._path.append(Choice(by_number, set(self._asleep), first, at))
        choice = self._path[self._depth]
        if choice.enabled != by_number or choice.places != at:
            not_repeated(world, choice.places)
            return None
        self._depth += 1
        actor = world.actors[choice.chosen]
        self._races(actor)
        self._falls_asleep(choice, actor, world)
        return actor, choice.way

    def _falls_asleep(self, choice: Choice, actor: Actor, world: World) -> None:
        """Below this choice: those that slept or were tried, unless the step that is chosen depends on theirs."""
        assert actor.next is not None
        touches = actor.next.touches
        self._asleep = {
            number
            for number in choice.asleep | choice.done
            if (other := world.actors[number].next) is not None and not dependent(other.touches, touches)
        }

    def _note(self, world: World) -> None:
        """The steps that were taken since."""
        for step in world.steps[len(self._history.steps) :]:
            self._history.add(step)
            for actor in world.actors[self._begun :]:  # those that the step started
                self._history.begin(actor, step.actor)
        self._begun = len(world.actors)

    def _could_go(self, number: int, actor: int) -> bool:
        """Whether a thread could, before the step of this number."""
        return actor in self._path[number - 1].enabled

    def _races(self, actor: Actor) -> None:
        """Alternatives for the choices before the steps that a thread's operation is in a race with."""
        assert actor.next is not None
        for number, initials in self._history.races(actor, actor.next, self._could_go):
            choice = self._path[number - 1]
            possible = initials & choice.enabled.keys()
            if possible and not initials & (choice.backtrack | choice.asleep):
                choice.backtrack.add(actor.number if actor.number in possible else min(possible))
