"""Queues that keep nobody for ever: some threads only put, others only get, and the numbers fit.

Such a thread waits for nothing but its one queue and locks that are given back. Were a putter kept for ever, the queue would be
full, so no getter waits: all have ended and taken all that they take. Then more is put than is taken and than there is
room for. Were a getter kept for ever, the queue would be empty, so all putters have ended: less is put than is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scenario.engines.explore.reductions.updates import Passing, Sums
from scenario.program.program import LifoQueue, Program, Queue, SimpleQueue


def has_one_end(thread: Sums) -> bool:
    """Whether it uses one queue at the most, and only one end of it."""
    return len({(passing.queue, passing.puts) for passing in thread.passings}) <= 1


def fits(program: Program, name: str, passings: Iterable[Passing]) -> bool:
    """Whether these, that are all that is done with the queue, can not keep anybody for ever."""
    room, more = room_of(program, name), left_in(name, passings)
    return room is not None and more >= 0 and (room <= 0 or more <= room)


def left_in(name: str, passings: Iterable[Passing]) -> int:
    """How many items more are put into the queue than taken out of it."""
    return sum(int(one.count) if one.puts else -int(one.count) for one in passings if one.queue == name)


def room_of(program: Program, name: str) -> int | None:
    """How many items it may hold (0: any number); None for what is no single queue, or sorts its items."""
    primitive = next(primitive for primitive in program.primitives if primitive.name == name)
    match primitive.elements:
        case _ if primitive.is_array:
            return None
        case (Queue(maxsize) | LifoQueue(maxsize),):
            return maxsize
        case (SimpleQueue(),):
            return 0
        case _:
            return None


def queues(threads: Iterable[Sequence[Sums]]) -> frozenset[str]:
    return frozenset(passing.queue for each in threads for one in each for passing in one.passings)
