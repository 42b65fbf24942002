"""Results as the pipeline makes them, to be shown."""

from fractions import Fraction

from scenario.diagnostics import Diagnostic
from scenario.results.exploration import Exploration, Odds, Row
from scenario.results.failures import Deadlock, Failure, FinalFalse, Operand
from scenario.results.outcome import FutureView
from scenario.results.result import Evidence, Report, Result, Search, Seen, Verdict
from scenario.results.schedule import Deed, Move, Schedule
from scenario.results.waiting import Blocked, Holder, Wait
from scenario.results.ways import Symmetry
from scenario.settings import Settings
from scenario.source import Source, Span

SOURCE = Source(
    "x.yaml",
    """scenario: x
vars: {counter: 0}
threads:
  A:
    steps:
      - counter += 1
      - acquire: a
  B:
    steps:
      - counter += 1
      - acquire: b
expect:
  - counter == 2
""",
)
FINAL = Failure(FinalFalse("counter == 2", (Operand("counter", "1"),)), Span(13, 5, 13, 17))


def _access(thread, operation, value, span, **facts):
    return Move(thread, 0, span, (Deed(operation, "counter", value, span),), **facts)


LOST_UPDATE = Schedule(
    "0123abcd",
    (
        _access("A", "read", 0, Span(6, 9, 6, 21)),
        _access("B", "read", 0, Span(10, 9, 10, 21), preempts=True),
        _access("B", "write", 1, Span(10, 9, 10, 21)),
        _access("A", "write", 1, Span(6, 9, 6, 21)),
    ),
)
BLOCKED = (
    Blocked("A", Span(7, 9, 7, 19), Wait("lock", "b", (Holder("B", Span(11, 9, 11, 19)),))),
    Blocked("B", Span(11, 9, 11, 19), Wait("lock", "a", (Holder("A", Span(7, 9, 7, 19)),))),
)
INVALID = Result(
    "x.yaml",
    Verdict("invalid"),
    SOURCE,
    diagnostics=(
        Diagnostic("SC101", "unknown key `stpes`", Span(5, 5, 5, 10), "did you mean `steps`?"),
        Diagnostic("SC301", "unknown name `b`", Span(11, 18, 11, 19)),
    ),
)
PASSED = Result(
    "x.yaml", Verdict("holds"), SOURCE, "x", params={"n": 2}, final={"counter": 2}, output=("hi",), elapsed=0.0124
)
FAILED = Result(
    "x.yaml",
    Verdict("fails", (Evidence(FINAL, seed=7),), (Seen("sometimes", "counter == 1", seen=True),)),
    SOURCE,
    "x",
    case="n=2",
    params={"n": 2},
    final={"counter": 1},
    output=(),
    elapsed=0.0124,
    seed=7,
    reproduce="scenario run x.yaml --seed 7",
)
DEADLOCKED = Result(
    "x.yaml",
    Verdict(
        "fails",
        (
            Evidence(
                Failure(Deadlock(BLOCKED), Span(7, 9, 7, 19), "A"),
                blocked=BLOCKED,
            ),
        ),
    ),
    SOURCE,
    "x",
    elapsed=0.2,
)
ROWS = (
    Row((("counter", 1),), "forbidden", "an update is lost", "outcome", None, None, 4, Fraction(1, 2), 1),
    Row((("counter", 2),), "acceptable", None, None, None, None, 2, Fraction(1, 2), 0),
)
EXPLORED = Result(
    "x.yaml",
    Verdict("fails", (Evidence(FINAL, schedule=LOST_UPDATE, shared={"counter": 1}),)),
    SOURCE,
    "x",
    params={"n": 2},
    rows=ROWS,
    search=Search(
        Exploration(
            exhausted=True, states=12, steps=16, seconds=0.004, rows=ROWS, reductions=(Symmetry("adder"),),
            interleavings=6, bad=Odds(4, Fraction(1, 2), 1), odds=True,
        ),
        Settings(clock="virtual"),
    ),
    reproduce="scenario explore x.yaml --odds",
)  # fmt: skip
COUNTED = Result(
    "x.yaml",
    Verdict("holds"),
    SOURCE,
    "x",
    runs=200,
    rows=(
        Row((("counter", 2), ("f", FutureView("finished", 4))), runs=150, seed=1),
        Row((("counter", 1), ("f", FutureView("pending"))), end="final", runs=50, seed=9),
    ),
)
SKIPPED = Result("y.yaml", Verdict("skipped", reasons=("requires Python >=3.13",)), scenario="y")
UNDECIDED = Result(
    "x.yaml",
    Verdict("undecided", reasons=("a process pool can not be explored",)),
    SOURCE,
    "x",
    search=Search(Exploration(exhausted=False, states=1, steps=0, seconds=0.1)),
)
FAULT = Result("x.yaml", Verdict("undecided"), SOURCE, fault="KeyError: 'x' (scenario/judge/ends.py:12 in stuck)")
ALL = (INVALID, PASSED, FAILED, DEADLOCKED, EXPLORED, COUNTED, SKIPPED, UNDECIDED, FAULT)
RUN = Report("run", ALL, 1.5)
