"""How far an undecided search came, what made it so large, and what to try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from scenario.report.values import numbered
from scenario.results.exploration import Exploration, Source
from scenario.results.result import Result, Search
from scenario.results.undecided import (
    BesideOwnCode,
    NeedsClock,
    NotAll,
    NotFollowed,
    OutOfMemory,
    OutOfTime,
    OwnCode,
    TooManyStates,
    TooManyWays,
    Undecided,
)

NAMED = 3
"""Params that are named."""


def how_far(search: Search, result: Result) -> Iterator[str]:
    """Nothing of what was decided."""
    exploration = search.exploration
    if result.verdict.word != "undecided" or exploration.exhausted:
        return
    if exploration.covered and not exploration.findings:
        steps = numbered(exploration.covered, "step")
        but = ", unless threads are stuck while others go on: that shows when all is covered"
        yield f"no failure in any schedule of up to {steps}{but if exploration.can_block else ''}"
    if exploration.sources:
        yield f"the states come from at least {', '.join(map(_words, exploration.sources))}"
    hints = dict.fromkeys(hint for why in exploration.undecided for hint in _hints(why, exploration, result))
    if hints:
        *most, last = hints
        yield f"try {', '.join(most)}{', or ' if most else ''}{last}"


def _hints(why: Undecided, exploration: Exploration, result: Result) -> Iterator[str]:
    """What might let it be decided, or else what shows something; none where the reason says so itself."""
    match why:
        case OutOfTime(amid="") | OutOfMemory() | TooManyStates() | NotAll("interrupted" | "ended early"):
            yield from _smaller(exploration, result)
            yield "a larger budget (--max-seconds, --max-memory)"
            if exploration.sources:
                yield "an estimate (--sample 1000)"
        case OutOfTime():
            yield from _smaller(exploration, result)
            yield "less work at once"
            yield "more time (--max-seconds)"
        case TooManyWays():
            yield from _smaller(exploration, result)
            yield "fewer among whom is picked there"
        case NotFollowed("process pool" | "own code" | "odds of tasks"):
            pass
        case NotFollowed():
            yield "`scenario run --times 1000`, which shows what some runs come to"
        case BesideOwnCode() | OwnCode() | NeedsClock() | NotAll():
            pass
        case _:
            assert_never(why)


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
        case "clock":
            return f"{numbered(source.values, 'moment')} of the virtual {source.name}"
        case _:
            assert_never(source.kind)


def _smaller(exploration: Exploration, result: Result) -> Iterator[str]:
    """Params that count something, by name; without any, less of what varies most."""
    counts = {name: value for name, value in (result.params or {}).items() if type(value) is int and value > 2}
    if counts:
        yield "smaller params (" + " ".join(f"-p {name}=2" for name in list(counts)[:NAMED]) + ")"
    elif exploration.sources:
        yield _less(exploration.sources[0])


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
        case "clock":
            return "a file that is over sooner or whose times are multiples of one another"
        case _:
            assert_never(source.kind)
