"""The gates that rewritten code calls: each does the access that stands there, after a stop if others can see it.

Where no execution goes on, in the searcher's own `setup` and `check` and in threads that are not under control, a gate is the
access and nothing else.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from threading import Condition, Semaphore, Thread, get_ident
from typing import NoReturn, TypeVar, cast

from scenario.engines.code.actors import Actor, Closed
from scenario.engines.code.operation import EVERYTHING, Location, Look, Operation, Touches, content
from scenario.engines.code.places import Place
from scenario.engines.code.privates import lock_of, seen_by_caller
from scenario.engines.code.runtime.caches import cached, property_of
from scenario.engines.code.runtime.fields import IDENTITY, Fields, Unseen
from scenario.engines.code.runtime.here import Here
from scenario.engines.code.runtime.kinds import Kinds
from scenario.engines.code.runtime.managers import Managed, is_managed
from scenario.engines.code.runtime.primitives.conditions import Entered
from scenario.engines.code.runtime.primitives.locks import Held, is_lock
from scenario.engines.code.runtime.primitives.pools import Using
from scenario.engines.code.runtime.reach import changed, reached
from scenario.engines.code.runtime.slots import AttributeSlot, ItemSlot, Subject
from scenario.engines.code.world import World

T = TypeVar("T")
BY_NAME: tuple[object, ...] = (eval, exec, globals, vars)


def _joined(look: Look, actor: Actor) -> Touches:
    return (*look(), *actor.followed_by())


class Gates:
    """`world` is the execution that goes on, if one does."""

    def __init__(self, kinds: Kinds, places: list[Place]) -> None:
        self.world: World | None = None
        self._kinds, self._places = kinds, places
        self._fields = Fields(kinds, frozenset())

    def ready(self, assigned: Collection[Location]) -> None:
        """All places are known now; `assigned`: see `Fields`."""
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
            "bind": self.bind,
            "with": self.managed, "frame": self.frame, "turn": self.turn, "slice": slice,
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

    def access(self, actor: Actor, number: int, touches: Touches, again: Look | None = None) -> None:
        """Notes it, and stops before it if it is one that others can see; `again`: see `Operation`."""
        world = self.world
        assert world is not None
        if actor.inside:
            touches = (*touches, *actor.followed_by())
        changes = world.touch(actor, number, touches)
        if touches and (number in world.visible or actor.begins):
            place, verb = self._places[number], "writes" if changes else "reads"
            if again is None:
                world.reach(actor, Operation(place, verb, touches))
            else:
                operation = Operation(place, verb, touches, again=partial(_joined, again, actor))
                world.reach(actor, operation)
                world.touch(actor, number, operation.touches)

    def run(
        self,
        actor: Actor,
        number: int,
        touches: Touches,
        again: Look | None,
        function: Callable[..., T],
        /,
        *args: object,
        **named: object,
    ) -> T:
        """What has no gates, as one step, unless it calls code that has some: whatever that does, more of these accesses may follow."""
        self.access(actor, number, touches, again)
        before = actor.within((*actor.inside, again or (lambda: touches)))
        try:
            return function(*args, **named)
        finally:
            actor.within(before)

    def give_up(self, number: int, why: object) -> NoReturn:
        """What can not be followed makes the search undecided."""
        place = self._places[number]
        assert self.world is not None
        self.world.give_up(f"{place.name} ({place.text}): {why}")

    def noted(self, number: int, value: object) -> None:
        """What an access read or wrote, for the report."""
        world = self.world
        if world is not None and world.values is not None and number in world.visible:
            world.values.note(len(world.steps) - 1, value)

    # --- attributes and items -------------------------------------------------------------------------

    def get(self, number: int, value: object, name: str) -> object:
        """`value.name`."""
        actor = self.acting()
        if actor is None:
            return getattr(value, name)
        classes, _ = self._fields.plainly(type(value), name)
        if classes is not None:
            touches: Touches = (((id(value), name), False), *classes)
        elif (made_by := self._cached_property(value, name)) is not None:
            at = id(value), name
            return cached(self.here(actor, number), value, name, made_by, partial(self._at, actor, number, at))
        else:
            touches = self._read(number, value, name)
        if not touches:
            return getattr(value, name)
        self.access(actor, number, touches)
        result = getattr(value, name)
        self.noted(number, result)
        return result

    def _cached_property(self, value: object, name: str) -> cached_property[object] | None:
        return property_of(type(value), name) if self._kinds.of(value) in ("own", "container") else None

    def _at(self, actor: Actor, number: int, location: Location, changes: bool) -> None:
        self.access(actor, number, ((location, changes),))

    def touched(self, number: int, value: object, name: str) -> Touches:
        """What reading an attribute touches, where it is part of a larger step."""
        if self._cached_property(value, name) is not None:
            return ((EVERYTHING, True),)
        return self._read(number, value, name)

    def _read(self, number: int, value: object, name: str) -> Touches:
        self.needs_threads(value, name)
        try:
            return self._fields.read(value, name)
        except Unseen as unseen:
            self.give_up(number, unseen)

    def needs_threads(self, value: object, name: str) -> None:
        """What follows works with real threads alone."""
        local = self._kinds.of(value) == "local"
        if local or (name in IDENTITY and isinstance(value, Thread)):
            assert self.world is not None
            self.world.needs_real_threads("threading.local" if local else name)

    def before_change(self, number: int, value: object, name: str, new: object) -> None:
        """Before `value.name = new` and `del value.name`."""
        actor = self.acting()
        if actor is None:
            return
        _, alone = self._fields.plainly(type(value), name)
        self.access(actor, number, (((id(value), name), True),) if alone else self._written(number, value, name))
        self.noted(number, new)

    def _written(self, number: int, value: object, name: str) -> Touches:
        self.needs_threads(value, name)
        try:
            return self._fields.written(value, name)
        except Unseen as unseen:
            self.give_up(number, f"assigns {unseen}")

    def attribute(self, read: int, write: int, value: object, name: str) -> AttributeSlot:
        """Stands for an attribute in a target."""
        return AttributeSlot(self, read, write, value, name)

    def getitem(self, number: int, value: object, index: object) -> object:
        """`value[index]`."""
        actor = self.acting()
        subject = cast("Subject", value)
        if actor is None:
            return subject[index]
        changes = hasattr(type(value), "__missing__")
        touches = self._item(value, changes=changes)
        if not touches:
            return subject[index]
        again = None if len(touches) == 1 else partial(self._item, value, changes=changes)
        result = self.run(actor, number, touches, again, operator.getitem, subject, index)
        self.noted(number, result)
        return result

    def _item(self, value: object, *, changes: bool) -> Touches:
        match self._kinds.of(value):
            case "container":
                return ((content(value), changes),)
            case "foreign" | "view" | "own" as kind if kind != "own" or self._kinds.is_mixed(type(value)):
                touches = reached(self._kinds, (value,))
                return changed(touches) if changes else touches
            case _:
                return ()

    def set_item(self, number: int, value: object, index: object, new: object) -> None:
        """`value[index] = new`."""
        self._change(number, value, new, operator.setitem, value, index, new)

    def delete_item(self, number: int, value: object, index: object) -> None:
        """`del value[index]`."""
        self._change(number, value, None, operator.delitem, value, index)

    def _change(self, number: int, value: object, new: object, function: Callable[..., None], *args: object) -> None:
        actor = self.acting()
        if actor is None:
            function(*args)
            return
        look = partial(self._changed, value, args[1], new)
        if touches := look():
            self.run(actor, number, touches, None if len(touches) == 1 else look, function, *args)
            self.noted(number, new)
        else:
            function(*args)

    def _changed(self, value: object, index: object, new: object) -> Touches:
        touches = self._item(value, changes=True)
        return (*touches, *reached(self._kinds, (new,), deep=False)) if isinstance(index, slice) else touches

    def item(self, read: int, write: int, value: object, index: object) -> ItemSlot:
        """Stands for an item in a target."""
        return ItemSlot(self, read, write, value, index)

    # --- names ----------------------------------------------------------------------------------------

    def name(self, number: int) -> None:
        """Before a global or closure variable is read."""
        self._at_name(number, changes=False)
        if self.world is not None and self.world.values is not None and self.acting() is not None:
            self.noted(number, seen_by_caller(self._places[number].text))

    def bind(self, number: int, value: object) -> object:
        """Before one is bound; gives the value on."""
        self._at_name(number, changes=True)
        self.noted(number, value)
        return value

    def _at_name(self, number: int, *, changes: bool) -> None:
        actor = self.acting()
        if actor is not None:
            self._at(actor, number, self._places[number].location, changes)

    # --- statements -----------------------------------------------------------------------------------

    def turn(self, iterates: bool) -> None:
        """Before another round of a loop, which would go on for ever if it catches what unwinds its thread; `iterates`: an iterator has gone on."""
        world = self.world
        if world is None or not (iterates or world.is_over()) or (actor := self.acting()) is None:
            return
        if world.is_over():
            raise Closed
        if actor.round is not None:
            actor.begin_round(None)

    def frame(self, number: int, function: object) -> object:
        """What looks at the frame that calls it: names are reached unseen by what is given code, or all of a module."""
        if self.acting() is not None and function in BY_NAME:
            self.give_up(number, "reaches variables by their names as texts, which is not looked into")
        return function

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
        if isinstance(value, Semaphore):
            return Entered(self.here(actor, number), value)
        return Managed(self, self._kinds, number, value) if is_managed(self._kinds, value) else value
