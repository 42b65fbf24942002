"""What a state is made of: the shared part, and a part for each thread with its frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf, nextafter
from typing import Any, NamedTuple, TypeAlias

from scenario.engines.explore.model.code import Code
from scenario.engines.explore.model.heap import HeapPart
from scenario.engines.explore.model.source import UNSET
from scenario.engines.explore.model.values import Key, NoValue, Raised, freeze, thaw
from scenario.record import mutable
from scenario.results.failures import Failure
from scenario.source import Span

UNSTARTED, PENDING, ALIVE, OVER, CANCELLED, DYING, KILLED = range(7)
"""A thread's status; PENDING is a started timer's, CANCELLED one's that was cancelled before it was started.

DYING is a process that was killed, which takes no further step but its end, KILLED one that has ended so.
"""

LIVING = (ALIVE, PENDING, DYING)
"""Started, and not ended."""

ENDED = (OVER, KILLED)
"""Who joins it goes on."""

ENDED_SO = (DYING, KILLED)
"""Whom somebody has killed."""

ENDING = ("end",)
"""The phase of a thread whose next step is its end."""

SPINNING = ("spin",)
"""The phase of a thread that repeats local work for ever."""


Call: TypeAlias = tuple[str, object]
"""A routine, by its name, and its arguments."""


class FutureState(NamedTuple):
    """`state` as in CPython, `notified`: a cancelled one of which whoever waits for several has heard. `value`: its result or exception.

    `rank` tells the order in which futures were done. `callbacks` are those still to be run once it is done.
    """

    state: str = "pending"
    value: object = None
    rank: int = 0
    callbacks: tuple[Call, ...] = ()


NEW = FutureState()

NAMELESS = -1
"""The number of the future of a call that nobody has a use for: it is in no table, so such calls are alike."""


def now_of(futures: Sequence[FutureState], number: int) -> FutureState:
    """What has become of a future; nobody cancels one that is nameless, or looks whether it is done."""
    return NEW if number == NAMELESS else futures[number]


NO_HEAP = HeapPart((), None)


class SharedPart(NamedTuple):
    """Everything that more than one thread may touch, frozen. Of a followed variable `vars` has None: it is in `heap`.

    `taken`: how often keys have been taken out of each variable of `Layout.counted`.
    """

    vars: tuple[Key, ...]
    objects: tuple[Any, ...]
    status: tuple[int, ...]
    futures: tuple[FutureState, ...] = ()
    failed: tuple[Failure, ...] = ()
    errors: tuple[tuple[int, str, str, Span], ...] = ()
    output: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    now: float = 0.0
    closed: bool = False
    heap: HeapPart = NO_HEAP
    taken: tuple[int, ...] = ()


def ordered(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """Failed checks in the order that makes equal states one."""
    return tuple(sorted(failures, key=lambda one: (one.kind, one.span, one.thread or "", repr(one.fact))))


WITHDRAWN = frozenset({"cancelled", "notified"})
"""A cancelled future's states: queued still (or thrown away by `shutdown`), and taken off the queue by a worker."""

COUNTED = frozenset({"finished", "failed", "notified"})
"""The states in which `wait_futures` and `as_completed` count a future."""

DONE = COUNTED | WITHDRAWN


class PoolState(NamedTuple):
    """A thread pool: its queue of `calls` as (future, routine, arguments), and how many workers are where.

    `idle` are those that wait for a call, as `submit` counts them: one that has been started for a call is idle until it
    takes it. `starting` are in their initializer, `gone` have ended there. `is_held`: somebody goes through the queue and
    throws calls away; no other submits or shuts down meanwhile. `is_deaf`: what was to tell the workers that they
    may end has been taken away by one that ended so, and whoever has no call waits for ever.
    """

    calls: tuple[tuple[int, str, object], ...] = ()
    started: int = 0
    idle: int = 0
    starting: int = 0
    gone: int = 0
    is_held: bool = False
    is_shut: bool = False
    is_broken: bool = False
    is_deaf: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether all calls are done and its workers may end: no call is queued or runs, and no worker is on its way."""
        waiting = self.started == self.idle + self.gone and not (self.starting or (self.is_deaf and self.idle))
        return waiting and (not self.calls or self.gone == self.started)


class ThreadPart(NamedTuple):
    """What belongs to one thread alone. `frames` empty: it has ended, and `registers` are what it left.

    A frame is (code, pc, locals, phase); the phase says how far an operation of several steps has come. `came`: how often
    each interrupt has come, in the order of `Thread.interrupts`.
    """

    frames: tuple[tuple[str, int, Key, object], ...]
    tls: Key = None
    atomic: int = 0
    arrived: float | None = None
    registers: Key = None
    came: tuple[int, ...] = ()


class ScenarioError(Exception):
    """An exception of the scenario's own on its way."""

    def __init__(self, name: str, message: str = "", place: Span | None = None) -> None:
        super().__init__(message)
        self.raised = Raised(name, message, place)


def later(moment: float, seconds: float) -> float:
    """The virtual clock after so many seconds: it moves, if only by what it can tell apart."""
    after = moment + seconds
    return nextafter(moment, inf) if seconds > 0 and after == moment else after


# --- frames ----------------------------------------------------------------------------------------

Locals: TypeAlias = list[Any]

Fields: TypeAlias = dict[object, dict[str, object]]
"""What a thread has in each `local`, by (name, element)."""


@mutable
class Frame:
    code: Code
    pc: int
    locals: Locals
    phase: object = None

    def go(self, to: int) -> None:
        """On at another instruction."""
        self.pc = to

    def finish(self, value: object) -> None:
        """The operation is over: its value, and on to the next instruction."""
        instruction = self.code.instructions[self.pc]
        if instruction.defines:
            self.locals[instruction.defines[0]] = value
        self.pc += 1
        self.phase = None

    def stay(self, phase: object) -> None:
        """How far it has come in an operation of several steps; None: in none."""
        self.phase = phase

    def refill(self, values: Locals) -> None:
        """Its locals, all of them."""
        self.locals = values


def freeze_locals(frame: Frame) -> Key:
    """The frame's live locals as one key, so that objects which two of them share stay shared."""
    values, unset = _live(frame)
    return ("U", unset, freeze(values)) if unset else freeze(values)


def freeze_all(frames: Sequence[Frame], tls: Fields) -> tuple[list[Key], Key]:
    """The same of a thread that has fields of a `local`: they may share objects with its locals, so all are one key.

    Of each frame only which locals are unset stands by itself.
    """
    live = [_live(frame) for frame in frames]
    return [("T", unset) for _, unset in live], freeze((tls, [values for values, _ in live]))


def _live(frame: Frame) -> tuple[Locals, tuple[int, ...]]:
    live = frame.code.live[frame.pc]
    values = [value if i in live else None for i, value in enumerate(frame.locals)]
    unset = tuple(i for i, value in enumerate(values) if value is UNSET)
    for i in unset:
        values[i] = None
    return values, unset


def thaw_locals(key: Key) -> Locals:
    """A fresh list of the locals."""
    if key[0] == "U":
        return _with_unset(thaw(key[2]), key[1])
    if any(type(part) is tuple for part in key):
        result: Locals = thaw(key)
        return result
    return list(key[1:])


def thaw_all(keys: Sequence[Key], tls: Key) -> tuple[list[Locals], Fields]:
    """The locals of each frame, and the fields."""
    fields, frames = thaw(tls)
    return [_with_unset(values, key[1]) for values, key in zip(frames, keys, strict=True)], fields


def _with_unset(values: Locals, unset: tuple[int, ...]) -> Locals:
    for i in unset:
        values[i] = UNSET
    return values


def line_of_lost(frame: Frame) -> int | None:
    """The line of the step that has made what can not be kept in the frame, if something can not."""
    for slot in frame.code.live[frame.pc]:
        try:
            freeze(None if frame.locals[slot] is UNSET else frame.locals[slot])
        except NoValue:
            return next((i.span.line for i in frame.code.instructions if slot in i.defines), None)
    return None
