"""How far an undecided search came, what made it so large, and what to try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from scenario.report.values import numbered
from scenario.results.exploration import Source
from scenario.results.result import Result, Search

NAMED = 3
"""Params that are named."""


def how_far(search: Search, result: Result) -> Iterator[str]:
    """Nothing of what was decided, or never begun."""
    exploration = search.exploration
    if result.verdict.word != "undecided" or not exploration.sources:
        return
    if exploration.covered and not exploration.findings:
        steps = numbered(exploration.covered, "step")
        but = ", unless threads are stuck while others go on: that shows when all is covered"
        yield f"no failure in any schedule of up to {steps}{but if exploration.can_block else ''}"
    yield f"the states come from at least {', '.join(map(_words, exploration.sources))}"
    yield f"try {_smaller(result, exploration.sources[0])}, a larger budget (--max-seconds, --max-memory), or an estimate (--sample 1000)"


def _words(source: Source) -> str:
    match source.kind:
        case "variable":
            return f"{numbered(source.values, 'value')} of {source.name}"
        case "primitive":
            return f"{numbered(source.values, 'state')} of {source.name}"
        case "thread":
            return f"{source.values:,} places and locals of {source.name}"
        case "output":
            return f"{numbered(source.values, 'order')} of the {source.name}"
        case _:
            assert_never(source.kind)


def _smaller(result: Result, most: Source) -> str:
    """Params that count something, by name; without any, less of what varies most."""
    counts = {name: value for name, value in (result.params or {}).items() if type(value) is int and value > 2}
    if not counts:
        return _less(most)
    return "smaller params (" + " ".join(f"-p {name}=2" for name in list(counts)[:NAMED]) + ")"


def _less(source: Source) -> str:
    match source.kind:
        case "variable":
            return f"fewer values of {source.name}"
        case "primitive":
            return f"less in {source.name}"
        case "thread":
            return f"fewer threads, rounds or values in {source.name}"
        case "output":
            return "fewer lines"
        case _:
            assert_never(source.kind)
