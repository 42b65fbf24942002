"""The explorer's values as a report shows them: futures as what has become of them, exceptions as their names and texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from scenario.engines.explore.model.parts import FutureState
from scenario.engines.explore.model.values import Future, NaN, Raised, thaw
from scenario.program.copying import copied
from scenario.results.outcome import IN_ITSELF, FutureView, exception_view


class Futures(Protocol):
    """Whatever has the table of futures: a state's shared part, or the context of a step."""

    @property
    def futures(self) -> Sequence[FutureState]: ...


def plain(value: object, shared: Futures, inside: frozenset[int] = frozenset()) -> object:
    """The value with futures as views of themselves; `inside` which of them it is looked at."""

    def leaf(item: object) -> object:
        match item:
            case Future(number):
                return _view(shared, number, inside)
            case NaN():
                return item.plain
            case Raised():
                return exception_view(item.name, item.message)
            case _:
                return item

    return copied(value, leaf)


def _view(shared: Futures, number: int, inside: frozenset[int]) -> FutureView:
    state, value, *_ = shared.futures[number]
    match state:
        case "finished" if number in inside:
            return FutureView("finished", IN_ITSELF, number=number)
        case "finished":
            return FutureView("finished", plain(thaw(value), shared, inside | {number}), number=number)
        case "failed":
            raised = thaw(value)
            return FutureView("finished", None, exception_view(raised.name, raised.message), number)
        case "pending" | "running" | "cancelled":
            return FutureView(state, number=number)
        case "notified":
            return FutureView("cancelled", number=number)
        case _:
            raise TypeError(f"no state of a future: {state!r}")
