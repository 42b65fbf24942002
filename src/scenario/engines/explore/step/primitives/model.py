"""What the explorer knows of one object, whatever its kind: one subclass a kind, and all that is known of it in one file.

A subclass has the object's state before the first step and says what is asked of a state, who has it, which threads it
names (symmetry renames them), what a step of it touches, its steps, and for what a thread at one of them waits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.values import Raised
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.primitives.alternatives import Alternatives
from scenario.program import ops
from scenario.record import record
from scenario.results.waiting import Holder, Wait

Held: TypeAlias = Mapping[int, tuple[Holder, ...]]
"""For each lock or semaphore that is held: the threads that took it, and the steps that did."""

Steps: TypeAlias = Mapping[type[ops.Act], Callable[[Any, Context, Operate], Alternatives]]
"""The method that gives an operation's alternatives."""


@record
class Standing:
    """A thread before a step that it can not take: what it waits for depends on the whole state, and on the way there.

    `phases` gives by each thread's ref the operations in the middle of which it is: few waits ask for it.
    """

    w: Context
    op: Operate
    held: Held
    phases: Callable[[], Mapping[str, tuple[object, ...]]]

    def inside(self, asked: Callable[[object], bool]) -> Iterator[str]:
        """The threads that are in the middle of such an operation."""
        return (ref for ref, phases in self.phases().items() if any(map(asked, phases)))


class Model(ABC):
    """One object of a program, by its number."""

    steps: ClassVar[Steps]

    def __init__(self, number: int) -> None:
        self.number = number

    @property
    def lock(self) -> int | None:
        """The object that its operations take, give back or need; None of what nobody can have."""
        return self.number if any(op.holds for op in self.steps) else None

    @abstractmethod
    def first(self) -> object:
        """Its state before the first step: a value that is equal and hashed by what it says."""

    @abstractmethod
    def asked(self, objects: Sequence[object]) -> Mapping[str, object]:
        """What expressions may ask of it, by attribute, where all objects are in these states."""

    def ways_to_ask(self, w: Context, _attribute: str) -> Sequence[object]:
        """Its states as whoever asks may find it; none while nobody can ask."""
        return (w.objects[self.number],)

    def at_end(self, objects: Sequence[object], _thread: int) -> object:
        """Its state when a thread has ended."""
        return objects[self.number]

    def after_kill(self, objects: Sequence[object], _thread: int) -> Sequence[object]:
        """The states in which a thread may leave it that is killed."""
        return (objects[self.number],)

    @abstractmethod
    def taken(self, state: Any) -> int:
        """How many have it, counted from anywhere; always 0 of what nobody can have."""

    @abstractmethod
    def role(self, state: Any, thread: int) -> object:
        """Where the state names the thread, without its number: comparable, None where no state names any."""

    @abstractmethod
    def renamed(self, state: Any, new: Mapping[int, int]) -> object:
        """The state with threads under their new numbers."""

    @abstractmethod
    def touched(self) -> tuple[int, ...] | None:
        """The objects that its operations look at and change, if that and nothing else is shared; None: anything may be."""

    @abstractmethod
    def wait(self, at: Standing) -> Wait:
        """What the thread waits for."""


class Impersonal(Model):
    """An object whose state names no thread."""

    def role(self, _: object, __: int) -> None:
        return None

    def renamed(self, state: object, _: Mapping[int, int]) -> object:
        return state


ANYBODY = -1
"""In an object's state: another thread, whoever that is."""


class Personal(Model):
    """An object whose state names threads, and says of each what can be told apart from the rest."""

    @abstractmethod
    def apart(self, state: Any, thread: int) -> tuple[bool, object]:
        """Whether it names the thread, and the state in which it does not (or names `ANYBODY`, where it must be somebody)."""

    @abstractmethod
    def back(self, state: Any, thread: int) -> object:
        """The state with the thread in it again."""


class Queueing(Personal):
    """One that names those who wait, as many as there are."""


class Phase:
    """How far a thread has come in an operation of several steps.

    It is part of the thread's state: a record, equal by its values, that names no thread.
    """

    __slots__ = ()

    @property
    def runs(self) -> bool:
        """Whether a routine runs for it now, in a frame above."""
        return False

    def is_queued(self, _: Context) -> bool:
        """Whether the thread counts as blocked when it can not go on: not if it has been woken, or wants a lock back."""
        return True

    def returned(self, _: Context, value: object) -> None:
        """The routine that ran for it has returned."""
        raise TypeError(f"no routine runs for {self}: {value!r}")

    def drops(self, _w: Context, _raised: Raised) -> bool:
        """Whether what the routine that ran for it has raised goes no further: it counts as returned."""
        return False

    def left(self, w: Context) -> None:
        """An exception leaves the operation: its own, or one of the routine that ran for it."""
        w.stay(None)
