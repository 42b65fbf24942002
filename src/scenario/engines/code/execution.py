"""One execution of functions that take a state, from its setup to its end."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from functools import partial
from types import FunctionType

from scenario.engines.code.actors import Actor, Caught
from scenario.engines.code.laboratory import End
from scenario.engines.code.places import Place
from scenario.engines.code.prepared import Prepared
from scenario.engines.code.rewriting.installed import PLACES
from scenario.engines.code.runtime.primitives.afterwards import leave_as_it_is
from scenario.engines.code.world import Rests, World
from scenario.record import record


@record
class Test:
    """What the user gave: `setup() -> state`, each `thread(state)`, `check(state)` after them; the threads by their names."""

    setup: Callable[[], object]
    threads: tuple[tuple[str, Callable[[object], object]], ...]
    check: Callable[[object], object] | None


class SetupFailed(Exception):
    """`setup` raised: there is nothing to explore."""

    def __init__(self, raised: Exception) -> None:
        super().__init__(raised)
        self.raised = raised


@record
class Laboratory:
    """Where executions of a test are made (`laboratory.Laboratory`)."""

    test: Test
    prepared: Prepared
    visible: frozenset[int] = frozenset()

    @property
    def calls(self) -> Callable[..., object]:
        return self.prepared.calls

    @property
    def rests(self) -> Rests:
        return self.prepared.rests

    def execute(self, world: World, look: Callable[[World], None]) -> End:
        self.prepared.begin(world)
        try:
            state = self.test.setup()
        except Exception as error:
            raise SetupFailed(error) from error
        with self.prepared.entered(world):
            for name, call in self.test.threads:
                run = _bound(world, name, call, state)
                world.spawn(name, run, None, joinable=False)
            world.run()
            self.prepared.gates.leave()
            leave_as_it_is(world)
            end = self._end(world, state)
            look(world)
        return end

    def _end(self, world: World, state: object) -> End:
        for actor in world.actors:
            if actor.error is not None:
                return End(world, "error", said(actor.error), actor.name, self._trace(actor.error))
        if world.trouble or world.cut or world.too_long or world.restless:
            return End(world)
        if stuck := world.unfinished():
            blocked = tuple(each for each in stuck if each.next is not None and not each.next.goes_round)
            return End(world, "deadlock", stuck=blocked) if blocked else End(world, goes_round=_place(stuck[0]))
        return self._checked(world, state)

    def _checked(self, world: World, state: object) -> End:
        if self.test.check is None:
            return End(world)
        result: object = None
        with Caught() as caught:
            result = self.test.check(state)
        if caught.error is not None:
            return End(world, "check", said(caught.error), "", self._trace(caught.error))
        return End(world, "check", "check(state) is False") if result is False else End(world)

    def _trace(self, error: BaseException) -> str:
        frames = traceback.extract_tb(error.__traceback__)
        own = [
            (frame.filename, frame.lineno or 0, frame.name, frame.line)
            for frame in frames
            if frame.filename in self.prepared.files
        ]
        return "".join(traceback.format_list(own))


def _place(actor: Actor) -> str:
    return "" if actor.next is None else actor.next.place.name


def said(error: BaseException) -> str:
    """As the last line of Python's own traceback."""
    return "".join(traceback.format_exception_only(error)).strip()


def _bound(world: World, name: str, call: Callable[[object], object], state: object) -> Callable[[], object]:
    """A thread's call: what is no function in Python comes to a gate, as it would where the code has it."""
    if isinstance(call, FunctionType):
        return lambda: call(state)
    number = _CALLED.get(name)
    if number is None:
        number = _CALLED[name] = len(PLACES)
        PLACES.append(Place("", 0, 0, name))
    return partial(world.call, number, call, state)


_CALLED: dict[str, int] = {}
"""The numbers of the places where what is no function is called, by the names of threads: each is made once in a process."""


def named(calls: Iterable[Callable[[object], object]]) -> tuple[tuple[str, Callable[[object], object]], ...]:
    """Each with a name that no other has: that of the function, with a number where several have it."""
    given = list(calls)
    names = [_name(call) for call in given]
    found: dict[str, int] = {}
    result = []
    for name, call in zip(names, given, strict=True):
        number = found[name] = found.get(name, -1) + 1
        result.append((name if names.count(name) == 1 else f"{name}-{number}", call))
    return tuple(result)


def _name(call: object) -> str:
    name = str(getattr(call, "__name__", type(call).__name__))
    return "thread" if name == "<lambda>" else name
