"""The watcher: looks at the threads from outside, and says when some can never move again."""

from __future__ import annotations

import time
from collections.abc import Iterable

from scenario.engines.threads import cpu, privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.runtime import Run
from scenario.engines.threads.stuck import Look, names_of
from scenario.engines.threads.undisturbed import undisturbed
from scenario.engines.threads.waits import Queues, Wait, own_code, wait_of
from scenario.run.outcome import Blocked
from scenario.source import Span

_BETWEEN = 0.01
"""Seconds between the looks that confirm each other."""

_LOOKS = 2 if cpu.KNOWN else 6
"""How many looks must agree: where the kernel does not tell who has run, more."""

_WORDS = {
    "event": "event {} to be set",
    "condition": "condition {} to be notified",
    "barrier": "the other parties at barrier {}",
    "action": "the action of barrier {} to end",
    "get": "an item in queue {}",
    "simple-get": "an item in queue {}",
    "put": "room in queue {}",
    "queue-join": "the tasks of queue {} to be done",
    "lock": "lock {}",
    "semaphore": "semaphore {}",
}

_QUEUED = frozenset({"event", "condition", "barrier", "get", "put", "queue-join", "semaphore", "futures"})
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
        return wait.kind in _WORDS and id(wait.place) not in self._names

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

    # --- reports ------------------------------------------------------------------------------------------

    def blocked(self, look: Look, actors: Iterable[Actor]) -> tuple[Blocked, ...]:
        """Who waits where for what, and who holds it since which step; and who is in the user's own code."""
        found = []
        for actor in actors:
            wait = look.waits.get(actor)
            if wait is None:
                found += self._in_own_code(look, actor)
            elif wait.kind != "idle":
                holders = tuple((holder.ref, span) for holder, span in self._holders(look, wait))
                found.append(Blocked(actor.ref, wait.span, self._words(look, wait), holders))
        return tuple(found)

    def _in_own_code(self, look: Look, actor: Actor) -> list[Blocked]:
        top = look.tops.get(actor)
        own = own_code(top, self.run.module) if top is not None and self.run.program.python else None
        return [] if own is None else [Blocked(actor.ref, own[0], f"own code to return ({own[1]})")]

    def cycle(self, look: Look, stuck: set[Actor]) -> tuple[str, ...]:
        """The threads of one wait-for cycle, each waiting for the next and the last for the first; empty if none."""
        edges = {
            actor: [other for other in self._waits_on(look, actor) if other in stuck]
            for actor in look.waits
            if actor in stuck
        }
        for start in edges:
            path = _cycle(start, edges)
            if path:
                return tuple(actor.ref for actor in path)
        return ()

    def _waits_on(self, look: Look, actor: Actor) -> list[Actor]:
        wait = look.waits[actor]
        if wait is None:
            return []
        match wait.kind:
            case "lock" | "semaphore":
                return [holder for holder, _ in self._holders(look, wait)]
            case "join":
                return [other for other in look.waits if other.thread is wait.place]
            case "action":
                runner = look.runs_action(wait.place)
                return [runner] if runner is not None else []
            case "futures":
                return [other for other in look.waits if other.kind == "worker"]
            case _:
                return []

    def _holders(self, look: Look, wait: Wait) -> list[tuple[Actor, Span]]:
        return list(look.holders(wait.place)) if wait.kind in ("lock", "semaphore") else []

    def _words(self, look: Look, wait: Wait) -> str:
        name = self._names.get(id(wait.place), ("", ""))[1]
        if wait.kind == "join":
            return next(
                (
                    f"{'thread ' if a.kind != 'main' else ''}{a.ref} to end"
                    for a in look.waits
                    if a.thread is wait.place
                ),
                "a thread to end",
            )
        if wait.kind == "futures":
            return "a future's result" if len(wait.place) == 1 else f"{len(wait.place)} futures"
        if wait.kind == "await":
            return "its condition to hold"
        if wait.kind == "condition" and not name:
            return "a condition to be notified"
        return _WORDS[wait.kind].format(name)


def _refuses(wait: Wait) -> bool:
    """Whether what is tried again and again would fail now."""
    if wait.kind == "semaphore":
        return privates.left_of(wait.place) == 0
    return bool(wait.place.empty() if wait.kind == "get" else wait.place.full())


def _cycle(start: Actor, edges: dict[Actor, list[Actor]]) -> list[Actor]:
    """A way from `start` back to itself, depth first; empty if there is none."""
    path: list[Actor] = [start]
    branches = [iter(edges[start])]
    seen = {start}
    while branches:
        following = next(branches[-1], None)
        if following is start:
            return path
        if following is None:
            branches.pop()
            path.pop()
        elif following not in seen:
            seen.add(following)
            path.append(following)
            branches.append(iter(edges[following]))
    return []


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
