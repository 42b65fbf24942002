"""Programs for the tests: from the text of a scenario file, as the command line gets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from textwrap import dedent
from unittest.mock import patch

from scenario.compile import compile_scenario
from scenario.engines.threads import run
from scenario.engines.threads.watch.watcher import Watcher
from scenario.program.program import Program
from scenario.report.words.waits import words
from scenario.results.outcome import Outcome
from scenario.source import Source
from scenario.spec.load import load

HEAD = "scenario: test\n"

_AT_ONCE = 30
"""Looks of the watcher: a machine that has nothing else to do makes so many in four seconds."""


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


def deadlock(text: str) -> Outcome:
    """A run that must deadlock, at once: by how often the watcher looks, for how long that takes is the machine's matter."""
    with patch.object(Watcher, "deadlock", autospec=True, side_effect=Watcher.deadlock) as looked:
        result = run(program(text, timeout=300))
    assert result.end == "deadlock", result
    assert looked.call_count <= _AT_ONCE
    return result


def stuck(text: str) -> dict[str, str]:
    """Who waits for what in a run that must deadlock, at once."""
    result = deadlock(text)
    return {blocked.thread: words(blocked.wait) for blocked in result.blocked}
