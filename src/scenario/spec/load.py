"""A source -> a valid scenario, or all the diagnostics of the file at once."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.source import Source
from scenario.spec.document import parse
from scenario.spec.faults import FAULT, gathered
from scenario.spec.reading import check_text
from scenario.spec.scenario import Scenario


def load(source: Source) -> Scenario:
    """The scenario of a file's text. Raises InvalidScenario with every diagnostic, in the order of the file."""
    check_text(source)
    value, found = parse(source)
    scenario = None
    try:
        scenario = Scenario.read(value)
    except ValidationError as error:
        found += gathered(error)
    except PydanticCustomError as error:
        if error.type != FAULT:
            raise
        found += (error.context or {})["diagnostics"]
    if scenario is None or found:
        raise InvalidScenario(_one_a_place(found))
    return scenario


def _one_a_place(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the file; of several at one place the first that was found, the others follow from it."""
    first: dict[tuple[int, int], Diagnostic] = {}
    for diagnostic in found:
        first.setdefault((diagnostic.span.line, diagnostic.span.column), diagnostic)
    return tuple(sorted(first.values(), key=lambda diagnostic: diagnostic.span))
