"""What is said of all values of the params that are left open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from scenario.record import record
from scenario.results.undecided import Undecided
from scenario.results.ways import Way
from scenario.source import START, Span

Beyond: TypeAlias = Literal[
    "use", "claim", "step", "invalid", "settings", "endless", "deadlock", "place",
    "member", "life", "object", "rebound", "end", "state", "size",
]  # fmt: skip
"""Why a proof for all values does not reach a file: a place that depends on a param in a way that is not followed; a claim, or a
step, of a kind that is not; an instance that is no valid file; `clock` and the like; what may go on for ever, or may wait for
ever; a variable to which more is done than adding, or not by one thread at a time.

Of threads that are counted: what tells them apart, asks who lives, or is on an object that counts its users
itself; a container that is rebound; how an execution ends, or a state that one comes by, may be wrong; what is not searched,
or too large (`size`)."""


@record
class Reason:
    """What lies outside, where it stands, and its `name` where that says more; `why` something was not searched."""

    what: Beyond
    span: Span = START
    name: str = ""
    why: Undecided | None = None


@record
class Proved:
    """Everything that is asked of the file holds for all values; `ways`: by what."""

    ways: tuple[Way, ...]


@record
class Refuted:
    """It fails for these values, and for none with a smaller total."""

    at: Mapping[str, int]


@record
class Outside:
    """Nothing is known, for these reasons."""

    reasons: tuple[Reason, ...]


Answer: TypeAlias = Proved | Refuted | Outside
"""What a way of deciding a file for all values says."""


@record
class ForAll:
    """`least`: the values from which on it is claimed, by param; `answer`: what is known of all of them.

    `searched`: with Outside, all values up to so much above the least (in total) were searched one by one, and hold.
    """

    least: Mapping[str, int]
    answer: Answer
    searched: int = -1
