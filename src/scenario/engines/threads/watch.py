"""The watcher: looks at the threads from outside, and says when some can never move again."""

from __future__ import annotations

import time
from collections.abc import Iterable

from scenario.engines.threads import cpu, privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.runtime import Run
from scenario.engines.threads.stuck import Look, names_of
from scenario.engines.threads.undisturbed import undisturbed
from scenario.engines.threads.waits import Queues, Wait, wait_of

_BETWEEN = 0.01
"""Seconds between the looks that confirm each other."""

_LOOKS = 2 if cpu.KNOWN else 6
"""How many looks must agree: where the kernel does not tell who has run, more."""

_OBJECTS = frozenset({
    "lock", "relock", "semaphore", "event", "condition", "barrier", "action", "get", "simple-get", "put", "queue-join",
})  # fmt: skip
"""Kinds of wait at an object of the scenario's."""

_QUEUED = frozenset({"event", "condition", "barrier", "get", "put", "queue-join", "semaphore", "future", "futures"})
"""Kinds of wait in which a thread is blocked if and only if its waiter is still queued at a condition."""


class Watcher:
    """Watches one run. Its looks cost the threads nothing but the time of the look."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._names = names_of(run)
        run.members.blocked_among = self.blocked_among

    def look(self) -> Look:
        """All live threads now."""
        actors = [actor for actor in self._actors() if actor.alive]
        frames = privates.current_frames()
        tops = {actor: frames[actor.thread.ident] for actor in actors if actor.thread.ident in frames}
        waits: dict[Actor, Wait | None] = dict.fromkeys(actors)
        queues = Queues()
        for actor, top in tops.items():
            wait = wait_of(top, self.run.module, queues)
            waits[actor] = None if wait is not None and self._is_foreign(wait) else wait
        return Look(self.run, tops, waits, self._names)

    def _is_foreign(self, wait: Wait) -> bool:
        """Waits at an object of the user's own (`python: {take: "bank:jobs.get"}`): who else has it is not known."""
        return wait.kind in _OBJECTS and id(wait.place) not in self._names

    def _actors(self) -> Iterable[Actor]:
        yield from (actor for actor in self.run.members.actors if actor.started)
        if self.run.members.main is not None and self.run.members.main.started:
            yield self.run.members.main
        for pool in self.run.thread_pools():
            yield from (self.run.worker(thread) for thread in privates.threads_of(pool) if thread.ident)

    def deadlock(self) -> Look | None:
        """The look that shows a deadlock: some thread that is no daemon can never move again.

        Decided by agreeing looks between which none of the stuck threads has run.
        """
        look = self.look()
        before = _evidence(look)
        agreed = 1
        for _ in range(_LOOKS + 2):
            if before is None:
                return None
            if agreed == _LOOKS:
                return look
            time.sleep(_BETWEEN)
            look = self.look()
            after = _evidence(look)
            agreed = agreed + 1 if after == before and _all_asleep(look) else 1
            before = after
        return None

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
                return any(holder is not actor for holder, _ in look.holders(wait.place)) or self._owns_lock(
                    look, wait, actor
                )
            case "join":
                return bool(wait.place.is_alive())
            case "simple-get":
                return bool(wait.place.empty())
            case "semaphore" | "get" | "put" if wait.polls:
                return _refuses(wait)
            case _:
                return True

    def _owns_lock(self, look: Look, wait: Wait, actor: Actor) -> bool:
        """Waits for a Lock that it holds itself."""
        holders = look.holders(wait.place)
        return (
            bool(holders) and all(holder is actor for holder, _ in holders) and wait.place.__class__.__name__ != "RLock"
        )


def _refuses(wait: Wait) -> bool:
    """Whether what is tried again and again would fail now."""
    if wait.kind == "semaphore":
        return privates.left_of(wait.place) == 0
    return bool(wait.place.empty() if wait.kind == "get" else wait.place.full())


def _evidence(look: Look) -> list[tuple[Actor, str, int, int]] | None:
    """Of each stuck thread: where it waits, and how much it has run. None: nobody who matters is stuck."""
    stuck = look.stuck()
    if not any(is_bad(actor) for actor in stuck):
        return None
    found = []
    for actor in look.waits:
        wait = look.waits[actor]
        if actor in stuck and wait is not None:
            ran = 0 if wait.polls else cpu.clock(actor.thread.native_id)
            found.append((actor, wait.kind, id(wait.frame), ran))
    return found


def _all_asleep(look: Look) -> bool:
    """Whether none is about to run. Who is still queued at a condition is surely not: nobody has woken it."""
    stuck = look.stuck()
    return all(
        wait.polls or wait.kind in _QUEUED or cpu.is_asleep(actor.thread.native_id)
        for actor, wait in look.waits.items()
        if wait is not None and actor in stuck
    )


def is_bad(actor: Actor) -> bool:
    """A daemon that can never move is no deadlock."""
    return not actor.daemon
