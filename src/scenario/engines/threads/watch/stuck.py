"""Who can never move again: the threads that wait, minus all that some other thread could still wake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import FrameType
from typing import TYPE_CHECKING, Any, Protocol

from scenario.engines.threads.actors import Actor
from scenario.engines.threads.live.runtime import Run
from scenario.engines.threads.privates import calls_of, is_counted, is_deaf, is_shut, threads_of
from scenario.engines.threads.watch import waits
from scenario.engines.threads.watch.library import BY_KIND, Function
from scenario.engines.threads.watch.waits import Wait
from scenario.interpreter.objects import LOCK, is_rlock, lock_of, rlock_state
from scenario.program.evaluate import tried
from scenario.program.program import declared_name
from scenario.real.effects import Effect
from scenario.record import mutable
from scenario.source import START, Span

if TYPE_CHECKING:  # slow to import, and few files need it
    from concurrent.futures import Future


class _Pool(Protocol):
    """A thread pool of the run (`live/pools.py`)."""

    scenario_name: str
    ending: bool
    calls: dict[Future[object], str]

    def forget_done(self) -> None: ...


def _is_over(pool: _Pool) -> bool:
    return is_shut(pool) or pool.ending


@mutable
class Look:
    """All live threads of a run at one moment, and what each waits for (None: it moves)."""

    run: Run
    tops: Mapping[Actor, FrameType]
    waits: dict[Actor, Wait | None]
    names: Mapping[int, tuple[str, str]]  # id of an object -> (its name in the file, as reported: `forks[1]`)
    _stuck: set[Actor] | None = None
    _still: set[Actor] = field(default_factory=set)
    _standing: dict[int, list[tuple[Actor, Span]]] | None = None
    _holders: dict[int, list[tuple[Actor, Span]]] = field(default_factory=dict)
    _actions: dict[int, Actor] = field(default_factory=dict)
    _pools: dict[int, _Pool] | None = None

    # --- holders ------------------------------------------------------------------------------------

    def holders(self, place: object) -> list[tuple[Actor, Span]]:
        """Who is known to hold it, and since which step. Empty: nobody, or nobody known."""
        lock = lock_of(place)
        known = self._holders.get(id(lock))  # many may wait for the same
        if known is None:
            known = self._holders[id(lock)] = self._read_holders(lock)
        return known

    def _read_holders(self, lock: object) -> list[tuple[Actor, Span]]:
        if is_rlock(lock):
            return self._owner(lock)
        if isinstance(lock, LOCK):
            return self._taker(lock)
        taken = [(actor, self.run.module.steps[line]) for actor, line in self.run.holds.takers(lock)]
        return taken or self._standing_inside().get(id(lock), [])

    def _taker(self, lock: object) -> list[tuple[Actor, Span]]:
        found = self._standing_inside().get(id(lock), [])
        recorded = self.run.holds.of(lock)
        if recorded is not None and waits.is_held(lock):
            actor, line = recorded
            if id(lock) not in self._let_go(actor):
                found = [(actor, self.run.module.steps[line])]
        return found

    def _let_go(self, actor: Actor) -> set[int]:
        """The locks (by id) of conditions on which it waits: these it has not, or not for long."""
        top = self.tops.get(actor)
        return set() if top is None else waits.released_by_wait(top)

    def _owner(self, lock: object) -> list[tuple[Actor, Span]]:
        ident, locked = rlock_state(lock)
        if not locked:
            return []
        living = (actor for actor in self.waits if actor.thread.ident == ident)  # an ident is given again
        owner = next(living, self.run.by_ident.get(ident))
        if owner is None or id(lock) in self._let_go(owner):
            return []  # about to let it go for a wait on a condition, or has just got it back
        recorded = self.run.holds.of(lock)
        if recorded is not None and recorded[0] is owner:
            return [(owner, self.run.module.steps[recorded[1]])]
        spans = [span for actor, span in self._standing_inside().get(id(lock), []) if actor is owner]
        return [(owner, spans[0] if spans else START)]

    def _standing_inside(self) -> dict[int, list[tuple[Actor, Span]]]:
        """By lock (its id): who stands inside a `with` of it, read once."""
        if self._standing is None:
            self._standing = self._read_frames()
        return self._standing

    def _read_frames(self) -> dict[int, list[tuple[Actor, Span]]]:
        recorded = self.run.module.footprint.recorded
        found: dict[int, list[tuple[Actor, Span]]] = {}
        for actor, top in self.tops.items():
            released = waits.released_by_wait(top)
            for place, span in waits.held_by_form(top, self.run.module):
                lock = lock_of(place)
                plain = not is_rlock(lock) and self._lock_name(lock, place) in recorded
                if id(lock) not in released and not plain:
                    found.setdefault(id(lock), []).append((actor, span))
            self._actions.update((id(barrier), actor) for barrier in waits.actions(top))
        return found

    def _lock_name(self, lock: object, place: object) -> str:
        return self.names.get(id(lock), self.names.get(id(place), ("", "")))[0]

    def runs_action(self, barrier: object) -> Actor | None:
        """Who runs the barrier's action now."""
        self._standing_inside()
        return self._actions.get(id(barrier))

    # --- the fixpoint -----------------------------------------------------------------------------------

    def stuck(self) -> set[Actor]:
        """The threads that nothing can move any more (idle workers are none that could end: nothing waits to be done there)."""
        if self._stuck is None:
            self._still = self._find_still()
            self._stuck = {actor for actor in self._still if not self._is_idle(actor) or self._is_deaf(actor)}
        return self._stuck

    def _find_still(self) -> set[Actor]:
        stuck = {actor for actor, wait in self.waits.items() if wait is not None and not wait.timed}
        called_back = self._called_back()
        changed = True
        while changed:
            movers = [actor for actor in self.waits if actor not in stuck]
            effects = called_back.union(*{actor.effects for actor in movers})
            free = {actor for actor in stuck if self._may_move(actor, stuck, movers, effects)}
            stuck -= free
            changed = bool(free)
        return stuck

    def _called_back(self) -> frozenset[Effect]:
        """What may yet be done by who looks after a process pool, and is no thread of the run: callbacks of its calls."""
        at_work = any(pool.is_at_work() for pool in self.run.process_pools())
        return self.run.module.effects.callbacks if at_work else frozenset()

    def still(self) -> list[tuple[Actor, Wait]]:
        """Those that are taken not to move, idle workers too, with their waits."""
        self.stuck()
        return [(actor, wait) for actor, wait in self.waits.items() if actor in self._still and wait is not None]

    def moving(self) -> list[Actor]:
        """The threads that go on, or will when their time is over."""
        return [actor for actor, wait in self.waits.items() if wait is None or wait.timed]

    def _is_idle(self, actor: Actor) -> bool:
        wait = self.waits[actor]
        return wait is not None and wait.kind == "idle"

    def _is_deaf(self, worker: Actor) -> bool:
        """Whether it waits for a wake-up that is gone."""
        wait = self.waits[worker]
        pool = None if wait is None else self._idle_in(wait)
        return pool is not None and _is_over(pool) and is_deaf(pool)

    def _idle_in(self, wait: Wait) -> _Pool | None:
        """The pool, if it is an idle worker's wait."""
        if self._pools is None:  # there may be thousands, with a worker each
            self._pools = {id(calls_of(pool)): pool for pool in self.run.thread_pools()}
        return self._pools.get(id(wait.place)) if wait.kind == "idle" else None

    def _may_move(self, actor: Actor, stuck: set[Actor], movers: list[Actor], effects: frozenset[Effect]) -> bool:
        wait = self.waits[actor]
        assert wait is not None
        name = self.names.get(id(wait.place), ("", ""))[0]
        match wait.kind:
            case "lock" | "relock":
                return self._lock_may_free(lock_of(wait.place), actor, stuck, effects)
            case "action":
                runner = self.runs_action(wait.place)
                return runner is None or runner not in stuck
            case "thread":
                return self._join_may_end(wait.place, stuck)
            case "future" | "futures":
                return self._futures_may_move(wait, movers, effects)
            case "await":
                return self._await_may_hold(wait, movers, effects)
            case "idle":
                return self._worker_may_move(wait, stuck, effects)
            case kind:
                return self._object_may_let_go(wait, BY_KIND[kind], name, effects)

    def _lock_may_free(self, lock: object, actor: Actor, stuck: set[Actor], effects: frozenset[Effect]) -> bool:
        if not self.is_kept_from(actor, lock):
            return True  # free by now, or taken by who has not gone on yet: look again
        if any(holder not in stuck and holder.alive for holder, _ in self.holders(lock)):
            return True
        name = self.names.get(id(lock), ("", ""))[0]
        return not is_rlock(lock) and name in self.run.module.footprint.released and ("free", name) in effects

    def is_kept_from(self, actor: Actor, lock: object) -> bool:
        """Whether it is known that somebody has the lock, so that this thread can not take it.

        An RLock's own owner can: it has just taken the lock and stands behind the call, or will be let in.
        """
        holders = self.holders(lock)
        return bool(holders) and not (is_rlock(lock_of(lock)) and any(holder is actor for holder, _ in holders))

    def _object_may_let_go(self, wait: Wait, function: Function, name: str, effects: frozenset[Effect]) -> bool:
        if (function.moved_by, name) in effects or (wait.place in self.run.puts and self._in_flight(wait.place)):
            return True
        return wait.polls and not function.refuses(wait.place)

    def _in_flight(self, place: object) -> bool:
        """Puts are counted before, gets after: unequal means that an item is there or is being handed over."""
        counts = [
            int(repr(counter[place].__self__).removeprefix("count(").removesuffix(")"))
            for counter in (self.run.puts, self.run.gets)
        ]
        return counts[0] != counts[1]

    def _join_may_end(self, thread: object, stuck: set[Actor]) -> bool:
        for actor in self.waits:
            if actor.thread is thread:
                ends = self._is_idle(actor) and not self._is_deaf(actor)  # its pool is being shut down
                return ends or actor not in stuck
        return True

    def _futures_may_move(self, wait: Wait, movers: list[Actor], effects: frozenset[Effect]) -> bool:
        many = wait.kind == "futures"  # which hears of a cancelled one by its worker alone
        pending = [future for future in wait.place if not (is_counted(future) if many else future.done())]
        if (
            not pending
            or self.run.program.python  # the user's own code may finish any future that it was given
            or any(effect == "complete" and self._is_one(name, pending) for effect, name in effects)
            or any(effect == ("notify cancel" if many else "cancel") for effect, _ in effects)
        ):
            return True
        return any(self._call_may_end(future, movers) for future in pending)

    def _is_one(self, name: str, futures: list[object]) -> bool:
        """Whether what somebody completes may be one of these: a future of this name, or (without one) any."""
        return not name or any(self.names.get(id(future), ("", ""))[0] == name for future in futures)

    def _call_may_end(self, future: Any, movers: list[Actor]) -> bool:
        """Whether a worker of the future's pool moves; true of a process pool's, which is not watched."""
        for pool in self.run.thread_pools():
            if future in list(pool.calls):
                workers = threads_of(pool)
                thrown_away = pool.emptied and future.cancelled()  # unless a worker has it in hand
                at_it = [actor for actor in movers if self._is_idle(actor)] if thrown_away else movers
                return any(actor.thread in workers for actor in at_it)
        return id(future) not in self.names

    def _worker_may_move(self, wait: Wait, stuck: set[Actor], effects: frozenset[Effect]) -> bool:
        """An idle worker moves if a call waits for it, or if its pool ends."""
        pool = self._idle_in(wait)
        if pool is None:
            return True
        pool.forget_done()
        if not _is_over(pool):
            return any(not f.running() for f in list(pool.calls))
        name = declared_name(pool.scenario_name)
        is_told_anew = ("shutdown", name) in effects or ("free", name) in effects  # by `with: pool`
        return not is_deaf(pool) or is_told_anew or (not pool.ending and self._main_may_end(stuck))

    def _main_may_end(self, stuck: set[Actor]) -> bool:
        """Then it closes the pools. A default main waits for all threads that are no daemons."""
        main = self.run.members.main
        waited_for = [actor for actor in stuck if actor.kind != "worker" and not actor.daemon]
        return not waited_for if main is None else main not in stuck

    def _await_may_hold(self, wait: Wait, movers: list[Actor], effects: frozenset[Effect]) -> bool:
        asked = self.run.module.footprint.asked_at(wait.span)
        if asked.by_itself or asked.may_change(movers, effects):
            return True
        return tried(lambda: bool(wait.place())) is not False  # the hidden lock is held; what raises will in its thread
