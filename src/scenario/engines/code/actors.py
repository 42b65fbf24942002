"""The threads of an execution, as the scheduler sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread, get_ident
from types import TracebackType
from typing import Self

from scenario.engines.code.operation import Look, Operation, Touches
from scenario.record import record


class Closed(BaseException):
    """The execution is over: unwinds a thread that has not ended. No `except Exception` catches it."""


@record
class Round:
    """Between two visits of a place where time passes: since which step, in which state (`key`) of the thread; `kept` keeps what the state names."""

    since: int
    key: tuple[object, ...]
    kept: tuple[object, ...]


class Actor:
    """A thread: where it stands (`next`), what carries it, how it ended.

    `thread`: the object that stands for it, if the code has made one. `starter`, while it has not come to its first gate: who goes on then (None: the searcher). `atomic`: how deep it is
    inside of what is one step; `begins`: whether that begins with its next gate. `inside`: what code without gates looks into that has
    called it and goes on afterwards. `joinable`: whether others may wait for its end, which is then a step of its own. `rests`: of a
    pool's worker, whether it has nothing to do, so that nobody waits for it. `round`: what it does since it last passed time, as long as
    it has changed nothing.
    """

    __slots__ = (
        "_thread", "atomic", "begins", "call", "daemon", "ended", "error", "ident", "inside", "joinable", "name", "next", "number",
        "rests", "round", "starter", "starting", "timed_out", "way",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        name: str,
        call: Callable[[], object],
        thread: Thread | None,
        starter: Actor | None,
        *,
        joinable: bool,
        rests: Callable[[], bool] | None = None,
    ) -> None:
        self.rests = rests
        self.number, self.name, self.call, self.joinable = number, name, call, joinable
        self._thread = thread
        self.daemon = thread is not None and thread.daemon
        self.ident = 0
        self.starter = starter
        self.starting = True
        self.next: Operation | None = None
        self.way, self.timed_out = 0, False
        self.ended = False
        self.error: BaseException | None = None
        self.atomic = 0
        self.inside: tuple[Look, ...] = ()
        self.begins = False
        self.round: Round | None = None

    @property
    def thread(self) -> Thread:
        """The object that stands for it: made when somebody asks, where the code has made none."""
        if self._thread is None:
            self._thread = Thread(target=self.call, name=self.name, daemon=False)
        return self._thread

    def is_awaited(self) -> bool:
        """Whether an execution is not over before it has ended."""
        return not (self.ended or self.daemon or (self.rests is not None and self.rests()))

    def run(self) -> None:
        """What it is there for, and how that ends."""
        self.ident = get_ident()
        with Caught() as caught:
            self.call()
        if not isinstance(caught.error, Closed | SystemExit):
            self.error = caught.error

    def stand(self, operation: Operation) -> bool:
        """At a gate; returns whether it is its first."""
        self.next = operation
        first, self.starting = self.starting, False
        return first

    def choose(self, way: int) -> None:
        """How it goes on from where it stands."""
        assert self.next is not None, self
        self.way, self.timed_out = way, self.next.timed is not None and self.next.times_out()

    def go_on(self) -> int:
        """It leaves its gate; returns the way that was chosen."""
        self.next = None
        self.atomic += self.begins
        self.begins = False
        return self.way

    def begin_block(self) -> None:
        """What it does from its next gate on, up to the end of the block, is one step."""
        self.begins = True

    def end_block(self) -> None:
        """It is over, or nothing was in it."""
        self.begins, self.atomic = False, 0

    def end(self) -> None:
        """It does nothing more."""
        self.ended, self.next = True, None

    def begin_round(self, begun: Round | None) -> None:
        """It passes time; None: what state it is in is not known, or has changed."""
        self.round = begun

    def within(self, inside: tuple[Look, ...]) -> tuple[Look, ...]:
        """Whatever it does from here on may be followed by accesses of these; returns what it was before."""
        before, self.inside = self.inside, inside
        return before

    def followed_by(self) -> Touches:
        """What may be touched after whatever it does now, in the same step."""
        return tuple([touch for look in self.inside for touch in look()]) if self.inside else ()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What it does inside is part of the step before."""
        self.atomic += 1
        try:
            yield
        finally:
            self.atomic -= 1

    def __repr__(self) -> str:
        return f"<{self.name} at {self.next and self.next.place}>"


class Caught:
    """Around the user's code: whatever it raises is kept here and goes no further."""

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        self.error = error
        return True

    def of_the_code(self) -> BaseException | None:
        """What the code raised. Raises Closed where the execution is over."""
        if isinstance(self.error, Closed):
            raise self.error
        return self.error


class Step:
    """One step that was taken: by whom, what, in which of its ways; whether another was left for it that could go on. Equal only to itself."""

    __slots__ = ("actor", "operation", "preempts", "timed_out", "way")

    def __init__(self, actor: Actor, operation: Operation, way: int, timed_out: bool, preempts: bool) -> None:
        self.actor, self.operation, self.way = actor, operation, way
        self.timed_out, self.preempts = timed_out, preempts
