"""The waits of a look as facts: who waits at which step for what, and who holds it since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

from scenario.engines.threads import privates
from scenario.engines.threads.actors import Actor
from scenario.engines.threads.watch.stuck import Look
from scenario.engines.threads.watch.waits import Wait, own_code
from scenario.interpreter.objects import lock_of
from scenario.program.ops import HELD
from scenario.program.program import declared_name
from scenario.real.emit.module import Module
from scenario.real.travelling import plain_value
from scenario.real.values import view
from scenario.results import waiting
from scenario.results.recorded import Glance
from scenario.results.waiting import Blocked, Holder
from scenario.source import START, Span


def blocked(look: Look, actors: Iterable[Actor]) -> tuple[Blocked, ...]:
    """What each of them waits for; who is in the user's own code waits for that."""
    return tuple(one for actor in actors for one in _blocked(look, actor))


def pending(look: Look) -> tuple[Blocked, ...]:
    """The timers that have not fired yet."""
    spans = {group.key: group.span for group in look.run.program.groups}
    timers = (actor for actor, at in places(look).items() if actor.kind == "timer" and actor.alive and at is None)
    return tuple(Blocked(actor.ref, spans[actor.group], waiting.Wait("time")) for actor in timers)


def places(look: Look) -> dict[Actor, Span | None]:
    """The step in which each thread is; None: in none."""
    return {actor: _place(look.run.module, top) for actor, top in look.tops.items()}


def _place(module: Module, frame: FrameType | None) -> Span | None:
    while frame is not None and frame.f_code.co_filename != module.filename:
        frame = frame.f_back
    return None if frame is None else module.steps[frame.f_lineno]


def glance(look: Look) -> Glance:
    """All of a look that people want to see. Whoever stands before a lock that nobody has does not wait for it."""
    waits = {
        one.thread: one.wait
        for one in blocked(look, [actor for actor, wait in look.waits.items() if _is_kept(look, actor, wait)])
    }
    holds: dict[str, tuple[str, ...]] = {}
    for lock in {id(lock): lock for lock in map(lock_of, look.run.each_primitive())}.values():
        for ref in dict.fromkeys(holder.ref for holder, _ in look.holders(lock)):
            holds[ref] = (*holds.get(ref, ()), look.names[id(lock)][1])
    shared = {name: plain_value(view(value)) for name, value in look.run.read_vars().items()}
    shown = look.run.shown
    return Glance(shared, waits, holds, printed=shown.count(), marked=len(shown.marks))


def _is_kept(look: Look, actor: Actor, wait: Wait | None) -> bool:
    return wait is not None and (wait.kind != "lock" or look.is_kept_from(actor, wait.place))


def _blocked(look: Look, actor: Actor) -> Iterator[Blocked]:
    wait = look.waits.get(actor)
    pool = actor.group if actor.kind == "worker" else ""
    if wait is not None and wait.kind == "idle" and actor in look.stuck():
        yield Blocked(actor.ref, _declared(look, pool), waiting.Wait("wake-up", pool), pool)
    elif wait is not None and wait.kind != "idle":
        yield Blocked(actor.ref, wait.span, _fact(look, wait), pool, actor.daemon)
    top = look.tops.get(actor)
    if wait is None and top is not None and look.run.program.python and (own := own_code(top, look.run.module)):
        yield Blocked(actor.ref, own[0], waiting.Wait("code", own[1], routine=own[2]), pool, actor.daemon)


def _declared(look: Look, name: str) -> Span:
    """Where the primitive is in the file."""
    return next(p.span for p in look.run.program.primitives if p.name == declared_name(name))


def _fact(look: Look, wait: Wait) -> waiting.Wait:
    name = look.names.get(id(wait.place), ("", ""))[1]
    match wait.kind:
        case "barrier" | "action":
            return _barrier(look, wait, name)
        case "thread" if (pool := privates.shut_down_in(wait.frame)) is not None:
            return waiting.Wait("calls", pool.scenario_name)
        case "thread":
            ref = next((actor.ref for actor in look.waits if actor.thread is wait.place), "a thread")
            return waiting.Wait("thread", ref, by=(ref,))
        case "future":
            return _future(look, wait.place[0])
        case "futures":
            return _futures(look, wait)
        case "idle":
            return waiting.Wait("turn")
        case kind:
            return waiting.Wait(kind, name, _holders(look, wait.place) if kind in HELD else ())


def _holders(look: Look, place: object) -> tuple[Holder, ...]:
    return tuple(Holder(holder.ref, None if span == START else span) for holder, span in look.holders(place))


def _barrier(look: Look, wait: Wait, name: str) -> waiting.Wait:
    runner = look.runs_action(wait.place)
    if runner is not None or wait.kind == "action":
        return waiting.Wait("action", name, by=() if runner is None else (runner.ref,))
    return waiting.Wait("barrier", name, needs=wait.place.parties, has=wait.place.n_waiting)


# --- futures -------------------------------------------------------------------------------------------


def _future(look: Look, future: Any) -> waiting.Wait:
    """Who runs its call, or where it is queued; one of the scenario's own by its name."""
    own = look.names.get(id(future))
    if own is not None:
        return waiting.Wait("future", own[1])
    for actor, top in look.tops.items():
        if actor.kind == "worker" and privates.runs_call_of(top, future):
            return waiting.Wait("future", actor.group, by=(actor.ref,))
    for pool in look.run.thread_pools():
        thrown_away = pool.emptied and future.cancelled()
        if future in pool.calls and not (future.running() or privates.is_counted(future) or thrown_away):
            return waiting.Wait("future", pool.scenario_name, routine=pool.calls.get(future, ""))
    return waiting.Wait("future")


def _futures(look: Look, wait: Wait) -> waiting.Wait:
    """Several: how many must be done, how many are, who runs the calls of the others."""
    pending = [future for future in wait.place if not privates.is_counted(future)]
    each = [_future(look, future) for future in pending]
    pools = {one.name for one in each}
    return waiting.Wait(
        "futures",
        pools.pop() if len(pools) == 1 else "",
        by=tuple(sorted({ref for one in each for ref in one.by})),
        needs=wait.needs,
        has=len(wait.place) - len(pending),
    )
