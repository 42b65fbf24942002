"""What a finished search has shown to be without effect, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from scenario.results.exploration import Vacuous
from scenario.results.result import Result, Search
from scenario.source import Source, Span


def without_effect(search: Search, result: Result) -> Iterator[str]:
    """Steps that no thread comes to; where all holds, claims that could not have failed."""
    exploration = search.exploration
    if exploration.unreached:
        yield f"no interleaving reaches {', '.join(_lines(span, result.source) for span in exploration.unreached)}"
    if result.verdict.word == "holds":
        yield from map(_could_not_fail, exploration.vacuous)


def _lines(span: Span, source: Source | None) -> str:
    """Of one line also the words, since others may stand beside them."""
    if span.line != span.end_line:
        return f"lines {span.line}-{span.end_line}"
    text = source.line(span.line)[span.column - 1 : span.end_column - 1] if source else ""
    return f"line {span.line}{text and f' ({text})'}"


def _could_not_fail(claim: Vacuous) -> str:
    match claim.why:
        case "never evaluated":
            return f"`{claim.text}` (line {claim.span.line}) could not fail: no interleaving ends, so it is never evaluated"
        case "never changes":
            return f"`{claim.text}` (line {claim.span.line}) could not fail: it reads nothing that ever changes"
        case "true of every value":
            return f"`{claim.text}` (line {claim.span.line}) could not fail: it is true of every value that the file can give to its names"
        case _:
            assert_never(claim.why)
