"""What exploring the user's own code found: facts, of which `report/code.py` makes the words."""

from __future__ import annotations

from typing import Literal, TypeAlias

from scenario.record import record
from scenario.results.patterns import Pattern

CodeVerdict: TypeAlias = Literal["holds", "fails", "undecided"]


@record
class Row:
    """One step of a schedule: whose, at which line of which file, what was done to what with which value.

    `conflicts`: another thread touches the same, and one of the two changes it.
    """

    thread: str
    file: str
    line: int
    source: str
    verb: str
    target: str
    value: str | None = None
    conflicts: bool = False


@record
class Stuck:
    """A thread that can never move again: where, and who would have to move first (with where it took what it holds)."""

    thread: str
    file: str
    line: int
    source: str
    verb: str
    target: str
    holder: str = ""
    since: str = ""


@record
class CodeFailure:
    """What went wrong and the schedule that shows it. `trace` is Python's own, of the user's frames; `pattern`: the well-known one behind it."""

    kind: str
    message: str
    thread: str
    trace: str
    stuck: tuple[Stuck, ...]
    rows: tuple[Row, ...]
    schedule: str
    preemptions: int
    pattern: Pattern | None = None


@record
class Access:
    """A read or write at a line of the code."""

    file: str
    line: int
    source: str
    verb: str
    target: str


@record
class Race:
    """Two accesses of the same by two threads, one of which changes it, and which nothing orders."""

    one: Access
    other: Access


@record
class Covered:
    """What was tried: how many executions, and all of what they stand for.

    `interleavings`: every one was executed; `classes`: every one but for the order of independent steps; `preemptions`: all with
    at most `bound` of them; `priorities`: a sample by PCT of depth `bound`, in one of which such a failure shows with a `chance` of at least so
    much; `uniform`: a sample in which each thread is as likely at each step; `some`: none of these.
    """

    kind: Literal["interleavings", "classes", "preemptions", "priorities", "uniform", "some"]
    executions: int
    count: int = 0
    bound: int = 0
    chance: float = 0.0


@record
class CodeResult:
    """The verdict, the failure if there is one, what was covered; `reason` says why nothing could be decided.

    `races`: the data races that were seen, if they were looked for. `passed_over`: the modules whose functions were called, each as one step.
    """

    verdict: CodeVerdict
    covered: Covered
    failure: CodeFailure | None = None
    reason: str = ""
    races: tuple[Race, ...] | None = None
    passed_over: tuple[str, ...] = ()
