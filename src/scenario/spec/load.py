"""A source -> a valid scenario, or all the diagnostics of the file at once."""

from __future__ import annotations

from collections.abc import Iterable

from scenario.diagnostics import Diagnostic, InvalidScenario, similar
from scenario.source import START, Source
from scenario.spec import codes
from scenario.spec.faults import Fault
from scenario.spec.recovery import forgiving
from scenario.spec.scenario import Scenario
from scenario.spec.yaml.document import parse
from scenario.spec.yaml.reading import check_text
from scenario.spec.yaml.values import Mapping, Text

ESSENTIAL = ("scenario", "threads", "main", "primitives", "routines")
"""A file without any of these keys, misspelt ones included, is something else."""
NO_SCENARIO = "it has no `scenario:` key: this is no scenario file"
BEGIN = "a scenario has its name under `scenario:` and its threads under `threads:`; `scenario new NAME` begins one"


def load(source: Source) -> Scenario:
    """The scenario of a file's text. Raises InvalidScenario with every diagnostic, in the order of the file."""
    scenario = understood(source)
    if scenario.mistakes:
        raise InvalidScenario(scenario.mistakes)
    return scenario


def understood(source: Source) -> Scenario:
    """The scenario as far as its text can be understood: what is wrong is in its `mistakes`.

    Raises InvalidScenario where no scenario can be made of it at all.
    """
    check_text(source)
    value, of_yaml = parse(source)
    if not _is_meant(value):
        raise InvalidScenario((Diagnostic(codes.MISSING_KEY, NO_SCENARIO, START, BEGIN),))
    with forgiving() as noted:
        try:
            scenario = Scenario.read(value)
        except Fault as error:
            raise InvalidScenario(_in_order(of_yaml, error.diagnostics)) from None
    if not of_yaml and not noted.found:
        return scenario
    return scenario.with_mistakes(_in_order(of_yaml, noted.found), noted.doubtful)


def _is_meant(value: object) -> bool:
    """Whether a file is meant as a scenario: whatever is wrong with one that is not follows from that."""
    return not isinstance(value, Mapping) or any(
        isinstance(key, Text) and similar(key, ESSENTIAL) is not None for key in value
    )


def _in_order(of_yaml: list[Diagnostic], found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the file, each once; where YAML itself went wrong, what follows from it is left out."""
    places = {(diagnostic.span.line, diagnostic.span.column) for diagnostic in of_yaml}
    own = [diagnostic for diagnostic in found if (diagnostic.span.line, diagnostic.span.column) not in places]
    return tuple(sorted(dict.fromkeys([*of_yaml, *own]), key=lambda diagnostic: diagnostic.span))
