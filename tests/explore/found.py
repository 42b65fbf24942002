"""What exploring finds of a file's text: verdicts, rows, odds."""

from __future__ import annotations

from fractions import Fraction
from textwrap import dedent

from scenario.compile import compile_scenario
from scenario.engines.explore import explore
from scenario.judge import exploration_verdict, judge
from scenario.program.program import Program
from scenario.results.exploration import Exploration
from scenario.settings import ExploreOptions
from scenario.source import Source
from scenario.spec.load import load

HEAD = "scenario: test\n"


def program(text: str, **params: object) -> Program:
    """The program of a file whose first line (`scenario:`) is left out."""
    source = Source("test.yaml", HEAD + dedent(text).lstrip("\n"))
    (made,) = compile_scenario(load(source), source, params, exploring=True)
    return made


def explored(
    text: str, *, odds: bool = True, reduce: bool = True, keep_going: bool = True, **params: object
) -> Exploration:
    """All of it, with odds unless told otherwise."""
    return explore(
        program(text, **params), ExploreOptions(odds=odds, keep_going=keep_going, reduce=reduce), judge=judge
    )


def verdict(text: str, **params: object) -> str:
    """`holds`, `fails` or `undecided`."""
    made = program(text, **params)
    return exploration_verdict(made, explore(made, ExploreOptions(keep_going=True), judge=judge)).word


def kinds(text: str, **params: object) -> list[str]:
    """The kinds of failure that are found, sorted, each once (those that `expect` allows are left out)."""
    return sorted({finding.failure.kind for finding in explored(text, odds=False, **params).findings})


def count(text: str, **params: object) -> int | None:
    """The number of interleavings."""
    return explored(text, **params).interleavings


def values(text: str, **params: object) -> set[object]:
    """The distinct values of the one observed column (or tuples of several), of executions that ended well or not."""
    rows = explored(text, odds=False, **params).rows
    return {_one(tuple(_hashable(value) for _, value in row.values)) for row in rows}


def ends(text: str, **params: object) -> dict[object, str | None]:
    """Of each row its values and how it ended."""
    rows = explored(text, odds=False, **params).rows
    return {_one(tuple(_hashable(value) for _, value in row.values)): row.end for row in rows}


def odds(text: str, **params: object) -> dict[object, tuple[int | None, Fraction | None, int | None]]:
    """Of each row its values -> interleavings, probability, preemptions."""
    rows = explored(text, **params).rows
    return {
        _one(tuple(_hashable(value) for _, value in row.values)): (row.interleavings, row.probability, row.preemptions)
        for row in rows
    }


def _one(columns: tuple[object, ...]) -> object:
    return columns[0] if len(columns) == 1 else columns


def _hashable(value: object) -> object:
    match value:
        case list() | tuple():
            return tuple(_hashable(item) for item in value)
        case set() | frozenset():
            return tuple(sorted((_hashable(item) for item in value), key=repr))
        case dict():
            return tuple((_hashable(k), _hashable(v)) for k, v in value.items())
        case _:
            return value
