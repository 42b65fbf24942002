"""What does not hold, as a fact: one record a way to fail. `report.words` makes the sentences."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from scenario.kinds import FailureKind
from scenario.record import record
from scenario.results.waiting import Blocked, Busy
from scenario.source import START, Span


@record
class Error:
    """An exception that was raised: its class and its text."""

    name: str
    message: str = ""


@record
class Operand:
    """A part of a claim as the file has it, and its value as Python writes it, or what it raised."""

    text: str
    value: str = ""
    raised: str = ""


# --- how an execution ends ---------------------------------------------------------------------------------


@record
class Deadlock:
    """Threads that can never move again, in file order. `expected` are those that may be stuck, `found` those that are."""

    kind: ClassVar[Literal["deadlock"]] = "deadlock"
    blocked: tuple[Blocked, ...]
    expected: frozenset[str] | None = None
    found: frozenset[str] = frozenset()


@record
class NoDeadlock:
    """One was expected: of this execution, of every one, or of some."""

    kind: ClassVar[Literal["deadlock"]] = "deadlock"
    of: Literal["this", "every", "some"]


@record
class Livelock:
    """Threads that go on for ever, and those that starve meanwhile."""

    kind: ClassVar[Literal["livelock"]] = "livelock"
    threads: tuple[str, ...]
    starving: tuple[str, ...] = ()


@record
class NoLivelock:
    """Some execution was expected to go on for ever."""

    kind: ClassVar[Literal["livelock"]] = "livelock"


@record
class TimedOut:
    """Not over after so many seconds: who waited then, and where the others were."""

    kind: ClassVar[Literal["timeout"]] = "timeout"
    seconds: float
    blocked: tuple[Blocked, ...] = ()
    busy: tuple[Busy, ...] = ()


@record
class Elapsed:
    """Seconds from the first start to the end, beyond a bound."""

    kind: ClassVar[Literal["elapsed"]] = "elapsed"
    took: float
    side: Literal["at least", "at most"]
    bound: float


# --- exceptions --------------------------------------------------------------------------------------------


@record
class EndedWith:
    """A thread ended with an exception; `expected` are those that it may end with, if `errors` has it."""

    kind: ClassVar[Literal["error"]] = "error"
    error: Error
    expected: tuple[str, ...] = ()


@record
class EndedWell:
    """A thread that should have ended with one of these exceptions did not."""

    kind: ClassVar[Literal["error"]] = "error"
    expected: tuple[str, ...]


@record
class NoRoom:
    """The system could start no more than so many threads."""

    kind: ClassVar[Literal["error"]] = "error"
    error: Error
    started: int


@record
class ProcessEnded:
    """The user's own code ended the process of the run: `how` is a signal's name or number, or an exit status."""

    kind: ClassVar[Literal["error"]] = "error"
    by: Literal["signal", "exit status"]
    how: str


# --- checks on the way -------------------------------------------------------------------------------------


@record
class AssertFalse:
    """`test` as the file has it; `message` is the file's own, if it gives one."""

    kind: ClassVar[Literal["assert"]] = "assert"
    test: str
    message: str | None = None


@record
class NotRaised:
    """A step that should have raised: `instead` is what it raised, if anything."""

    kind: ClassVar[Literal["raises"]] = "raises"
    expected: str
    instead: Error | None = None


@record
class AlwaysFalse:
    """An invariant that is false, or raises: in a state of the schedule, at the start, or after the step at a line."""

    kind: ClassVar[Literal["always"]] = "always"
    text: str
    where: Literal["state", "start"] | int = "state"
    raised: Error | None = None


# --- claims over what an execution, or all of them, leave --------------------------------------------------


@record
class FinalFalse:
    """A claim over the final state, its operands there, and what it raised, if it did."""

    kind: ClassVar[Literal["final"]] = "final"
    text: str
    operands: tuple[Operand, ...] = ()
    raised: Error | None = None


@record
class NeverTrue:
    """What some interleaving should have shown: at its end (`sometimes`), or in a state; and what it raised in one, if it did."""

    kind: Literal["sometimes", "reachable"]
    text: str
    raised: Error | None = None


@record
class Untrue:
    """A claim of that number, of `sometimes` or `reachable`, that was false because it raised."""

    kind: Literal["sometimes", "reachable"]
    number: int
    error: Error


@record
class NotShown:
    """A kind of failure that the file is there to show."""

    kind: ClassVar[Literal["fails"]] = "fails"
    expected: FailureKind


@record
class Forbidden:
    """A row of `outcomes` that forbids what was observed."""

    kind: ClassVar[Literal["outcome"]] = "outcome"
    when: str
    because: str | None = None
    operands: tuple[Operand, ...] = ()


@record
class Unlabelled:
    """No row of `outcomes` is true of what was observed; `raised` are rows with the exception that they raised."""

    kind: ClassVar[Literal["outcome"]] = "outcome"
    observed: tuple[Operand, ...]
    raised: tuple[Operand, ...] = ()


# --- what was printed and marked ---------------------------------------------------------------------------


@record
class WrongLine:
    """The first line of the output that is another than was expected (None: there is none, or none was expected)."""

    kind: ClassVar[Literal["output"]] = "output"
    number: int
    line: str | None
    expected: str | None


@record
class LinesOff:
    """A line that the output lacks, or has beyond what was expected, so many times."""

    kind: ClassVar[Literal["output"]] = "output"
    line: str
    times: int
    how: Literal["lacks", "has"]


@record
class TextAbsent:
    """No line of the output contains a text that some line must."""

    kind: ClassVar[Literal["output"]] = "output"
    text: str


@record
class TextPresent:
    """A line of the output contains a text that none may."""

    kind: ClassVar[Literal["output"]] = "output"
    text: str
    line: str


@record
class NeverMarked:
    """A mark of `order` that did not occur."""

    kind: ClassVar[Literal["order"]] = "order"
    mark: str


@record
class OutOfOrder:
    """A mark that occurred before one which should have been earlier; `marks` are all, in order of occurrence."""

    kind: ClassVar[Literal["order"]] = "order"
    later: str
    earlier: str
    marks: tuple[str, ...]


Fact: TypeAlias = (
    Deadlock | NoDeadlock | Livelock | NoLivelock | TimedOut | Elapsed
    | EndedWith | EndedWell | NoRoom | ProcessEnded
    | AssertFalse | NotRaised | AlwaysFalse
    | FinalFalse | NeverTrue | NotShown | Forbidden | Unlabelled
    | WrongLine | LinesOff | TextAbsent | TextPresent | NeverMarked | OutOfOrder
)  # fmt: skip


@record
class Failure:
    """Something that did not hold. `thread` is a ref: `A`, `worker[1]`, `main`.

    `about`: the shared variables, objects, and threads (by their refs, and their group) that a claim names.
    """

    fact: Fact
    span: Span = START
    thread: str | None = None
    about: tuple[str, ...] = ()

    @property
    def kind(self) -> FailureKind:
        return self.fact.kind
