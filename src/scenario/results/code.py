"""What exploring the user's own code found: facts, of which `report/code.py` makes the words."""

from __future__ import annotations

from typing import Literal, TypeAlias

from scenario.record import record

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
    """What went wrong and the schedule that shows it. `trace` is Python's own, of the user's frames."""

    kind: str
    message: str
    thread: str
    trace: str
    stuck: tuple[Stuck, ...]
    rows: tuple[Row, ...]
    schedule: str
    preemptions: int


@record
class Covered:
    """What was tried: how many executions, and all of what they stand for.

    `interleavings`: every one was executed; `classes`: every one but for the order of independent steps; `preemptions`: all with
    at most `bound` of them; `some`: none of these.
    """

    kind: Literal["interleavings", "classes", "preemptions", "some"]
    executions: int
    count: int = 0
    bound: int = 0


@record
class CodeResult:
    """The verdict, the failure if there is one, what was covered; `reason` says why nothing could be decided."""

    verdict: CodeVerdict
    covered: Covered
    failure: CodeFailure | None = None
    reason: str = ""
