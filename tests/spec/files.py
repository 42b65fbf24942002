"""Small scenario files, and what is wrong with them."""

from __future__ import annotations

import re

from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.source import Source
from scenario.spec.load import load
from scenario.spec.scenario import Scenario

THREADS = "threads: {A: {steps: [pass]}}\n"


def complete(excerpt: str) -> str:
    """A whole file around an excerpt: a list of steps, or some of a file's keys."""
    if excerpt.startswith("- "):
        return "scenario: example\nthreads:\n  A:\n    steps:\n" + re.sub(r"(?m)^", "      ", excerpt).rstrip() + "\n"
    name = "" if re.search(r"(?m)^scenario:|^#", excerpt) else "scenario: example\n"
    threads = "" if re.search(r"(?m)^threads:|^main:|^#", excerpt) else THREADS
    return name + excerpt + threads


def loaded(text: str) -> Scenario:
    return load(Source("x.scenario.yaml", text))


def diagnostics(text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a file's text; nothing if it is valid."""
    try:
        loaded(text)
    except InvalidScenario as error:
        return error.diagnostics
    return ()


def wrong(excerpt: str) -> Diagnostic:
    """The one thing that is wrong with an excerpt."""
    found = diagnostics(complete(excerpt))
    assert len(found) == 1, found
    return found[0]


def codes_of(text: str) -> list[str]:
    return [found.code for found in diagnostics(text)]


def step(statement: str):
    """The first step of thread A."""
    return loaded(complete(statement)).threads["A"].steps[0]


def slice_of(text: str, diagnostic: Diagnostic) -> str:
    """The stretch of one line that a diagnostic points at."""
    span = diagnostic.span
    assert span.line == span.end_line
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]
