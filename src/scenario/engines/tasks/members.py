"""The tasks of a run: made before anything moves, started, asked how they are, ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import TypeAlias

from scenario.engines.tasks.actors import Actor
from scenario.program.program import Program, ThreadGroup, thread_ref
from scenario.real.effects import Effect, Effects

Body: TypeAlias = Callable[..., Coroutine[object, None, object]]
Live: TypeAlias = Callable[[Actor, Body], Coroutine[object, None, None]]


class Members:
    """`live` is what a task runs: a body, whose end is noted; `go_on` raises where the run is over."""

    def __init__(self, program: Program, may: Effects, seed: int, live: Live, go_on: Callable[[], None]) -> None:
        self.actors: list[Actor] = []
        self.main: Actor | None = None
        self.objects: dict[str, Actor | list[Actor]] = {}
        self._program = program
        self._may = may
        self._seed = seed
        self._live = live
        self._go_on = go_on
        self._bodies: dict[Actor, Body] = {}
        self._waiter: asyncio.Future[None] | None = None
        self._left: set[Actor] = set()
        """Whom the end of the run waits for: looking through all of them at each end would take long where they are many."""

    def create(self, bodies: dict[str, Body], main: Body | None) -> None:
        """All of them; none is started."""
        for group in self._program.groups:
            members = [self._member(group, index, self._may.threads[group.key]) for index in range(len(group.names))]
            self._bodies.update(dict.fromkeys(members, bodies[group.key]))
            self.actors += members
            self.objects[group.key] = members if group.is_group else members[0]
        if main is not None:
            self.main = Actor("main", "MainThread", 0, "main", "main", False, self._seed, self._may.threads["main"])
            self._bodies[self.main] = main

    def _member(self, group: ThreadGroup, index: int, effects: frozenset[Effect]) -> Actor:
        kind = "thread" if group.timer is None else "timer"
        name, ref = group.names[index], thread_ref(group, index)
        return Actor(ref, name, index, group.key, kind, group.daemon, self._seed, effects, timer=group.timer)

    # --- what emitted code calls ------------------------------------------------------------------------

    def start(self, actor: Actor) -> None:
        """A task; of a timer the call that will make one. Many are started without an await."""
        self._go_on()
        if actor.started:
            raise RuntimeError("threads can only be started once")
        loop = asyncio.get_running_loop()
        actor.begin()
        if not actor.daemon:
            self._left.add(actor)
        if actor.timer is None:
            self._go(actor)
        else:
            actor.fires(loop.call_later(actor.timer, self._go, actor))

    def _go(self, actor: Actor) -> None:
        actor.go(asyncio.get_running_loop().create_task(self.body(actor), name=actor.name))

    def body(self, actor: Actor) -> Coroutine[object, None, None]:
        """What its task runs."""
        return self._live(actor, self._bodies[actor])

    def start_all(self) -> None:
        """Those that are not started yet."""
        for actor in self.actors:
            if not actor.started:
                self.start(actor)

    def all(self) -> Iterator[Actor]:
        """In the order of the file, main last."""
        yield from self.actors
        if self.main is not None:
            yield self.main

    async def all_ended(self) -> None:
        """Until all that were started and are no daemons have ended: nobody else is woken for it."""
        while self._left:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter

    def end(self, actor: Actor) -> None:
        """It takes no further step."""
        actor.end()
        self._left.discard(actor)
        if self._waiter is not None and not self._waiter.done() and not self._left:
            self._waiter.set_result(None)

    def cancel(self, actor: Actor) -> bool:
        """As the actor's own; a timer that has not fired ends by it."""
        cancelled = actor.cancel()
        if actor.ended:
            self.end(actor)
        return cancelled

    def joined_by_all(self) -> Iterator[Actor]:
        """Whom `join: all` waits for, one after the other."""
        yield from (actor for actor in self.actors if actor.started and not actor.daemon)

    # --- what expressions ask -----------------------------------------------------------------------------

    def of(self, group: str, actor: Actor | None = None) -> list[Actor]:
        """The members of a group, or the one."""
        if group == "main":
            return [self.main] if self.main is not None else []
        return [one for one in self.actors if one.group == group and (actor is None or one is actor)]

    def alive(self, group: str, actor: Actor | None = None) -> int:
        """`group.alive`: how many are started and have not ended."""
        return sum(one.alive for one in self.of(group, actor))
