"""The state of a queue of `multiprocessing`, and how far a process has come in one of its operations."""

from __future__ import annotations

from typing import NamedTuple

from scenario.engines.explore.model.values import Key
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.model import Phase
from scenario.engines.explore.step.primitives.processes.pipes import Pipe
from scenario.engines.explore.step.primitives.processes.sleepers import Counts
from scenario.record import record


class ProcessQueueState(NamedTuple):
    """`slots`: how many are taken (0 where nobody can tell).

    `reader` has the read lock, `joiners` wait for the tasks, where nobody is killed; else they are counted in `tasks`.
    """

    pipe: Pipe = Pipe()
    slots: int = 0
    unfinished: int = 0
    reader: int | None = None
    joiners: tuple[int, ...] = ()
    tasks: Counts = Counts()


@record
class Slotted(Phase):
    """It has its slot, and the item is not in the buffer yet."""

    def is_queued(self, _: Context) -> bool:
        return False


@record
class Reading(Phase):
    """It has the read lock."""


@record
class Taken(Phase):
    """It has its item, and the slot is not free yet."""

    item: Key

    def is_queued(self, _: Context) -> bool:
        return False


@record
class Joining(Phase):
    """It stands among those who wait for the tasks, or did."""
