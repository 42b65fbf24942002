"""What commands have others do: a closed set of units, each of which is data, as is what comes of it.

A unit is done in a process of its own, and its answer travels as bytes that only whoever asked opens. What goes wrong in it
is an answer too.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never, cast

from scenario.commands.pipeline import denied
from scenario.commands.work import making, searching
from scenario.commands.work.dividing import Planning, Walking
from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.files.faults import described
from scenario.program.evaluate import Raised, tried
from scenario.real.travelling import packed, unpacked
from scenario.record import record

Unit: TypeAlias = "making.Runs | searching.Unit"
Value: TypeAlias = "making.Made | searching.Value"

GRACE = 20.0
"""Seconds that a run may take beyond its own timeout before its worker is ended."""
LONGEST = 3
"""Times its budget that a search may take before: what was found is followed once more, and told."""


@record
class Done:
    """What came of a unit."""

    value: Value


@record
class Refused:
    """The file is not valid, which only this showed."""

    diagnostics: tuple[Diagnostic, ...]


@record
class Unavailable:
    """The system did not give what was needed."""

    why: str


@record
class Faulty:
    """A fault of ours."""

    what: str


Answer: TypeAlias = Done | Refused | Unavailable | Faulty


def perform(unit: Unit) -> bytes:
    """The answer, as it travels: also where Ctrl-C comes when all is done."""
    answer = _answer(unit)
    try:
        return _packed(answer)
    except KeyboardInterrupt:  # it comes once
        return _packed(answer)


def _packed(answer: Answer) -> bytes:
    try:
        return packed(answer)
    except (TypeError, AttributeError, ImportError, ValueError, RecursionError) as error:  # what pickle refuses
        return packed(Faulty(described(error)))


def opened(said: bytes) -> Answer:
    """What one of our own workers has answered."""
    return cast("Answer", unpacked(said))


def _answer(unit: Unit) -> Answer:
    made = tried(lambda: _value(unit))
    if not isinstance(made, Raised):
        return Done(made)
    match made.error:
        case InvalidScenario() as invalid:
            return Refused(invalid.diagnostics)
        case OSError() as error:
            return Unavailable(denied(error))
        case error:
            return Faulty(described(error))


def _value(unit: Unit) -> Value:
    match unit:
        case making.Runs():
            return making.made(unit)
        case searching.Searched() | searching.Decided() | Planning() | Walking():
            return searching.done(unit)
        case _:
            assert_never(unit)


def most_seconds(unit: Unit) -> float:
    """After so many it is ended from outside."""
    match unit:
        case making.Runs(program=program, times=times):
            return (program.timeout + GRACE) * times + GRACE
        case (
            searching.Searched(options=options)
            | searching.Decided(options=options)
            | Planning(options=options)
            | Walking(options=options)
        ):
            return options.max_seconds * LONGEST + GRACE
        case _:
            assert_never(unit)
