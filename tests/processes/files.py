"""Programs for processes."""

from __future__ import annotations

from textwrap import dedent

from scenario.compile import compile_scenario
from scenario.language.runtimes import Runtime
from scenario.program.program import Program
from scenario.source import Source
from scenario.spec.load import understood


def program(text: str, runtime: Runtime = "multiprocessing") -> Program:
    """The only program of a file without its name, on a runtime. Raises InvalidScenario."""
    source = Source("x.scenario.yaml", f"scenario: x\n{dedent(text)}")
    (only,) = compile_scenario(understood(source), source, runtimes=[runtime])
    return only
