"""The gates that rewritten code calls: each does the access that stands there, after a stop if others can see it.

Where no execution goes on, in the searcher's own `setup` and `check` and in threads that are not under control, a gate is the
access and nothing else.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from inspect import GEN_CREATED, getgeneratorstate
from threading import Condition, Semaphore, get_ident
from types import GeneratorType
from typing import NoReturn, cast

from scenario.engines.code.actors import Actor
from scenario.engines.code.operation import EVERYTHING, Location, Operation, Touches, content
from scenario.engines.code.places import Place
from scenario.engines.code.privates import lock_of
from scenario.engines.code.runtime.caches import cached, property_of
from scenario.engines.code.runtime.fields import Fields, Unseen
from scenario.engines.code.runtime.foreign import looked_into
from scenario.engines.code.runtime.here import Here
from scenario.engines.code.runtime.kinds import Kinds, containers_behind
from scenario.engines.code.runtime.primitives.conditions import Entered
from scenario.engines.code.runtime.primitives.locks import Held, is_lock
from scenario.engines.code.runtime.primitives.pools import Using
from scenario.engines.code.runtime.shown import shown
from scenario.engines.code.runtime.slots import AttributeSlot, ItemSlot, Subject
from scenario.engines.code.world import World


def _is_fresh(iterator: object) -> bool:
    """Whether nobody has gone through it yet; only generators tell."""
    return not isinstance(iterator, GeneratorType) or getgeneratorstate(iterator) == GEN_CREATED


class Gates:
    """`world` is the execution that goes on, if one does."""

    def __init__(self, kinds: Kinds, places: list[Place]) -> None:
        self.world: World | None = None
        self._kinds, self._places = kinds, places
        self._fields = Fields(kinds, frozenset())

    def ready(self) -> None:
        """All places are known now."""
        assigned: frozenset[Location] = frozenset(
            place.location for place in self._places if place.location is not None
        )
        self._fields = Fields(self._kinds, assigned)

    def enter(self, world: World) -> None:
        """What is reached from here on is part of this execution."""
        self.world = world

    def leave(self) -> None:
        """From here on gates are accesses and nothing else."""
        self.world = None

    def named(self) -> dict[str, object]:
        """The gates by the names that rewritten code has for them."""
        return {
            "get": self.get, "attribute": self.attribute, "getitem": self.getitem, "item": self.item, "name": self.name,
            "bind": self.bind, "use": self.use, "inplace": self.inplace, "each": self.each, "match": self.match,
            "with": self.managed, "slice": slice,
        }  # fmt: skip

    def acting(self) -> Actor | None:
        """The thread that calls, if it is one of the execution's."""
        world = self.world
        actor = None if world is None else world.current
        return actor if actor is not None and actor.ident == get_ident() else None

    def here(self, actor: Actor, number: int) -> Here:
        """For what is done at a place."""
        assert self.world is not None
        return Here(self.world, actor, self._places[number], number)

    def access(self, actor: Actor, number: int, touches: Touches) -> None:
        """Notes it, and stops before it if it is one that others can see."""
        world = self.world
        assert world is not None
        changes = False
        for location, changed in touches:
            world.touch(actor, number, location, changes=changed)
            changes = changes or changed
        if touches and number in world.visible:
            world.reach(actor, Operation(self._places[number], "writes" if changes else "reads", touches))

    def give_up(self, number: int, why: object) -> NoReturn:
        """What can not be followed makes the search undecided."""
        place = self._places[number]
        assert self.world is not None
        self.world.give_up(f"{place.name} ({place.text}): {why}")

    def _noted(self, number: int, value: object) -> None:
        """What an access read or wrote, for the report."""
        world = self.world
        if world is not None and world.values is not None and number in world.visible:
            world.values[len(world.steps) - 1] = shown(value)

    # --- attributes and items -------------------------------------------------------------------------

    def get(self, number: int, value: object, name: str) -> object:
        """`value.name`."""
        actor = self.acting()
        if actor is None:
            return getattr(value, name)
        if (made_by := self._cached_property(value, name)) is not None:
            access = partial(self._at_attribute, actor, number, (id(value), name))
            return cached(self.here(actor, number), value, name, made_by, access)
        try:
            touches = self._fields.read(value, name)
        except Unseen as unseen:
            self.give_up(number, unseen)
        if self._kinds.of(value) == "local":
            self.needs_threads()
        if not touches:
            return getattr(value, name)
        self.access(actor, number, touches)
        result = getattr(value, name)
        self._noted(number, result)
        return result

    def _cached_property(self, value: object, name: str) -> cached_property[object] | None:
        return property_of(type(value), name) if self._kinds.of(value) in ("own", "container") else None

    def _at_attribute(self, actor: Actor, number: int, location: Location, changes: bool) -> None:
        self.access(actor, number, ((location, changes),))

    def needs_threads(self) -> None:
        """What follows works with real threads alone."""
        assert self.world is not None
        self.world.needs_real_threads("threading.local")

    def before_change(self, number: int, value: object, name: str, new: object) -> None:
        """Before `value.name = new` and `del value.name`."""
        actor = self.acting()
        if actor is None:
            return
        try:
            touches = self._fields.written(value, name)
        except Unseen as unseen:
            self.give_up(number, f"assigns {unseen}")
        if self._kinds.of(value) == "local":
            self.needs_threads()
        self.access(actor, number, touches)
        self._noted(number, new)

    def attribute(self, read: int, write: int, value: object, name: str) -> AttributeSlot:
        """Stands for an attribute in a target."""
        return AttributeSlot(self, read, write, value, name)

    def getitem(self, number: int, value: object, index: object) -> object:
        """`value[index]`."""
        actor = self.acting()
        subject = cast("Subject", value)
        if actor is None:
            return subject[index]
        touches = self._item(value, changes=hasattr(type(value), "__missing__"))
        if not touches:
            return subject[index]
        self.access(actor, number, touches)
        result = subject[index]
        self._noted(number, result)
        return result

    def _item(self, value: object, *, changes: bool) -> Touches:
        match self._kinds.of(value):
            case "container":
                return ((content(value), changes),)
            case "foreign":
                return ((content(value), True),)
            case "view":
                return tuple([(content(each), changes) for each in containers_behind(value)])
            case _:
                return ()

    def before_item(self, number: int, value: object, new: object) -> None:
        """Before `value[index] = new` and `del value[index]`."""
        actor = self.acting()
        if actor is not None:
            self.access(actor, number, self._item(value, changes=True))
            self._noted(number, new)

    def item(self, read: int, write: int, value: object, index: object) -> ItemSlot:
        """Stands for an item in a target."""
        return ItemSlot(self, read, write, value, index)

    # --- names ----------------------------------------------------------------------------------------

    def name(self, number: int) -> None:
        """Before a global or closure variable is read."""
        self._at_name(number, changes=False)

    def bind(self, number: int, value: object) -> object:
        """Before one is bound; gives the value on."""
        self._at_name(number, changes=True)
        self._noted(number, value)
        return value

    def _at_name(self, number: int, *, changes: bool) -> None:
        actor = self.acting()
        if actor is not None:
            self.access(actor, number, ((self._places[number].location, changes),))

    # --- what looks into containers -------------------------------------------------------------------

    def use(self, number: int, value: object) -> object:
        """An operand of an operator that looks into it."""
        actor = self.acting()
        if actor is not None and (touches := looked_into(self._kinds, value)):
            self.access(actor, number, touches)
        return value

    def inplace(self, number: int, name: str, left: object, right: object) -> object:
        """`left += right` and its like."""
        actor = self.acting()
        if actor is not None and self._kinds.of(left) == "container":
            self.access(actor, number, ((content(left), True),))
        return getattr(operator, name)(left, right)

    def each(self, number: int, value: Iterable[object], is_new: bool, unpacks: bool) -> Iterable[object]:
        """What a loop runs over: one read for each element of a container, and of the element itself where it is unpacked.

        `is_new`: it comes from a call, so that no other thread goes through the same iterator, unless that was begun before.
        """
        if self.acting() is None:
            return value
        behind = tuple([(content(each), False) for each in containers_behind(value)])
        if isinstance(value, Iterator) and not (is_new and _is_fresh(value)):
            behind = (*behind, (content(value), True))
        return self._one_by_one(number, value, behind, unpacks=unpacks) if behind or unpacks else value

    def _one_by_one(self, number: int, value: Iterable[object], behind: Touches, *, unpacks: bool) -> Iterator[object]:
        iterator = iter(value)
        while True:
            actor = self.acting()
            if actor is not None:
                self.access(actor, number, behind)
            try:
                element = next(iterator)
            except StopIteration:
                return
            self._noted(number, element)
            if unpacks and (actor := self.acting()) is not None:
                self.access(actor, number, looked_into(self._kinds, element))
            yield element

    def match(self, number: int, value: object) -> object:
        """The subject of a `match`, whose patterns read what no gate sees: one step that depends on everything."""
        actor = self.acting()
        if actor is not None and (self._kinds.of(value) != "plain" or isinstance(value, tuple)):
            self.access(actor, number, ((EVERYTHING, False),))
        return value

    def managed(self, number: int, value: object) -> object:
        """What stands in a `with`."""
        actor = self.acting()
        if actor is None:
            return value
        if is_lock(value):
            return Held(self.here(actor, number), value)
        if isinstance(value, Condition):
            return Held(self.here(actor, number), lock_of(value))
        if isinstance(value, ThreadPoolExecutor):
            return Using(self.here(actor, number), value)
        return Entered(self.here(actor, number), value) if isinstance(value, Semaphore) else value
