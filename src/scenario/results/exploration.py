"""What a search over all interleavings found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from scenario.kinds import FailureKind
from scenario.record import record
from scenario.results.failures import Failure, Operand, Untrue
from scenario.results.outcome import GoesOn, Judged, ThreadError
from scenario.results.schedule import Schedule
from scenario.results.undecided import Undecided
from scenario.results.waiting import Blocked
from scenario.source import Span

if TYPE_CHECKING:  # what only some searches have: odds, own code, reductions, samples
    from fractions import Fraction

    from scenario.results.code import CodeFailure, Covered, Race
    from scenario.results.notes import Note
    from scenario.results.sample import Sample
    from scenario.results.ways import Way


@record
class Row:
    """One row of the outcome table: the observed values, their label, how the execution ended.

    `runs` is set by `run --times`; the odds by `explore --odds` (None where they are not known);
    `seed` is one run's seed that shows it, `schedule` one schedule that does. `varies`: the columns whose value is None
    because it changes again and again in a livelock; `raised`: the `when`s that are false because they raised.
    """

    values: tuple[tuple[str, object], ...]
    label: Literal["acceptable", "interesting", "forbidden"] | None = None
    because: str | None = None
    end: FailureKind | None = None
    runs: int | None = None
    seed: int | None = None
    interleavings: int | None = None
    probability: Fraction | None = None
    preemptions: int | None = None
    schedule: Schedule | None = None
    varies: frozenset[str] = frozenset()
    raised: tuple[Operand, ...] = ()


def row_of(judged: Judged) -> Row:
    """The row of an execution."""
    return Row(judged.values, judged.label, judged.because, judged.end, varies=judged.varies, raised=judged.raised)


@record
class Odds:
    interleavings: int | None
    probability: Fraction | None
    preemptions: int | None


@record
class Finding:
    """The shortest way to one failure, and what a person needs to understand it.

    `blocked`: who is stuck in the end, or who starves in a livelock's cycle. `code`: what the user's own code did.
    """

    failure: Failure
    schedule: Schedule
    blocked: tuple[Blocked, ...] = ()
    going: tuple[GoesOn, ...] = ()
    shared: Mapping[str, object] = field(default_factory=dict)
    over: frozenset[str] = frozenset()
    errors: Mapping[str, ThreadError] = field(default_factory=dict)
    code: CodeFailure | None = None


@record
class Source:
    """What states differ in: a variable's values, a primitive's states, a thread's places with its locals, lines printed, the time."""

    kind: Literal["variable", "primitive", "thread", "output", "clock"]
    name: str
    values: int = 0


@record
class Pace:
    """How far a search has come in so many `seconds`, what it holds (bytes), and what is left of its budget.

    `walks`: of a sample, those that were taken; `executions`: of the user's own code. `left_states`: None where memory decides.
    """

    seconds: float
    states: int
    steps: int
    depth: int
    memory: int
    left_seconds: float
    left_memory: int
    left_states: int | None = None
    walks: int | None = None
    executions: int | None = None


@record
class Vacuous:
    """A claim that could not fail: never evaluated, or nothing that it reads ever changes, or true whatever that may be."""

    text: str
    span: Span
    why: Literal["never evaluated", "never changes", "true of every value"]


@record
class Exploration:
    """`exhausted`: all interleavings were covered. `undecided` says why if they could not be.

    `permitted` are the shortest deadlock and livelock that `expect` allows: evidence, no failures.
    `unreached` are steps that no interleaving comes to, `vacuous` claims that none could break, if all were covered.
    `covered`: all schedules of up to so many steps were looked at; `can_block`: threads can be stuck while others go on,
    which shows only when all was covered; `sources`: what the states differ in, if it is undecided.
    `sometimes`, `reached` are indices of claims seen, `untrue` those that raised; `deadlock`, `livelock` whether one was seen at all
    (allowed or not); `interrupted`: it was ended by Ctrl-C, with what was known; `notes`: what there was no time for;
    `interleavings` and `bad` come with `--odds`, `sample` with `--sample`: then nothing is said of all interleavings.
    `code`: what was covered of a file with the user's own code; `races`: its data races, if they were looked for.
    """

    exhausted: bool
    states: int
    steps: int
    seconds: float
    findings: tuple[Finding, ...] = ()
    permitted: tuple[Finding, ...] = ()
    rows: tuple[Row, ...] = ()
    sometimes: frozenset[int] = frozenset()
    reached: frozenset[int] = frozenset()
    untrue: frozenset[Untrue] = frozenset()
    deadlock: bool = False
    livelock: bool = False
    undecided: tuple[Undecided, ...] = ()
    reductions: tuple[Way, ...] = ()
    interleavings: int | None = None
    bad: Odds | None = None
    odds: bool = False
    interrupted: bool = False
    unreached: tuple[Span, ...] = ()
    vacuous: tuple[Vacuous, ...] = ()
    covered: int = 0
    can_block: bool = False
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()
    sample: Sample | None = None
    code: Covered | None = None
    races: tuple[Race, ...] | None = None
