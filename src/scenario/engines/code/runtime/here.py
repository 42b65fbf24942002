"""Where an operation on a primitive is made: by whom, at which place, in which execution."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from scenario.engines.code.actors import Actor
from scenario.engines.code.operation import Location, Operation, Touches, content
from scenario.engines.code.places import Place
from scenario.engines.code.world import Resting, World

T = TypeVar("T")


class Here:
    """What the handlers of primitives are given first; `number` is that of the place."""

    __slots__ = ("actor", "number", "place", "world")

    def __init__(self, world: World, actor: Actor, place: Place, number: int) -> None:
        self.world, self.actor, self.place, self.number = world, actor, place, number

    def step(
        self,
        verb: str,
        *touched: object,
        reads: tuple[object, ...] = (),
        at: Touches = (),
        ready: Callable[[], bool] | None = None,
        timed: Callable[[], bool] | None = None,
        ways: Callable[[], int] | None = None,
        takes: object = None,
        frees: object = None,
        held: Callable[[], bool] | None = None,
        holders: Callable[[], tuple[str, ...]] | None = None,
    ) -> int:
        """A step that changes these objects, or reads them, and is `at` further places; returns the way in which it goes on."""
        touches = tuple([(content(each), True) for each in touched])
        if reads or at:
            touches = (*touches, *[(content(each), False) for each in reads], *at)
        self.world.accesses.stop(self.actor, touches, self.number)
        rest = None if timed is None else self.come_round()
        if rest is not None or self.actor.inside:
            touches = (*touches, *self.actor.followed_by(), *(() if rest is None else rest.touches))
        operation = Operation(
            self.place,
            verb,
            touches,
            ready=ready,
            timed=timed if timed is None or rest is None else both(timed, rest.is_over),
            goes_round=rest is not None,
            ways=ways,
            takes=_location(takes),
            frees=_location(frees),
            held=held,
            holders=holders,
        )
        return self.world.reach(self.actor, operation)

    def come_round(self) -> Resting | None:
        """Time passes here: what is left to do for a thread that has done nothing since it was here last."""
        return None if self.world.rests is None else self.world.rests.come_round(self.world, self.actor, self.number)

    def sleep(self) -> None:
        """A thread whose loop has come round rests."""
        rest = self.come_round()
        if rest is not None:
            operation = Operation(self.place, "sleeps", rest.touches, ready=rest.is_over, goes_round=True)
            self.world.reach(self.actor, operation)

    def step_at(self, touches: Touches, verb: str, *, ways: Callable[[], int] | None = None) -> int:
        """A step that is on no object."""
        self.world.accesses.stop(self.actor, touches, self.number)
        return self.world.reach(self.actor, Operation(self.place, verb, touches, ways=ways))

    def again(self) -> Here:
        """The same place, by the thread that is there now."""
        current = self.world.current
        return self if current in (None, self.actor) else Here(self.world, current, self.place, self.number)

    def called(self, function: Callable[..., object], /, *args: object, **named: object) -> object:
        """What a function that was handed on gives, called as if it stood at the place."""
        return self.world.call(self.number, function, *args, **named)

    def shadow(self, real: object, make: Callable[[], T]) -> T:
        """What is known of a primitive in this execution."""
        return self.world.shadow(real, make)

    def timed_out(self, seconds: float | None) -> bool:
        """Whether the last step was that of timing out; then so much time has passed."""
        if self.actor.timed_out and seconds:
            self.world.pass_time(seconds)
        return self.actor.timed_out


def _location(value: object) -> Location | None:
    return None if value is None else content(value)


def both(one: Callable[[], bool], other: Callable[[], bool]) -> Callable[[], bool]:
    """Whether both are so."""
    return lambda: one() and other()


def within(timeout: float | None) -> Callable[[], bool] | None:
    """Whether a wait with this timeout may time out."""
    return None if timeout is None else lambda: True
