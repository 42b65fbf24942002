"""A valid file -> its programs, one a case: the only bridge between what is written and what is run."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from scenario.compile.cases import raw_cases
from scenario.compile.findings import Findings
from scenario.compile.unit import Unit
from scenario.diagnostics import InvalidScenario
from scenario.language.runtimes import RUNTIMES, Runtime
from scenario.program.evaluate import DEADLINE, ROOM
from scenario.program.program import Program
from scenario.source import Source
from scenario.spec.scenario import Scenario


def compile_scenario(
    model: Scenario,
    source: Source,
    overrides: Mapping[str, object] | None = None,
    *,
    exploring: bool = False,
    allowed_python: Container[str] = (),
    runtimes: Sequence[Runtime] = (),
) -> tuple[Program, ...]:
    """The programs of a file, one for each distinct case and runtime, in the order of `cases`.

    `overrides` are the command line's params; those that the file does not have are left out (see
    `param_names`). `exploring` puts `explore.params` on top of the file's own. `allowed_python` holds the
    modules that `python:` may name; nothing is imported here. `runtimes`: these, not the file's own. A file that is not valid as one to explore is not
    valid. Raises InvalidScenario with all diagnostics, the model's `mistakes` among them.
    """
    found = Findings(model.mistakes)
    programs: dict[tuple[str, str], Program] = {}
    wanted = runtimes or model.runtimes or RUNTIMES[:1]
    for raw in raw_cases(model, overrides or {}, found, exploring=exploring):
        DEADLINE.look()
        ROOM.look()
        for runtime in wanted:
            program = Unit(model, source, found, runtime=runtime).build(raw, allowed_python)
            program = identified(program, source)
            programs.setdefault(program.identity, program)
    if not exploring and model.explore and model.explore.params:
        for raw in raw_cases(model, overrides or {}, found, exploring=True):
            for runtime in wanted:
                Unit(model, source, found, runtime=runtime).build(raw, allowed_python)
    if diagnostics := found.sorted():
        raise InvalidScenario(diagnostics)
    return tuple(programs.values())


def identified(program: Program, source: Source) -> Program:
    """The program, which knows that it is this file's with its params and runtime."""
    runtime = "" if program.runtime == RUNTIMES[0] else f"\0{program.runtime}"
    return replace(program, text=source.text, case=f"{canonical(dict(program.params))}{runtime}")


def param_names(model: Scenario) -> frozenset[str]:
    """The names that `-p` can override in this file."""
    return frozenset(model.params)


def canonical(value: object) -> str:
    """A text that is the same for equal values of the same types, whatever the order of sets and dicts."""
    match value:
        case dict():
            return "{" + ",".join(sorted(f"{canonical(k)}:{canonical(v)}" for k, v in value.items())) + "}"
        case set() | frozenset():
            return "s{" + ",".join(sorted(map(canonical, value))) + "}"
        case list():
            return "[" + ",".join(map(canonical, value)) + "]"
        case tuple():
            return "(" + ",".join(map(canonical, value)) + ",)"
        case _:
            return repr(value)
