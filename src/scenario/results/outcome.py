"""One finished execution as every engine reports it, and what went wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache
from typing import Literal

from scenario.kinds import FailureKind
from scenario.record import record
from scenario.results.failures import Failure, Operand, Untrue
from scenario.results.recorded import Recorded
from scenario.results.waiting import Blocked, Busy
from scenario.source import START, Span


@record
class ThreadError:
    """An uncaught exception: its class, the classes it is a subclass of (itself first), and its text."""

    name: str
    bases: tuple[str, ...]
    message: str
    span: Span = START
    traceback: str | None = None


@record
class GoesOn:
    """A thread that goes round for ever beside a deadlock: the first and the last line of its round."""

    thread: str
    first: Span
    last: Span


@record
class AsShown:
    """A value of the user's own code, of which only the text is known."""

    text: str

    def __repr__(self) -> str:
        return self.text


IN_ITSELF = "…"
"""The result of a future where it is part of its own result."""


@record
class ExceptionView:
    """An exception as a plain value, for expectations and tables. Its class is one of those of `exception_view`."""

    name: str
    message: str = ""

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return written(self.name, self.message)

    def __reduce__(self) -> tuple[Callable[[str, str], ExceptionView], tuple[str, str]]:
        return exception_view, (self.name, self.message)


def exception_view(name: str, message: str = "") -> ExceptionView:
    """The view whose type has the name that the exception's has, as `type_name` asks."""
    return _view_called(name)(name, message)


@cache
def _view_called(name: str) -> type[ExceptionView]:
    return type(name, (ExceptionView,), {"__slots__": ()})


def written(name: str, message: str) -> str:
    """An exception as Python writes it."""
    return f"{name}({message if name == 'KeyError' or not message else repr(message)})"


@record
class FutureView:
    """A future as a plain value, for expectations and tables."""

    state: Literal["pending", "running", "cancelled", "finished"]
    result: object = None
    exception: ExceptionView | None = None
    number: int = field(default=0, repr=False)
    """Which future it is: two are two, whatever has become of them."""

    @property
    def in_order(self) -> int:
        return self.number

    def __hash__(self) -> int:
        """It may be in a set, as a future, whatever its result is."""
        return hash((self.state, self.number))


@record
class Outcome:
    """How one execution ended and what it left (`ended`: before its time, and `failures` say why).

    `shared` maps vars to final values (futures as `FutureView`); `registers` maps a thread's ref to
    its locals at its end; `objects` maps (primitive or thread group, element or None) to
    attribute -> value for what claims ask (`locked`, `qsize`, `value`, `is_alive`, `alive` ...);
    `marks` in order of occurrence; `over` the threads that have ended; `errors` by thread ref; `failures` are those seen on the way
    (failed `assert`, `raises`, `always`); `held` says which `sometimes`/`reachable` were seen is the
    judge's work for `sometimes`, the engine's for `reachable` (indices into claims.reachable), and so are those that raised (`untrue`). Of a livelock: `cycle` are
    the threads that move in its round, `starving` those that could at times and never do, where they could not.
    `elapsed` and `cpu` are seconds: since the first start (of a timeout since the run was asked for, as its time counts), and of
    the processor, workers of its pools included.
    `going` are known to go round for ever, beside those that are `blocked` or without a step; `busy` had not ended at a
    timeout and did not wait. `recorded`: its steps, where somebody wants to see them.
    """

    end: Literal["finished", "deadlock", "livelock", "timeout", "ended", "interrupted"]
    shared: Mapping[str, object]
    registers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    objects: Mapping[tuple[str, int | None], Mapping[str, object]] = field(default_factory=dict)
    output: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    errors: Mapping[str, ThreadError] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    cycle: tuple[str, ...] = ()
    starving: tuple[Blocked, ...] = ()
    reached: frozenset[int] = frozenset()
    untrue: frozenset[Untrue] = frozenset()
    elapsed: float | None = None
    cpu: float | None = None
    over: frozenset[str] = frozenset()
    going: tuple[GoesOn, ...] = ()
    busy: tuple[Busy, ...] = ()
    recorded: Recorded | None = None


@record
class Judged:
    """What `expect` says of one outcome (the judge's answer; engines are given the judge as a function).

    `failures` are those that `expect` does not allow (`fails` not yet applied), `permitted` the deadlock or livelock
    that it allows; `end` is the first kind
    that applies, also where it is allowed (a permitted deadlock), None for a fine execution;
    `values` are the observed columns, None those that a livelock changes again and again (`varies`); `label`/`because` come from the first true `when` of `outcomes`,
    `raised` are those before it that are false because they raised;
    `sometimes` holds the indices of claims.sometimes that are true here, `untrue` those that raised.
    """

    failures: tuple[Failure, ...] = ()
    permitted: tuple[Failure, ...] = ()
    end: FailureKind | None = None
    values: tuple[tuple[str, object], ...] = ()
    label: Literal["acceptable", "interesting", "forbidden"] | None = None
    because: str | None = None
    raised: tuple[Operand, ...] = ()
    sometimes: frozenset[int] = frozenset()
    untrue: frozenset[Untrue] = frozenset()
    varies: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Executions with the same one are one row of the outcome table."""
        return repr((self.values, sorted(self.varies), self.label, self.end))

    @property
    def bad(self) -> bool:
        """Whether `expect` disallows this execution."""
        return bool(self.failures)
