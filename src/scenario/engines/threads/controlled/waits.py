"""What a player waits for at the gate before which it stands, or in the real object: read from the objects when it is asked."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from scenario.engines.threads import privates
from scenario.engines.threads.controlled.facts import Fact
from scenario.engines.threads.controlled.player import Player
from scenario.engines.threads.controlled.stage import Stage
from scenario.engines.threads.watch import waits as frames
from scenario.interpreter import objects as build
from scenario.program.ops import HELD
from scenario.results.waiting import Blocked, Holder, Wait, WaitKind


def plain(kind: WaitKind, name: str) -> Fact:
    """A wait that names no more than its object, or the thread whose end it waits for."""
    return lambda: Wait(kind, name, by=(name,) if kind == "thread" else ())


def lock(stage: Stage, place: object) -> Fact:
    """To acquire a lock, a condition's lock, or a semaphore's place."""
    under = build.lock_of(place)
    kind: WaitKind = "semaphore" if isinstance(under, threading.Semaphore) else "lock"
    return held(stage, kind, stage.names[id(under)][1], under)


def on_object(stage: Stage, kind: WaitKind, name: str, place: object) -> Fact:
    """For the object to let it go on, which somebody may have."""
    return held(stage, kind, name, place) if kind in HELD else plain(kind, name)


def held(stage: Stage, kind: WaitKind, name: str, place: object) -> Fact:
    """For what others have."""
    return lambda: Wait(kind, name, holders(stage, build.lock_of(place)))


def holders(stage: Stage, under: object) -> tuple[Holder, ...]:
    """Who took it and has not given it back; of a lock only what the lock itself says: that it is held, and by whom."""
    taken = [Holder(ref, span) for ref, span in stage.holds.of(id(under))]
    if not isinstance(under, build.LOCK | build.RLOCK):
        return tuple(taken)
    if not build.locked(under):
        return ()
    if build.is_rlock(under):
        owner = build.rlock_state(under)[0]
        idents = {player.ref: player.thread.ident for player in stage.players.values() if player.thread is not None}
        taken = [holder for holder in taken if idents.get(holder.thread) == owner]
    return tuple(taken[:1])  # an RLock since the first time


def barrier(stage: Stage, name: str, place: threading.Barrier) -> Fact:
    """For the other parties, or for the end of the action that one of them runs."""

    def fact() -> Wait:
        tops = privates.current_frames()
        runners = [
            player.ref
            for player in stage.players.values()
            if player.thread is not None and place in frames.actions(tops.get(player.thread.ident))
        ]
        if runners:
            return Wait("action", name, by=tuple(runners))
        return Wait("barrier", name, needs=place.parties, has=place.n_waiting)

    return fact


# --- futures -------------------------------------------------------------------------------------------


def future(stage: Stage, awaited: object) -> Fact:
    return lambda: _future(stage, awaited)


def _future(stage: Stage, awaited: object) -> Wait:
    """Who runs its call, or where it is queued."""
    own = stage.names.get(id(awaited))
    if own is not None:
        return Wait("future", own[1])
    tops = privates.current_frames()
    for player in stage.players.values():
        top = tops.get(player.thread.ident) if player.worker else None
        if top is not None and privates.runs_call_of(top, awaited):
            return Wait("future", player.pool, by=(player.ref,))
    for label, pool in stage.pools():
        for item in privates.calls_of(pool).items:
            if item.future is awaited:
                return Wait("future", label, routine=privates.routine_of(item))
    return Wait("future")


def futures(stage: Stage, awaited: Sequence[object], needs: int) -> Fact:
    """Several: how many must be done, how many are, who runs the calls of the others."""

    def fact() -> Wait:
        each = [_future(stage, one) for one in awaited if not privates.is_counted(one)]
        pools = {one.name for one in each}
        by = tuple(dict.fromkeys(ref for one in each for ref in one.by))
        return Wait("futures", pools.pop() if len(pools) == 1 else "", by=by, needs=needs, has=len(awaited) - len(each))

    return fact


# --- who waits -------------------------------------------------------------------------------------------


def blocked(player: Player) -> Blocked:
    """Where the player stands, and for what it waits."""
    return Blocked(player.ref, player.span, player.wait(), player.pool, player.daemon)
