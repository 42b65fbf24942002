"""The objects of a program, made once by the parent, and the number that each has in every process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.context import SpawnContext

from scenario.engines.processes.objects import (
    Action,
    Barrier,
    BoundedSemaphore,
    Condition,
    Event,
    Lock,
    Placed,
    RLock,
    Semaphore,
)
from scenario.engines.processes.queues import Queue, SimpleQueue
from scenario.language import primitives as p
from scenario.program.bounded.patience import Look, unhurried
from scenario.program.program import Primitive, element_name
from scenario.real.making import made


def build(primitives: tuple[Primitive, ...], context: SpawnContext, look: Look = unhurried) -> dict[str, object]:
    """An object, or a list of them for an array, by the primitive's name. Each has a name in the system, and there may be very many."""
    return made(primitives, lambda _label, kind, built: _one(kind, built, context), look)


def _one(kind: p.Kind, built: Mapping[str, Sequence[object]], context: SpawnContext) -> object:
    match kind:
        case p.Lock():
            return Lock(ctx=context)
        case p.RLock():
            return RLock(ctx=context)
        case p.Semaphore(value):
            return Semaphore(value, ctx=context)
        case p.BoundedSemaphore(value):
            return BoundedSemaphore(value, ctx=context)
        case p.Event():
            return Event(ctx=context)
        case p.Condition(lock):
            under = RLock(ctx=context) if lock is None else built[lock[0]][lock[1] or 0]
            assert isinstance(under, Lock | RLock)
            return Condition(under, ctx=context)
        case p.Barrier(parties, action, timeout):
            return Barrier(parties, None if action is None else Action(action), timeout, ctx=context)
        case p.Queue(maxsize):
            return Queue(maxsize, ctx=context)
        case p.SimpleQueue():
            return SimpleQueue(ctx=context)
        case p.ProcessPool():
            return None  # main has it, and no other process
        case _:
            raise AssertionError(f"compiling refuses {type(kind).__name__} on processes")


def each(objects: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
    """Every object with the name that it has, and that of its element (`forks[1]`)."""
    for name, place in objects.items():
        if isinstance(place, list):
            yield from ((name, element_name(name, index), element) for index, element in enumerate(place))
        else:
            yield name, name, place


def place_all(objects: Mapping[str, object]) -> list[tuple[str, str]]:
    """Gives each its number, the same in every process; the names by number. A condition's own lock goes by the condition's name."""
    names: list[tuple[str, str]] = []
    for name, text, place in each(objects):
        if isinstance(place, Placed):
            place.at(len(names))
            names.append((name, text))
    for name, text, place in each(objects):
        if isinstance(place, Condition) and not any(place.has(lock) for _, _, lock in each(objects)):
            place.place_lock(len(names))
            names.append((name, text))
    return names


def queues_of(objects: Mapping[str, object]) -> list[Queue]:
    return [place for _, _, place in each(objects) if isinstance(place, Queue)]
