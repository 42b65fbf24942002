"""Small scenario files compiled: their programs, or what is wrong with them."""

from __future__ import annotations

import re

from scenario.compile import compile_scenario
from scenario.diagnostics import Diagnostic, InvalidScenario
from scenario.program.program import Program
from scenario.source import Source
from scenario.spec.load import understood

MARK = re.compile(r"⟨(SC\d{3}) (.*?)⟩")
"""`⟨SC301 conter⟩`: here this code is expected, under exactly this text."""


def programs(text: str, overrides=None, **options) -> tuple[Program, ...]:
    source = Source("x.scenario.yaml", text)
    return compile_scenario(understood(source), source, overrides, **options)


def program(text: str, **options) -> Program:
    (only,) = programs(text, **options)
    return only


def diagnostics(text: str, overrides=None, **options) -> tuple[Diagnostic, ...]:
    try:
        programs(text, overrides, **options)
    except InvalidScenario as error:
        return error.diagnostics
    return ()


def steps(text: str, keys: str = "") -> str:
    """A file with these keys and these steps of a thread A."""
    indented = "".join(f"      {line}\n" for line in text.strip("\n").split("\n"))
    return f"scenario: x\n{keys}threads:\n  A:\n    steps:\n{indented}"


def body(text: str, keys: str = ""):
    """The operations of thread A."""
    return next(group for group in program(steps(text, keys)).groups if group.key == "A").body


def expected(marked: str) -> tuple[str, list[tuple[str, int, int, int]]]:
    """The file without its marks; each mark's code, line, column and end column."""
    places, lines = [], []
    for number, written in enumerate(marked.split("\n"), 1):
        line = written
        while found := MARK.search(line):
            code, text = found.groups()
            places.append((code, number, found.start() + 1, found.start() + 1 + len(text)))
            line = line[: found.start()] + text + line[found.end() :]
        lines.append(line)
    return "\n".join(lines), places


def check(marked: str, **options) -> tuple[Diagnostic, ...]:
    """Exactly the marked places are reported."""
    text, places = expected(marked)
    found = diagnostics(text, **options)
    shown = [(d.code, d.span.line, d.span.column, d.span.end_column) for d in found]
    assert shown == places, "\n".join(f"{d.code} {d.span}: {d.message}" for d in found)
    return found
