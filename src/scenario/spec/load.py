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
    value, of_yaml = parse(source)
    found: list[Diagnostic] = []
    scenario = None
    try:
        scenario = Scenario.read(value)
    except ValidationError as error:
        found += gathered(error)
    except PydanticCustomError as error:
        if error.type != FAULT:
            raise
        found += (error.context or {})["diagnostics"]
    if scenario is None or found or of_yaml:
        raise InvalidScenario(_in_order(of_yaml, found))
    return scenario


def _in_order(of_yaml: list[Diagnostic], found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the file, each once; where YAML itself went wrong, what follows from it is left out."""
    places = {(diagnostic.span.line, diagnostic.span.column) for diagnostic in of_yaml}
    own = [diagnostic for diagnostic in found if (diagnostic.span.line, diagnostic.span.column) not in places]
    return tuple(sorted(dict.fromkeys([*of_yaml, *own]), key=lambda diagnostic: diagnostic.span))
