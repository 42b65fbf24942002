"""What of a program stays the same in all its states: threads and objects by number, and their codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from scenario.engines.explore.model.code import Code
from scenario.engines.explore.model.parts import ThreadPart
from scenario.engines.explore.model.raising import element
from scenario.engines.explore.model.values import freeze
from scenario.engines.explore.step.primitives.model import Model
from scenario.engines.explore.step.primitives.processes.kinds import Processes
from scenario.program.program import Interrupt, Kind, Program, element_name
from scenario.record import record


@record
class Thread:
    """`ref` is how reports name it; `pool` is the object number of a worker's pool."""

    number: int
    ref: str
    name: str
    index: int
    group: str
    code: str
    daemon: bool = False
    timer: float | None = None
    pool: int | None = None
    interrupts: tuple[Interrupt, ...] = ()


NOBODY = Thread(-1, "", "", 0, "", "")
"""Who looks at a state from outside, where there may be no thread at all."""


@record
class Layout:
    """`objects` maps (primitive, element) to its number, by which `kinds` and `models` are; `locks[n]` is the lock of object n.

    `default_main`: where its end is a step, since that closes the pools. `as_one`: groups that `main` takes as one for the
    search's sake (`search/schedules/as_one.py`).
    """

    program: Program
    threads: tuple[Thread, ...]
    objects: Mapping[tuple[str, int | None], int]
    kinds: tuple[Kind, ...]
    models: tuple[Model, ...]
    locks: Mapping[int, int]
    codes: Mapping[str, Code]
    vars: Mapping[str, int]
    main: int | None
    default_main: int | None
    main_starts_all: bool
    end_steps: bool
    virtual: bool
    fifo: bool
    spurious: bool
    ranks: bool
    processes: Processes | None
    groups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    as_one: frozenset[str] = frozenset()
    followed: tuple[str, ...] = ()
    futures: Mapping[tuple[str, int | None], int] = field(default_factory=dict)
    """The scenario's own futures, which are the first."""
    counted: Mapping[str, int] = field(default_factory=dict)
    """Variables through which a loop goes and out of which keys are taken, each with its place in `SharedPart.taken`."""

    def fresh(self, thread: Thread, phase: tuple[str] | None = None) -> ThreadPart:
        """A thread that has not begun, or that ends before it does."""
        count = len(self.codes[thread.code].slots)
        frame = (thread.code, 0, ("U", tuple(range(count)), freeze([None] * count)), phase)
        return ThreadPart((frame,), came=(0,) * len(thread.interrupts))

    def number_of(self, name: str, index: int | None) -> int:
        """The number of a primitive or of its element (negative indices as in a list)."""
        if index is None and (name, None) in self.objects:
            return self.objects[name, None]
        return element([number for (other, _), number in self.objects.items() if other == name], index)

    def name_of(self, number: int) -> str:
        """An object as the file has it: `forks[1]`. The lock that a condition has made for itself goes by its name."""
        own = (n for n, lock in self.locks.items() if lock == number)
        for (name, index), known in self.objects.items():
            if known == number:
                return element_name(name, index)
        return self.name_of(next(own))
