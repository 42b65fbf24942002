"""Pictures of an execution that is followed: in each of its states how every thread stands, who holds what, what is where."""

from __future__ import annotations

from collections.abc import Mapping

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.evidence import METHOD, target
from scenario.engines.code.film.labels import Labels, is_content, of_file, subject
from scenario.engines.code.film.stage import Stage
from scenario.engines.code.operation import Operation, content
from scenario.engines.code.places import Place
from scenario.engines.code.runtime.primitives.locks import Hold
from scenario.engines.code.shown import shown
from scenario.engines.code.world import World
from scenario.record import record
from scenario.results.frames import State
from scenario.results.waiting import Wait

UNKNOWN = "…"
"""What somebody has put there that nobody saw."""


@record
class Stance:
    """How a thread is, before which place, and for what it waits there."""

    state: State
    place: Place | None = None
    wait: Wait | None = None


@record
class Picture:
    """One state: threads and what they hold by their names, what own code has read or written as text, the variables of a file, what was said."""

    stances: Mapping[str, Stance]
    holds: Mapping[str, tuple[str, ...]]
    values: Mapping[str, str]
    variables: Mapping[str, object]
    truths: tuple[bool, ...]
    output: tuple[str, ...]
    marks: tuple[str, ...]


class Camera:
    """`pictures`: by the number of steps before; `first`: what was there before anybody wrote it, where it was read first."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.labels = stage, Labels(stage.names)
        self.pictures: dict[int, Picture] = {}
        self.first: dict[str, str] = {}
        self._known: dict[str, object] = {}
        """A text, or the container itself: it changes while it is known."""
        self._seen = 0

    def look(self, world: World) -> None:
        """Takes one."""
        for number in range(self._seen, len(world.steps)):
            self._learn(number, world.steps[number], world)
        self._seen = len(world.steps)
        self.pictures[self._seen] = Picture(
            {actor.name: self._stance(actor) for actor in world.actors},
            self._holds(world),
            {name: value if isinstance(value, str) else shown(value) for name, value in self._known.items()},
            self.stage.variables(),
            self.stage.truths(),
            *self.stage.said(),
        )

    def _learn(self, number: int, step: Step, world: World) -> None:
        """What a step tells of the values."""
        notes, location, name = world.values, subject(step.operation), self.labels.of(step.operation)
        if notes is None or location is None or step.operation.verb not in ("reads", "writes"):
            return
        text = notes.texts.get(number)
        if number in notes.containers and not is_content(location):
            self.labels.found_in(step.operation, notes.containers[number])
            value: object = notes.containers[number]
        else:
            value = text
        if is_content(location) or text in METHOD or of_file(step.operation):
            return
        if step.operation.verb == "reads" and name not in self._known and text is not None:
            self.first[name] = text
        if value is not None or step.operation.verb == "writes":
            self._known[name] = UNKNOWN if value is None else value

    def _stance(self, actor: Actor) -> Stance:
        operation = actor.next
        if operation is None:
            return Stance("over" if actor.ended else "can move")
        if operation.choices():
            return Stance("can move", operation.place)
        return Stance("waits", operation.place, operation.wait(self._waited_for(operation)))

    def _waited_for(self, operation: Operation) -> str:
        """By its name, if it is known already."""
        return self.labels.of(operation) if operation.verb not in ("reads", "writes") else target(operation)

    def _holds(self, world: World) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for lock, hold in world.shadows(Hold):
            if hold.holder is not None:
                found[hold.holder.name] = (*found.get(hold.holder.name, ()), self.labels.named(content(lock)))
        return found
