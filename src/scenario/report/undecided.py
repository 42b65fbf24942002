"""How far an undecided search came, what made it so large, and what to try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

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
        yield f"no failure in any schedule of up to {exploration.covered:,} steps"
    yield f"the states come from {', '.join(map(_words, exploration.sources))}"
    yield f"try {_smaller(result)}, or a larger budget (--max-states, --max-seconds)"


def _words(source: Source) -> str:
    match source.kind:
        case "variable":
            return f"{source.name} ({source.values:,} values)"
        case "primitive":
            return f"{source.name} ({source.values:,} states)"
        case "thread":
            return f"{source.name} ({source.values:,} places and locals)"
        case "output":
            return f"the {source.name} ({source.values:,} orders)"
        case _:
            assert_never(source.kind)


def _smaller(result: Result) -> str:
    """Params that count something, by name."""
    counts = {name: value for name, value in (result.params or {}).items() if type(value) is int and value > 2}
    if not counts:
        return "fewer threads, rounds or values"
    return "smaller params (" + " ".join(f"-p {name}=2" for name in list(counts)[:NAMED]) + ")"
