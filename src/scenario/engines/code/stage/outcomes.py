"""What came of an execution of a file, as every engine reports it, and what its threads wait for."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from threading import Semaphore

from scenario.engines.code.actors import Actor
from scenario.engines.code.evidence import target
from scenario.engines.code.operation import WAITS, Operation
from scenario.engines.code.runtime.primitives.barriers import Rounds
from scenario.engines.code.stage.play import Environment, Play
from scenario.engines.code.stage.roles import Role
from scenario.legible import legible
from scenario.program.whole import queried_at_the_end
from scenario.real.tracebacks import thread_error
from scenario.real.travelling import plain
from scenario.real.values import text_of, view
from scenario.results.outcome import Outcome, ThreadError
from scenario.results.waiting import Blocked, Holder, Wait, WaitKind


def outcome(play: Play) -> Outcome:
    """At the end of an execution that was not left in the middle."""
    unfinished = play.world.unfinished()
    roles = play.roles.values()
    errors = {role.ref: _error(play, role, role.actor.error) for role in roles if role.actor and role.actor.error}
    errors |= {
        actor.name: _error(play, None, actor.error)
        for actor in play.world.actors
        if actor.error is not None and play.role_of(actor) is None
    }
    return plain(
        Outcome(
            "deadlock" if unfinished else "finished",
            {name: view(value) for name, value in play.shared.items()},
            {role.ref: {name: view(value) for name, value in role.registers.items()} for role in roles},
            _objects(play),
            tuple(play.output),
            tuple(play.marks),
            errors,
            tuple(play.failures.values()),
            tuple(blocked(play, actor) for actor in unfinished),
            reached=frozenset(play.reached),
            untrue=frozenset(play.untrue),
            over=frozenset(role.ref for role in roles if role.actor is not None and role.actor.ended),
        )
    )


# --- exceptions -----------------------------------------------------------------------------------------------


def _error(play: Play, role: Role | None, error: BaseException) -> ThreadError:
    span = role.error_span if role is not None else next(iter(play.bodies.spans.values()))
    return thread_error(play.program, error, span, "\n".join(_told(play, role, error)))


def _told(play: Play, role: Role | None, error: BaseException) -> Iterator[str]:
    """Python's own form: the step of the file, and the frames of the user's own code."""
    yield "Traceback (most recent call last):"
    if role is not None:
        yield f'  File "{legible(play.program.path)}", line {role.error_span.line}, in {role.ref}'
        if text := linecache.getline(play.program.path, role.error_span.line).strip():
            yield f"    {text}"
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename in play.prepared.files:
            yield f'  File "{legible(frame.filename)}", line {frame.lineno}, in {frame.name}'
            if frame.line:
                yield f"    {frame.line}"
    yield f"{type(error).__name__}: {legible(text_of(error))}".removesuffix(": ")


# --- objects --------------------------------------------------------------------------------------------------


def _objects(play: Play) -> dict[tuple[str, int | None], dict[str, object]]:
    """The state of the objects that the expectations ask for, of all elements of an array or group."""
    environment = Environment(play, {})
    found: dict[tuple[str, int | None], dict[str, object]] = {}
    for name, attribute in queried_at_the_end(play.program):
        for index in _indices(play, name, attribute):
            found.setdefault((name, index), {})[attribute] = view(environment.query(name, index, attribute))
    return found


def _indices(play: Play, name: str, attribute: str) -> Iterator[int | None]:
    """The elements of an array or group; None for what is neither, and for a group as a whole."""
    place = play.objects.get(name)
    count = len(place) if isinstance(place, list) else 0
    if name not in play.objects:
        group = next((group for group in play.program.groups if group.key == name), None)
        count = len(group.names) if group is not None and group.is_group else 0
    yield from range(count)
    if not count or attribute in ("alive", "blocked"):
        yield None


# --- who waits ------------------------------------------------------------------------------------------------


def blocked(play: Play, actor: Actor) -> Blocked:
    """At which step of the file a thread is, and for what it waits there, or in the user's own code."""
    role, operation = play.role_of(actor), actor.next
    span = next(iter(play.bodies.spans.values())) if role is None else role.span
    if operation is None:
        return Blocked(actor.name, span, Wait("turn"))
    if operation.place in play.bodies.spans:
        return Blocked(actor.name, play.bodies.spans[operation.place], _wait(play, operation))
    wait, place = _wait(play, operation), operation.place
    at = f"{PurePath(place.file).name}:{place.line}"
    return Blocked(actor.name, span, replace(wait, name=f"{wait.name or target(operation)} ({at})"))


def _wait(play: Play, operation: Operation) -> Wait:
    ids = [location[1] for location, _ in operation.touches if isinstance(location, tuple) and location[0] == "content"]
    names = play.names()
    name = next((names[each] for each in ids if each in names), "")
    place = _object(play, name)
    match operation.verb:
        case "acquires":
            kind: WaitKind = "semaphore" if isinstance(place, Semaphore) else "lock"
            return Wait(kind, name, _holders(play, operation))
        case "arrives at" | "waits at":
            waiting = play.world.shadow(place, Rounds).current.waiting()
            return Wait("barrier", name, needs=getattr(place, "parties", None), has=waiting)
        case "joins":
            return Wait("thread", name, by=(name,))
        case "waits for":
            return Wait("future" if hasattr(place, "set_result") or not name else "tasks", name)
        case "waits for the calls of":
            return Wait("calls", name)
        case "is notified" if holders := _holders(play, operation):
            return Wait("relock", name, holders)
        case verb:
            return Wait(WAITS.get(verb, "turn"), name)


def _holders(play: Play, operation: Operation) -> tuple[Holder, ...]:
    """Who has what it waits for, since which step of the file, if it was taken there."""
    names = () if operation.holders is None else operation.holders()
    if not names:
        return ()
    since = next((span for place, span in play.bodies.spans.items() if len(names) > 1 and place.name == names[1]), None)
    return (Holder(names[0], since),)


def _object(play: Play, name: str) -> object:
    base, bracket, index = name.partition("[")
    place = play.objects.get(base)
    return place[int(index.rstrip("]"))] if bracket and isinstance(place, list) else place
