"""The state of a run between two rounds of its loop, as one short value: equal only for states that go on alike.

Everything that a later step can see is in it: the coroutines of all tasks with the places and locals of their frames, the
primitives with those who wait, futures with their callbacks, the ready handles in order, the timers, what was shown. It is read
from the real objects, as CPython 3.11 to 3.14 keep them. What is the same object twice is the same in both places. What is
kept on the stack of a frame can not be read: emitted code keeps its iterators in locals, and asyncio keeps nothing there while it
waits. An object of which nothing is known makes a state that equals no other: that costs a search time, and is never wrong.
"""

from __future__ import annotations

import asyncio
import gc
import types
from collections import deque
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import partial
from hashlib import blake2b
from operator import length_hint
from typing import TypeAlias

from scenario.engines.tasks.actors import Actor, Waiting
from scenario.engines.tasks.answers import Answers
from scenario.engines.tasks.awaiting import Awaited
from scenario.engines.tasks.loop import Loop
from scenario.engines.tasks.members import Members
from scenario.engines.tasks.operations import Limited, Operations
from scenario.engines.tasks.runtime import Run
from scenario.program.bounded.patience import Look
from scenario.program.bounded.sets import OneByOne, Set

Shape: TypeAlias = "tuple[object, ...]"

_ATOMS = (int, float, complex, str, bytes, bool, type(None), type(...))
_EMPTY: tuple[Iterable[object], ...] = ([], (), range(0), "", {}, {}.values(), {}.items(), set(), reversed([]))
_ITERATORS = tuple(type(iter(made)) for made in _EMPTY)
_LISTED = (list, tuple, deque)
_BY_FIELDS = (
    asyncio.Lock, asyncio.Semaphore, asyncio.Event, asyncio.Condition, asyncio.Barrier, asyncio.Queue, asyncio.Timeout,
    Answers, BaseException, OneByOne,
)  # fmt: skip
_OURS = (Run, Loop, Members, Operations, Awaited, types.ModuleType, type)
"""What there is one of, or what never changes."""


_OFTEN = 256
"""Objects between two looks at the clock."""


class Unknown(Exception):
    """An object of which nothing is known."""


def fingerprint(run: Run, loop: Loop, look: Look, *, by_time: bool) -> bytes | None:
    """The state; None if it can not be told. `by_time`: when timers are over depends on how late they are, not on chance."""
    reader = _Reader(look)
    try:
        shape = tuple(reader.parts(run, loop, by_time=by_time))
    except Unknown:
        return None
    return blake2b(repr(shape).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _output(run: Run) -> tuple[str, ...]:
    """As far as somebody asks: where no lines are expected in an order, in any."""
    claim = run.program.claims.output
    if claim is None:
        return ()
    return tuple(run.output if claim.lines is not None else sorted(run.output))


class _Reader:
    """Reads objects as nested tuples of atoms; each object once, and its number where it comes again."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._seen: dict[int, int] = {}
        self._kept: list[object] = []  # or an id could be given again

    def parts(self, run: Run, loop: Loop, *, by_time: bool) -> Iterator[object]:
        yield self.of(run.read_vars())
        yield self.of(run.primitives)
        for actor in [*run.members.actors, *filter(None, [run.members.main])]:
            yield self.of(actor)
        yield [self._handle(handle) for handle in loop.ready]
        now = loop.time() if by_time else None
        timers = [handle for handle in loop.kept if not handle.cancelled()]
        waits = [
            (self._handle(one), id(one) in loop.old, now is not None and round(one.when() - now, 9)) for one in timers
        ]
        yield sorted(map(repr, waits))
        yield (_output(run), tuple(run.marks) if run.program.claims.order else ())
        yield (
            sorted(map(repr, run.findings.failures)),
            self.of({ref: error for ref, (error, _) in run.errors.items()}),
        )
        yield self.of(run.registers)
        yield [self.of(waiter) for waiter in run.awaited.waiters()]
        yield self.of(run.root)

    def of(self, value: object) -> object:
        """The value's shape."""
        if isinstance(value, _ATOMS):
            return (type(value).__name__, value)
        if isinstance(value, _OURS):
            return type(value).__name__
        number = self._seen.get(id(value))
        if number is not None:
            return ("again", number)
        if len(self._kept) % _OFTEN == 0:
            self._look()
        self._seen[id(value)] = len(self._kept)
        self._kept.append(value)
        return self._new(value)

    def _new(self, value: object) -> object:
        match value:
            case dict():
                return ("dict", [(self.of(key), self.of(one)) for key, one in value.items()])
            case Set() | set() | frozenset():
                return ("set", sorted(repr(self.of(one)) for one in value))
            case _ if isinstance(value, _LISTED):
                return (type(value).__name__, [self.of(one) for one in value])
            case Actor():
                return self._actor(value)
            case Waiting():
                return (value.kind, value.line, self.of(value.place))
            case Limited():
                return self.of(value.limit)
            case asyncio.Future():
                return self._future(value)
            case types.CoroutineType():
                return self._coroutine(value)
            case types.FunctionType():
                return ("function", id(value.__code__))
            case _:
                return self._other(value)

    def _other(self, value: object) -> object:
        match value:
            case types.GeneratorType():  # `asyncio.sleep(0)` yields by one
                frame = value.gi_frame
                return ("generator", id(frame.f_code), frame.f_lasti) if frame is not None else ("ended",)
            case types.MethodType():
                return ("method", id(value.__func__), self.of(value.__self__))
            case types.BuiltinMethodType():
                return ("built-in", value.__name__, self.of(value.__self__))
            case partial():
                return ("partial", self.of(value.func), self.of(value.args), self.of(value.keywords))
            case asyncio.TimerHandle():
                return ("timer", value.cancelled(), self._handle(value))
            case range() | slice() | Enum():
                return repr(value)
            case _ if isinstance(value, _ITERATORS):
                return self._iterator(value)
            case _ if isinstance(value, _BY_FIELDS):
                return self._fields(value)
            case _ if type(value).__name__ == "TaskStepMethWrapper":
                return ("step", self.of(getattr(value, "__self__", None)))
            case _ if type(value).__module__ == "itertools" and type(value).__name__ == "repeat":
                return ("repeat", length_hint(value))
            case _ if type(value).__name__ in ("FutureIter", "function", "cell"):
                return type(value).__name__
            case _:
                raise Unknown(type(value).__name__)

    def _iterator(self, value: Iterator[object]) -> object:
        """How far it is, in which object: that of a dict or set tells its elements alone, and nothing once their number has changed."""
        try:
            place = self.of(value.__reduce__())
        except RuntimeError:
            raise Unknown(type(value).__name__) from None
        over = [self.of(one) for one in gc.get_referents(value) if isinstance(one, dict | set)]
        return (type(value).__name__, place, over, length_hint(value))

    def _fields(self, value: object) -> object:
        """An object by its attributes; those of an exception are its arguments."""
        if isinstance(value, BaseException):
            return (type(value).__name__, self.of(value.args))
        found = {name: one for name, one in vars(value).items() if name != "_loop"}
        return (type(value).__name__, self.of(found))

    def _actor(self, actor: Actor) -> Shape:
        state = (actor.ref, actor.started, actor.ended, actor.limits)
        return (*state, self.of(actor.task), self.of(actor.over), [self.of(one) for one in actor.waiting])

    def _future(self, future: asyncio.Future[object]) -> Shape:
        read = partial(getattr, future)
        callbacks = [self.of(callback) for callback, _ in read("_callbacks", None) or ()]
        result = (read("_state"), self.of(read("_result", None)), self.of(read("_exception", None)), callbacks)
        if not isinstance(future, asyncio.Task):
            return ("future", *result)
        asked = (read("_must_cancel", None), future.cancelling())
        return ("task", *result, *asked, self.of(read("_fut_waiter", None)), self.of(future.get_coro()))

    def _coroutine(self, coroutine: types.CoroutineType[object, object, object]) -> Shape:
        frame = coroutine.cr_frame
        if frame is None:
            return ("ended",)
        places = (id(frame.f_code), frame.f_lasti)
        return ("coroutine", *places, self.of(dict(frame.f_locals)), self.of(coroutine.cr_await))

    def _handle(self, handle: asyncio.Handle) -> object:
        return (
            handle.cancelled(),
            self.of(getattr(handle, "_callback", None)),
            self._args(getattr(handle, "_args", ())),
        )

    def _args(self, args: Iterable[object] | None) -> object:
        return [self.of(one) for one in args or ()]
