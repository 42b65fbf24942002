"""One execution: its threads, who goes next, what was touched.

Every thread that has not ended stands at a gate with the operation that it is about to do, but for the one that moves. A
step is that operation with all the thread does up to its next gate. Accesses at places where no two threads were ever
seen in conflict stop nobody: they are noted, and if one turns out to be in conflict the search begins again with a stop
there. Why that leaves nothing out is argued in docs/design.md, "The user's own code".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Literal, NoReturn, Protocol, TypeAlias, TypeVar, cast

from scenario.engines.code.accesses import Accesses
from scenario.engines.code.actors import Actor, Closed, Step
from scenario.engines.code.carriers import Carrier
from scenario.engines.code.operation import EVERYTHING, Location, Operation, Touches, content
from scenario.engines.code.places import END
from scenario.engines.code.shown import Notes

T = TypeVar("T")

Asked: TypeAlias = Literal["time", "ends"]
"""What time it is: then rounds of a loop that pass time make a difference. Who has ended: then each thread's end is a step."""
ALIVE: Location = "threads that live"
RESTLESS = 20_000
"""Accesses of one thread without a stop after which it gets one."""
WEARY = 60
"""Steps of one thread in a row after which others are tried first: it may wait for them."""


class Chooser(Protocol):
    """Who goes next: a strategy of a search, or a schedule."""

    def choose(self, world: World, enabled: dict[Actor, int]) -> tuple[Actor, int] | None:
        """One of these, with one of its ways; None ends the execution here."""


class Resting(Protocol):
    """What is left to do for a thread whose loop has come round."""

    @property
    def touches(self) -> Touches: ...
    def is_over(self) -> bool: ...


class Rests(Protocol):
    """Knows which threads go round a loop that does nothing."""

    def come_round(self, world: World, actor: Actor, number: int, /) -> Resting | None: ...


class World:
    """The state of an execution.

    `visible`: numbers of the places at which threads stop; `longest`: most steps; `is_late`: whether to end; `call`: how functions are
    called that the code handed on; `values`: what the steps read or wrote (None: nobody looks at that); `rests`: None where each round of
    a loop that passes time counts; `told`: what is known to be asked for.
    """

    def __init__(
        self,
        chooser: Chooser,
        carrier: Carrier,
        visible: Container[int],
        longest: int,
        is_late: Callable[[], bool],
        call: Callable[..., object],
        values: Notes | None,
        rests: Rests | None,
        *,
        told: Collection[Asked],
    ) -> None:
        self.chooser, self.carrier, self.visible, self.longest = chooser, carrier, visible, longest
        self.is_late, self.call, self.values, self.rests = is_late, call, values, rests
        self.told = told
        self.actors: list[Actor] = []
        self.current: Actor | None = None
        self.steps: list[Step] = []
        self.accesses = Accesses()
        self.closing = self._over = False
        self.cut = self.too_long = False
        self.trouble = self.spoilt = ""
        self.needs_threads = False
        self.needs: set[Asked] = set()
        self.now = 0.0
        self.ticks = self._since = self.streak = 0
        self.restless: set[int] = set()
        self._shadows: dict[int, tuple[object, object]] = {}
        self._looks: tuple[Callable[[], None], ...] = ()

    def look_between(self, look: Callable[[], None]) -> None:
        """It is called in every state, after those that are already: before the first step, and after each."""
        self._looks = (*self._looks, look)

    # --- threads ------------------------------------------------------------------------------------

    def spawn(
        self,
        name: str,
        call: Callable[[], object],
        thread: Thread | None,
        *,
        joinable: bool,
        rests: Callable[[], bool] | None = None,
    ) -> Actor:
        """Lets a new thread run up to its first gate; then whoever started it goes on. `thread`, `rests`: see `Actor`."""
        starter = self.current
        actor = Actor(len(self.actors), name, call, thread, starter, joinable=joinable, rests=rests)
        self.actors.append(actor)
        self.current = actor
        self.carrier.start(actor, partial(self._body, actor), starter)
        self.current = starter
        return actor

    def _body(self, actor: Actor) -> None:
        actor.run()
        if touches := self._end_touches(actor):
            self.accesses.mark(actor, touches, None)
            with suppress(Closed):
                self.reach(actor, Operation(END, "ends", touches))
        actor.end()
        self.carrier.leave(actor, actor.starter if actor.starting else self._next())

    def _end_touches(self, actor: Actor) -> Touches:
        """Nothing where it is no step. With the last thread that is waited for daemons end, too, wherever they are."""
        if not actor.daemon and any(each.daemon for each in self.actors):
            return ((EVERYTHING, True),)
        if "ends" in self.told:
            return ((content(actor.thread), True), (ALIVE, True))
        return ((content(actor.thread), True),) if actor.joinable else ()

    def begins(self) -> Touches:
        """What whoever starts a thread touches besides it."""
        return ((ALIVE, True),) if "ends" in self.told else ()

    def actor_of(self, thread: Thread) -> Actor | None:
        """Who carries a thread object of the code's; None: it was not started."""
        return next((actor for actor in self.actors if actor.thread is thread), None)

    # --- gates --------------------------------------------------------------------------------------

    def is_over(self) -> bool:
        """Whether nobody takes a further step: threads are unwound where they stand."""
        return self._over

    def reach(self, actor: Actor, operation: Operation) -> int:
        """The thread stands before an operation; returns the way in which it goes on, once it is chosen."""
        if self._over:
            raise Closed
        self._since = 0
        if actor.atomic:
            return self._at_once(operation)
        if actor.begins:
            operation.widen()
        if actor.stand(operation):
            self.carrier.switch(actor, actor.starter)
        else:
            target = self._next()
            if target is not actor:
                self.carrier.switch(actor, target)
        if self.closing:
            raise Closed
        return actor.go_on()

    def _at_once(self, operation: Operation) -> int:
        """Inside of what is one step nobody else comes in."""
        if operation.choices() == 0:
            self.give_up(f"{operation.place.name} waits inside of what is one step")
        return 0

    def give_up(self, why: str) -> NoReturn:
        """Ends the execution for a reason that leaves the search undecided."""
        self.end(why)
        raise Closed

    def end(self, why: str) -> None:
        """The same, of whoever is in the middle of no step: the threads end where they stand."""
        self.trouble, self._over = self.trouble or why, True

    def spoil(self, why: str) -> None:
        """It has changed what can not be put back: no other execution can be compared with it."""
        self.spoilt = why

    def needs_real_threads(self, why: str) -> None:
        """What follows works with these alone: the search begins again with them."""
        if not self.carrier.real:
            self.needs_threads = True
            self.give_up(why)

    def ask(self, what: Asked) -> None:
        """Somebody asks for what makes no difference else: it does from now on, and the search begins again."""
        if what not in self.told:
            self.needs.add(what)
            self.give_up(f"the {what} is asked for")

    def pass_time(self, seconds: float) -> None:
        """The clock of the execution goes on."""
        self.now += seconds

    def touch(self, actor: Actor, place: int, touches: Touches) -> bool:
        """Notes an access; returns whether it changes something."""
        self.ticks += 1
        self._since += 1
        if self._over:
            raise Closed
        if self._since > RESTLESS:  # it may wait in a loop for another thread: the search begins again with a stop here
            self.restless.add(place)
            self._over = True
            raise Closed
        changes = self.accesses.mark(actor, touches, place)
        if changes and actor.round is not None:
            actor.begin_round(None)
        return changes

    def shadow(self, real: object, make: Callable[[], T]) -> T:
        """What is known of a primitive in this execution alone."""
        found = self._shadows.get(id(real))
        if found is None:
            found = self._shadows[id(real)] = (real, make())
        return cast("T", found[1])

    def shadows(self, kind: type[T]) -> Iterator[tuple[object, T]]:
        """The primitives of which something of this kind is known, with it."""
        return ((real, known) for real, known in self._shadows.values() if isinstance(known, kind))

    def in_conflict(self) -> set[int]:
        """The places at which a search that goes on needs stops."""
        return self.restless | self.accesses.in_conflict(len(self.actors))

    # --- who goes next --------------------------------------------------------------------------------

    def run(self) -> None:
        """From where all threads stand at their first gates to the end."""
        target = self._next()
        if target is not None:
            self.carrier.switch(None, target)
        self.current = None

    def close(self) -> None:
        """Unwinds all that have not ended."""
        self.closing = self._over = True
        for actor in self.actors:
            if not actor.ended:
                self.current = actor
                self.carrier.switch(None, actor)
        self.current = None
        self.carrier.finish()

    def favourite(self, enabled: Collection[Actor], weary: int = WEARY) -> Actor:
        """Of these, in the order of their numbers, who is tried first: whoever moved last, unless it has gone on for long; else the first."""
        last = self.steps[-1].actor if self.steps else None
        if last is not None and last in enabled and (not self.streak or self.streak % weary or len(enabled) == 1):
            return last
        return next(each for each in enabled if each is not last)

    def unfinished(self) -> list[Actor]:
        """The threads that an execution waits for."""
        return [actor for actor in self.actors if actor.is_awaited()]

    def _next(self) -> Actor | None:
        """Who moves now, with the step noted; None: the execution is over."""
        if self._over:
            return None
        self.current = None  # what is asked here of objects is no step of anybody
        for look in self._looks:
            look()
        enabled: dict[Actor, int] = {}
        goes_on = False
        for each in self.actors:
            goes_on = goes_on or each.is_awaited()
            if (operation := each.next) is not None and (ways := operation.look_again()):
                enabled[each] = ways
        if not goes_on:
            return None
        if len(self.steps) >= self.longest or (len(self.steps) % 64 == 63 and self.is_late()):
            self.too_long = True
            return None
        chosen = self.chooser.choose(self, enabled) if enabled else None
        if chosen is None:
            self.cut = bool(enabled)
            return None
        return self._move(*chosen, enabled)

    def _move(self, actor: Actor, way: int, enabled: Collection[Actor]) -> Actor:
        operation = actor.next
        assert operation is not None, actor
        actor.choose(way)
        if operation.held is not None:
            operation.begin()
        last = self.steps[-1].actor if self.steps else actor
        preempts = last is not actor and last in enabled and last.next is not None and not last.next.times_out()
        self.steps.append(Step(actor, operation, way, actor.timed_out, preempts))
        self.streak = self.streak + 1 if last is actor else 0
        self.current = actor
        return actor
