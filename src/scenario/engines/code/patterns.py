"""The well-known pattern behind a failure of the user's own code, as everywhere a fact about these threads and these names.

Read from the steps of the execution that shows it: who read and wrote what in which order, who waits for what, who has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product

from scenario.engines.code.actors import Actor, Step
from scenario.engines.code.evidence import target
from scenario.engines.code.operation import EVERYTHING, Location, Operation
from scenario.engines.code.world import World
from scenario.record import record
from scenario.results.patterns import Pattern
from scenario.results.patterns.values import ActedOnAnOldLook, LostUpdate, TornRead
from scenario.results.patterns.waiting import (
    ClearedAgain,
    LockCycle,
    LostWakeup,
    NeverReleased,
    NobodyLeft,
    SelfDeadlock,
)
from scenario.results.waiting import Blocked, circle
from scenario.source import START

DECIDING = ("if ", "elif ", "while ", "assert ")
"""How a line begins that decides something."""


@record
class Sighting:
    """A pattern, and the numbers of the steps that make it."""

    pattern: Pattern
    steps: tuple[int, ...] = ()


def sighting(world: World) -> Sighting | None:
    """The first that the execution shows, if its threads are stuck or its values are wrong."""
    stuck = [actor for actor in world.unfinished() if actor.next is not None and not actor.next.goes_round]
    return _of_waits(world, stuck) if stuck else _of_values(world.steps)


# --- who waits ------------------------------------------------------------------------------------------------


def _of_waits(world: World, stuck: Sequence[Actor]) -> Sighting | None:
    blocked = [_blocked(actor, actor.next) for actor in stuck if actor.next is not None]
    taken = {actor.name: _taken(world.steps, actor.next) for actor in stuck if actor.next is not None}
    for one in blocked:
        if one.wait.kind != "thread" and one.thread in one.wait.threads():
            return Sighting(SelfDeadlock(one.thread, one.wait), taken[one.thread])
    if (round_ := circle(blocked)) and all(one.wait.holders for one in round_):
        return Sighting(LockCycle(round_), tuple(sorted(number for one in round_ for number in taken[one.thread])))
    names = {one.thread for one in blocked}
    for one in blocked:
        holders = tuple(holder.thread for holder in one.wait.holders)
        if holders and not names & set(holders):
            return Sighting(NeverReleased(holders, one.wait, one.thread), taken[one.thread])
    for actor, one in zip(stuck, blocked, strict=True):
        if actor.next is not None and (found := _missed(world.steps, actor, actor.next, one)) is not None:
            return found
    return None


def _taken(steps: Sequence[Step], wanted: Operation) -> tuple[int, ...]:
    """Where the lock that is wanted was taken last; nothing where it is no lock."""
    if wanted.takes is None:
        return ()
    numbers = (number for number in range(len(steps) - 1, -1, -1) if steps[number].operation.takes == wanted.takes)
    return tuple(islice(numbers, 1))


def _blocked(actor: Actor, operation: Operation) -> Blocked:
    return Blocked(actor.name, START, operation.wait(target(operation)))


def _missed(steps: Sequence[Step], actor: Actor, operation: Operation, one: Blocked) -> Sighting | None:
    """A signal that came too early, or never."""
    where = {location for location, _ in operation.touches}
    since = max((n for n, step in enumerate(steps) if step.actor is actor), default=0)
    before = [n for n in range(since) if steps[n].actor is not actor and where & _locations(steps[n].operation)]
    verbs = {number: steps[number].operation.verb for number in before}
    name = target(operation)
    match operation.verb:
        case "is notified":
            notified = [number for number, verb in verbs.items() if verb.startswith("notifies")]
            if not notified:
                return Sighting(NobodyLeft(one, ()))
            if "waits" in verbs.values():
                return None
            return Sighting(LostWakeup(steps[notified[-1]].actor.name, name, actor.name), (notified[-1],))
        case "is set":
            cleared = next((number for number, verb in verbs.items() if verb == "clears"), None)
            if cleared is None:
                return Sighting(NobodyLeft(one, ()))
            return Sighting(ClearedAgain(steps[cleared].actor.name, name, actor.name), (cleared,))
        case "gets from" | "puts into":
            return Sighting(NobodyLeft(one, ()))
        case _:
            return None


# --- wrong values ----------------------------------------------------------------------------------------------


def _of_values(steps: Sequence[Step]) -> Sighting | None:
    return next(_overwritten(steps), None) or next(_torn(steps), None) or next(_looked_before(steps), None)


def _locations(operation: Operation) -> set[Location]:
    return {location for location, _ in operation.touches if location != EVERYTHING}


def _written(operation: Operation) -> set[Location]:
    return {location for location, changes in operation.touches if changes and location != EVERYTHING}


def _overwritten(steps: Sequence[Step]) -> Iterator[Sighting]:
    """A thread writes what another has written since it read that."""
    for number, step in enumerate(steps):
        if step.operation.verb != "writes":
            continue
        for location in _written(step.operation):
            read = _last_read(steps, number, location)
            if read is None:
                continue
            other = _other_writer(steps, read, number, location)
            if other is not None:
                yield Sighting(_of_stale(steps[read], step, steps[other].actor), (read, other, number))


def _decides(step: Step) -> bool:
    """Whether its line decides something by what it reads."""
    source = step.operation.place.source
    return source.startswith(DECIDING) or (" if " in source and " else " in source)


def _of_stale(read: Step, write: Step, other: Actor) -> Pattern:
    name, thread = target(write.operation), write.actor.name
    if _decides(read):
        return ActedOnAnOldLook(thread, target(read.operation), other.name)
    return LostUpdate(thread, name, other.name)


def _last_read(steps: Sequence[Step], before: int, location: Location) -> int | None:
    """By the same thread, with no write of its own in between."""
    actor = steps[before].actor
    for number in range(before - 1, -1, -1):
        step = steps[number]
        if step.actor is actor and location in _locations(step.operation):
            return number if step.operation.verb == "reads" else None
    return None


def _other_writer(steps: Sequence[Step], after: int, before: int, location: Location) -> int | None:
    actor = steps[before].actor
    between = (n for n in range(after + 1, before) if steps[n].actor is not actor)
    return next((number for number in between if location in _written(steps[number].operation)), None)


def _torn(steps: Sequence[Step]) -> Iterator[Sighting]:
    """A thread reads two things, the one as it was before another thread wrote both, the other as it was after."""
    threads = {step.actor for step in steps}
    for reader, writer in product(threads, threads):
        if reader is writer:
            continue
        reads = _first(steps, reader, "reads")
        writes = _first(steps, writer, "writes")
        mine = _first(steps, reader, "writes")
        both = [location for location in reads if location in writes and location not in mine]
        for one, other in product(both, both):
            if one != other and reads[one] < writes[one] and writes[other] < reads[other]:
                names = tuple(dict.fromkeys(target(steps[reads[each]].operation) for each in (one, other)))
                if len(names) > 1:
                    places = sorted((reads[one], writes[one], writes[other], reads[other]))
                    yield Sighting(TornRead(reader.name, names, writer.name), tuple(places))


def _first(steps: Sequence[Step], actor: Actor, verb: str) -> dict[Location, int]:
    """Where a thread does it first, by location."""
    found: dict[Location, int] = {}
    for number, step in enumerate(steps):
        if step.actor is actor and step.operation.verb == verb:
            for location in _written(step.operation) if verb == "writes" else _locations(step.operation):
                found.setdefault(location, number)
    return found


def _looked_before(steps: Sequence[Step]) -> Iterator[Sighting]:
    """A thread has looked at what another changed before it went on."""
    for number, step in enumerate(steps):
        if step.operation.verb != "reads" or not _decides(step):
            continue
        again = next((n for n in range(number + 1, len(steps)) if steps[n].actor is step.actor), None)
        if again is None:
            continue
        for location in _locations(step.operation):
            others = (n for n in range(number + 1, again) if location in _written(steps[n].operation))
            if (other := next(others, None)) is not None:
                looked = ActedOnAnOldLook(step.actor.name, target(step.operation), steps[other].actor.name)
                yield Sighting(looked, (number, other, again))
