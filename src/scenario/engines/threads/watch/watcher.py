"""The watcher: looks at the threads from outside, and says when some can never move again."""

from __future__ import annotations

import time
from collections.abc import Iterable

from scenario.engines.threads import privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live.runtime import Run
from scenario.engines.threads.watch.library import BY_KIND
from scenario.engines.threads.watch.stuck import Look
from scenario.engines.threads.watch.undisturbed import undisturbed
from scenario.engines.threads.watch.waits import Queues, Wait, polled, wait_of
from scenario.interpreter.objects import lock_of
from scenario.real.children import cpu
from scenario.real.making import names_of

_BETWEEN = 0.01
"""Seconds between the looks that confirm each other."""

_LOOKS = 2 if cpu.KNOWN else 6
"""How many looks must agree: where the kernel does not tell who has run, more."""

_OBJECTS = frozenset({"lock", "relock", "action", *BY_KIND})
"""Kinds of wait at an object of the scenario's."""


class Watcher:
    """Watches one run. Its looks cost the threads nothing but the time of the look."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._names = names_of(run.program, run.primitives, lock_of)
        run.members.ask_blocked_of(self.blocked_among)

    def look(self) -> Look:
        """All live threads now."""
        actors = [actor for actor in self._actors() if actor.alive]
        frames = privates.current_frames()
        tops = {actor: frames[actor.thread.ident] for actor in actors if actor.thread.ident in frames}
        waits: dict[Actor, Wait | None] = dict.fromkeys(actors)
        queues = Queues()
        for actor, top in tops.items():
            poll = self.run.guard.polls.get(actor.thread.ident or 0)
            wait = wait_of(top, self.run.module, queues) if poll is None else polled(top, self.run.module, poll)
            waits[actor] = None if wait is not None and self._is_foreign(wait) else wait
        return Look(self.run, tops, waits, self._names)

    def _is_foreign(self, wait: Wait) -> bool:
        """Waits at an object of the user's own (`python: {take: "bank:jobs.get"}`): who else has it is not known."""
        return wait.kind in _OBJECTS and id(wait.place) not in self._names

    def _actors(self) -> Iterable[Actor]:
        yield from (actor for actor in self.run.members.actors if actor.started)
        if self.run.members.main is not None and self.run.members.main.started:
            yield self.run.members.main
        yield from self.run.workers.each()

    def deadlock(self) -> Look | None:
        """The look that shows a deadlock: some thread that is no daemon can never move again.

        Decided by agreeing looks between which none of the threads that wait has run (the argument is in docs/soundness.md).
        """
        look, before = self._sight()
        agreed = 1
        for _ in range(_LOOKS + 2):
            if before is None:
                return None
            if agreed == _LOOKS:
                return look
            time.sleep(_BETWEEN)
            look, after = self._sight()
            agreed = agreed + 1 if after == before and _all_asleep(look) else 1
            before = after
        return None

    def _sight(self) -> tuple[Look, list[tuple[object, ...]] | None]:
        """A look while no step under the hidden lock is under way; no evidence where one is: its thread moves."""
        with self.run.guard.still(_BETWEEN) as still:
            look = self.look()
            return look, _evidence(look) if still else None

    @undisturbed
    def blocked_among(self, actors: Iterable[Actor]) -> int:
        """How many are queued at an operation that can not go on now (`worker.blocked`)."""
        look = self.look()
        return sum(self._is_blocked(look, actor) for actor in actors)

    def _is_blocked(self, look: Look, actor: Actor) -> bool:
        wait = look.waits.get(actor)
        if wait is None or not wait.queued or wait.kind == "idle":
            return False
        match wait.kind:
            case "lock":
                return look.is_kept_from(actor, wait.place)
            case "thread":
                return bool(wait.place.is_alive())
            case "semaphore" | "item" | "room" as kind if wait.polls or wait.waiter is None:
                return BY_KIND[kind].refuses(wait.place)
            case _:
                return True


def _evidence(look: Look) -> list[tuple[object, ...]] | None:
    """Of each thread that is taken not to move: where it waits, and how much it has run. None: nobody who matters is stuck.

    It is read after all else of the look, so that a thread which has not run until the next look was there all the time.
    """
    if not any(is_bad(actor) for actor in look.stuck()):
        return None
    return [
        (actor, wait.kind, wait.frame, wait.waiter, 0 if wait.polls else cpu.clock(actor.thread.native_id))
        for actor, wait in look.still()
    ]


def _all_asleep(look: Look) -> bool:
    """Whether none is about to run. Who is still queued at a condition is surely not: nobody has woken it."""
    return all(
        wait.polls
        or wait.waiter is not None
        or wait.kind in ("future", "futures")
        or cpu.is_asleep(actor.thread.native_id)
        for actor, wait in look.still()
    )


def is_bad(actor: Actor) -> bool:
    """A daemon that can never move is no deadlock."""
    return not actor.daemon
