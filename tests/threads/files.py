"""Programs for the tests: from the text of a scenario file, as the command line gets them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from textwrap import dedent

from scenario.compile import compile_scenario
from scenario.engines.threads import run
from scenario.program.program import Program
from scenario.report.words.waits import words
from scenario.results.outcome import Outcome
from scenario.source import Source
from scenario.spec.load import load

HEAD = "scenario: test\n"


def program(text: str, timeout: float = 10) -> Program:
    """The program of a file whose first line (`scenario:`) is left out; ended as `timeout` after 10 s, not 30."""
    source = Source("test.yaml", HEAD + dedent(text).lstrip("\n"))
    (made,) = compile_scenario(load(source), source)
    return made if "timeout:" in text else replace(made, timeout=timeout)


def outcome(text: str, seed: int = 0, on_print: Callable[[str], None] | None = None) -> Outcome:
    return run(program(text), seed=seed, on_print=on_print)


def shared(text: str) -> dict[str, object]:
    """The vars after a run that must have gone well."""
    result = outcome(text)
    assert result.end == "finished", result
    assert not result.errors, result.errors
    assert not result.failures, result.failures
    return dict(result.shared)


def stuck(text: str) -> dict[str, str]:
    """Who waits for what in a run that must deadlock, soon."""
    began = time.monotonic()
    result = outcome(text)
    assert result.end == "deadlock", result
    assert time.monotonic() - began < 5  # twice what a busy machine takes, half of the timeout
    return {blocked.thread: words(blocked.wait) for blocked in result.blocked}
