"""Which exceptions are the scenario's own, and which are faults of the explorer's.

A step is full of our code: an exception counts as the scenario's only where it was raised on purpose (`ScenarioError`)
or where the file's own source, or a function that such source calls instead of Python's, has raised it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import getitem
from types import TracebackType
from typing import Any, TypeVar, TypeVarTuple

from scenario.engines.explore.model import source
from scenario.engines.explore.model.parts import ScenarioError
from scenario.engines.explore.model.values import NoValue, Raised, Unexplored
from scenario.program import bounded, unpacking
from scenario.program.bounded.limits import Refused
from scenario.program.refusal import invalid
from scenario.results.undecided import NotFollowed
from scenario.source import Span
from scenario.steps import computing

T = TypeVar("T")
Given = TypeVarTuple("Given")

_THEIRS = (source.FILE, source.__file__, *bounded.__path__, unpacking.__file__, computing.__file__)
"""Where an exception of the file's own source begins: files, and a folder of them."""


def as_raised(error: Exception, span: Span) -> Raised:
    """The exception as a value of the scenario, raised at `span` unless it is one raised again; a fault of ours goes on its way."""
    if isinstance(error, ScenarioError):
        raised = error.raised
        return raised if raised.place is not None else replace(raised, place=span)
    if isinstance(error, NoValue):
        raise error.at(span.line) from error
    if isinstance(error, RecursionError) and not str(error).endswith("in comparison"):  # too deep in our own calls
        raise Unexplored(NotFollowed("nested so deep", line=span.line)) from error
    if isinstance(error, Unexplored) or type(error) is NameError or not _is_theirs(error.__traceback__):
        raise error
    return Raised(type(error).__name__, str(error), span)


def _is_theirs(place: TracebackType | None) -> bool:
    """Whether the innermost frame is the file's source."""
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place is not None and place.tb_frame.f_code.co_filename.startswith(_THEIRS)


def attempt(span: Span, do: Callable[[*Given], T], *args: *Given) -> T | Raised:
    """What a step does at its place, or what it raises there as a value of the scenario; past a bound the file is invalid."""
    try:
        return do(*args)
    except Refused as refused:
        raise invalid(refused, span) from None
    except Exception as error:  # noqa: BLE001 (the scenario's own exception, or ours, which goes on its way)
        return as_raised(error, span)


def on_values(function: Callable[..., object], *args: object) -> Any:
    """What Python makes of the scenario's values; what it raises is the scenario's exception."""
    try:
        return function(*args)
    except NoValue:
        raise
    except Exception as error:
        raise ScenarioError(type(error).__name__, str(error)) from error


def element(members: list[int], index: object) -> int:
    """Which of an array's or a group's numbers: arrays are lists, and so are the texts of what goes wrong."""
    number: int = on_values(getitem, members, index)
    return number


def rethrow(raised: Raised) -> None:
    raise ScenarioError(raised.name, raised.message)
