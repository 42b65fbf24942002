"""Who waits for what, as facts; and who can never move again, whatever the others do.

A task is blocked if and only if the future that it waits for is not done: nothing has to be read from frames, and nothing is
known from time. A task that nobody can wake is stuck: all that wait, without a limit of time, minus those whom some other
task could still wake by anything that it may ever do (its footprint), again and again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from types import FunctionType
from typing import Protocol

from scenario.engines.tasks.actors import Actor, Waiting
from scenario.engines.tasks.members import Members
from scenario.engines.tasks.objects import lock_of
from scenario.program.evaluate import tried
from scenario.real.effects import Effect
from scenario.real.emit.module import Module
from scenario.real.takers import Takers
from scenario.record import record
from scenario.results.waiting import Blocked, Busy, Holder, Wait, WaitKind
from scenario.source import Span


class Known(Protocol):
    """A run, as far as its waits ask."""

    module: Module
    holds: Takers[Actor, int]
    members: Members
    names: dict[int, tuple[str, str]]

    def place_of(self, actor: Actor) -> Span | None: ...


_MOVED_BY: Mapping[WaitKind, str] = {
    "lock": "free", "relock": "free", "semaphore": "free", "event": "set", "condition": "notify", "barrier": "barrier",
    "item": "put", "room": "get", "tasks": "done",
}  # fmt: skip
"""What another task does to the object so that the wait may end, as a footprint counts it."""


def wait_of(actor: Actor) -> Waiting | None:
    """The innermost operation at which it is suspended; None if it goes on."""
    if not actor.alive or actor.task is None or not actor.waiting or not actor.is_suspended():
        return None
    waiting = actor.waiting[-1]
    if (
        isinstance(waiting.place, asyncio.Condition)
        and waiting.kind == "condition"
        and not _is_queued(actor, waiting.place)
    ):
        return Waiting("relock", waiting.place, waiting.line)
    return waiting


def _is_queued(actor: Actor, condition: asyncio.Condition) -> bool:
    """Whether it waits for a notification; else it wants the lock back."""
    waiter = getattr(actor.task, "_fut_waiter", None)
    return any(one is waiter for one in vars(condition)["_waiters"])


def counts_as_blocked(actor: Actor) -> bool:
    """`blocked`: queued at an operation that can not go on now; a sleep, an `await` and one who wants its lock back are none."""
    waiting = wait_of(actor)
    return waiting is not None and waiting.kind not in ("sleep", "await", "relock")


@record
class Look:
    """All live tasks at one moment, between two rounds of the loop."""

    run: Known
    waits: Mapping[Actor, Waiting | None]

    def stuck(self) -> list[Actor]:
        """The tasks that nothing can move any more, in the order of the file."""
        stuck = {a for a, waiting in self.waits.items() if waiting is not None and not waiting.timed and not a.limits}
        while True:
            movers = [actor for actor in self.waits if actor not in stuck]
            effects = frozenset().union(*{actor.effects for actor in movers})
            free = {actor for actor in stuck if self._may_move(actor, stuck, movers, effects)}
            if not free:
                return [actor for actor in self._in_order() if actor in stuck]
            stuck -= free

    def _in_order(self) -> list[Actor]:
        return sorted(self.waits, key=lambda actor: actor.kind == "main")

    def _may_move(self, actor: Actor, stuck: set[Actor], movers: Sequence[Actor], effects: frozenset[Effect]) -> bool:
        waiting = self.waits[actor]
        assert waiting is not None, "it is stuck"
        if ("cancel", actor.group) in effects:
            return True
        match waiting.place:
            case _ if waiting.kind in ("lock", "relock"):
                holders = self.run.holds.of(lock_of(waiting.place))
                name = self.run.names.get(id(lock_of(waiting.place)), ("", ""))[0]
                freed = name in self.run.module.footprint.released and ("free", name) in effects
                return not holders or freed or any(one not in stuck and one.alive for one, _ in holders)
            case Actor() as thread:
                return thread not in stuck
            case tuple() as futures:
                return self._futures_may_move(futures, effects)
            case FunctionType() as test:
                asked = self.run.module.footprint.asked_at(self.run.module.steps[waiting.line])
                return asked.by_itself or asked.may_change(movers, effects) or tried(lambda: bool(test())) is not False
            case place:
                name = self.run.names.get(id(place), ("", ""))[0]
                return waiting.kind == "sleep" or (_MOVED_BY[waiting.kind], name) in effects

    def _futures_may_move(self, futures: Sequence[asyncio.Future[object]], effects: frozenset[Effect]) -> bool:
        pending = [future for future in futures if not future.done()]
        names = {self.run.names.get(id(future), ("", ""))[0] for future in pending}
        return not pending or any(
            effect in ("complete", "cancel") and (not name or name in names) for effect, name in effects
        )

    # --- as facts -----------------------------------------------------------------------------------------

    def blocked(self, actors: Iterable[Actor]) -> tuple[Blocked, ...]:
        """What each of them waits for."""
        found = []
        for actor in actors:
            waiting = self.waits[actor]
            if waiting is not None:
                found.append(
                    Blocked(actor.ref, self.run.module.steps[waiting.line], self._fact(waiting), daemon=actor.daemon)
                )
        return tuple(found)

    def in_deadlock(self, stuck: Iterable[Actor]) -> tuple[Blocked, ...]:
        """What these wait for, and the daemons that nothing can move either."""
        return self.blocked((*stuck, *(actor for actor in self.stuck() if actor.daemon)))

    def busy(self) -> tuple[Busy, ...]:
        """Those that wait for nobody, with the steps in which they are."""
        moving = [actor for actor in self._in_order() if self.waits[actor] is None and not actor.daemon]
        return tuple(Busy(actor.ref, span) for actor in moving if (span := self.run.place_of(actor)) is not None)

    def _fact(self, waiting: Waiting) -> Wait:
        place = waiting.place
        name = self.run.names.get(id(place), ("", ""))[1]
        match place:
            case Actor(ref=ref):
                return Wait("thread", ref, by=(ref,))
            case asyncio.Barrier():
                return Wait("barrier", name, needs=place.parties, has=place.n_waiting)
            case tuple() if waiting.kind == "future":
                return Wait("future", self.run.names.get(id(place[0]), ("", ""))[1])
            case tuple():
                return Wait("futures", needs=waiting.needs, has=sum(future.done() for future in place))
            case _ if waiting.kind == "lock":
                return Wait("lock", self.run.names.get(id(lock_of(place)), ("", name))[1], self._holders(place))
            case _:
                return Wait(waiting.kind, name, self._holders(place) if waiting.kind in ("relock", "semaphore") else ())

    def _holders(self, place: object) -> tuple[Holder, ...]:
        return tuple(Holder(one.ref, self.run.module.steps[line]) for one, line in self.run.holds.of(lock_of(place)))


def look(run: Known) -> Look:
    """The live tasks as they are; daemons too, for they may wake others."""
    actors = [*run.members.actors, *filter(None, [run.members.main])]
    return Look(run, {actor: wait_of(actor) for actor in actors if actor.alive})
