"""The alternatives of a step, and how arguments of operations are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import add
from typing import Any, Literal, TypeAlias, TypeVar

from scenario.engines.explore.model.code import Operate
from scenario.engines.explore.model.parts import ScenarioError, later
from scenario.engines.explore.model.raising import on_values
from scenario.engines.explore.model.source import in_time
from scenario.engines.explore.model.values import Future, TooLarge
from scenario.engines.explore.step.context import Context
from scenario.record import record
from scenario.results.schedule import Part
from scenario.results.undecided import TooManyWays

T = TypeVar("T")


Kind: TypeAlias = Literal["ok", "timeout", "spurious"]


@record
class Alternative:
    """One way on. `timeout` and `spurious` ones do not count as being able to move where that matters.

    `interrupt`: no step of the body that the thread is in, but what comes in the middle of it, by its key.

    For those who explain it: `gives_up` (it fails at once), which part of its operation it is, and the numbers of the
    threads that it wakes.
    """

    apply: Callable[[Context], None]
    kind: Kind = "ok"
    interrupt: str = ""
    gives_up: bool = False
    part: Part = "whole"
    woken: tuple[int, ...] = ()


Alternatives: TypeAlias = Sequence[Alternative]


MOST = 100_000
"""Ways on from one step that are told apart where they are picked, not written out in the file."""


def picks(ways: Iterable[T], how_many: int) -> Iterable[T]:
    """The ways, if they are not too many to look at. Raises TooLarge."""
    if how_many > MOST:
        raise TooLarge(TooManyWays(MOST))
    return ways


def argument(w: Context, op: Operate, name: str, default: object = None) -> Any:
    """The value of an argument, or the default where the file gives none."""
    slot = op.args.get(name)
    return default if slot is None else w.frame.locals[slot]


def handle(value: object, attribute: str) -> Future:
    """The future; of what is none, Python misses what it asks of one first."""
    if not isinstance(value, Future):
        raise ScenarioError("AttributeError", f"{type(value).__name__!r} object has no attribute {attribute!r}")
    return value


def target(w: Context, op: Operate) -> int:
    """The number of the object that the operation is on; raises IndexError as a list would."""
    return w.layout.number_of(op.name, None if op.index is None else w.frame.locals[op.index])


def finishing(value: object = None) -> Callable[[Context], None]:
    """Goes on with the value."""
    return lambda w: w.finish(value)


def raising(name: str, message: str = "") -> Alternatives:
    """The one alternative of an operation that can only raise."""

    def apply(_: Context) -> None:
        raise ScenarioError(name, message)

    return (Alternative(apply),)


def blocked(w: Context, timeout: Any, expire: Callable[[Context], None]) -> Alternatives:
    """What a thread may do that can not go on: nothing, or time out (at any moment, or at its deadline)."""
    if timeout is None:
        return ()
    on_values(in_time, timeout)  # else waiting raises at once
    if not due(w, timeout):
        return ()
    return (Alternative(expire, "timeout"),)


def unusable(timeout: object) -> ScenarioError | None:
    """What waiting so long raises at once, if it does."""
    try:
        if timeout is not None:
            on_values(in_time, timeout)
    except ScenarioError as refused:
        return refused
    return None


def summed(timeout: object) -> float | None:
    """A timeout that CPython adds to the clock first, as seconds; raises what that raises."""
    return None if timeout is None else on_values(add, 0.0, timeout)


def due(w: Context, timeout: float) -> bool:
    """Whether a timeout that began when the thread arrived may be over now."""
    if not w.layout.virtual:
        return True
    deadline = on_values(later, w.arrived or 0.0, max(timeout, 0))
    if w.now >= deadline:
        return True
    w.deadlines.append(deadline)
    return False


def put(number: int, state: object, value: object = None) -> Callable[[Context], None]:
    """Gives the object its new state and goes on with the value."""

    def apply(w: Context) -> None:
        w.objects[number] = state
        w.finish(value)

    return apply
