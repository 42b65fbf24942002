"""What is known of each claim in one state: that it holds, that it does not, or that what is still to come decides it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias, assert_never

from scenario.judge.ends import elapsed_failures, end_failures
from scenario.judge.environment import OutcomeView
from scenario.judge.errors import claimed, error_failures
from scenario.judge.execution import judge
from scenario.judge.expressions import labelled, truth
from scenario.judge.printed import order_failures, output_failures
from scenario.kinds import FailureKind
from scenario.program import ops
from scenario.program.claims import Claim, Claims, DeadlockClaim, Elapsed, ErrorClaim, OutcomeRow, Output, Words
from scenario.program.program import Program
from scenario.program.walk import walk, walk_all
from scenario.program.whole import bodies
from scenario.record import record
from scenario.results.failures import Failure, LinesOff, NeverMarked, TextAbsent, WrongLine
from scenario.results.frames import Frame, Known
from scenario.syntax import FutureQuery, Now, OwnFuture, Query, Register, Shared

ClaimKind: TypeAlias = Literal[
    "always", "reachable", "final", "sometimes", "output", "order", "errors",
    "deadlock", "livelock", "elapsed", "outcomes", "fails",
]  # fmt: skip
Scope: TypeAlias = Literal["every", "some"]
"""Whether it is claimed of every execution, or some execution has to show it: no single one proves the first, nor belies the second."""


@record
class Chain:
    """Marks in this order."""

    marks: tuple[Words, ...]


@record
class NoOther:
    """No thread (`named`: that `errors` does not name) ends with an exception."""

    named: bool


@record
class Rounds:
    """An execution that goes round for ever: there is none, or there may be."""

    mode: Literal["never", "possible"]


@record
class Labels:
    """The end is one of these rows, and of none that is forbidden."""

    rows: tuple[OutcomeRow, ...]


@record
class Bug:
    """This kind of failure is what the file shows."""

    kind: FailureKind


Subject: TypeAlias = (
    Claim | Output | Chain | ErrorClaim | NoOther | DeadlockClaim | Rounds | Elapsed | Labels | Bug
)  # fmt: skip


@record
class Expectation:
    """One claim, or one of the parts that can be true without the others."""

    kind: ClaimKind
    of: Subject
    scope: Scope = "every"


def expectations(claims: Claims) -> tuple[Expectation, ...]:
    """Of states, of ends, of what is printed, marked and raised; then what is claimed of each file, whether it says so or not."""
    return (
        *(Expectation("always", claim) for claim in claims.always),
        *(Expectation("reachable", claim, "some") for claim in claims.reachable),
        *(Expectation("final", claim) for claim in claims.final),
        *(Expectation("sometimes", claim, "some") for claim in claims.sometimes),
        *(Expectation("output", part) for part in _parts(claims)),
        *(Expectation("order", Chain(chain)) for chain in claims.order),
        *(Expectation("elapsed", bound) for bound in _bounds(claims)),
        *(Expectation("outcomes", Labels(rows)) for rows in [claims.outcomes] if rows is not None),
        *(Expectation("fails", Bug(kind), "some") for kind in claims.fails or ()),
        *(Expectation("errors", claim) for claim in claims.errors),
        Expectation("errors", NoOther(named=bool(claims.errors))),
        *_deadlocks(claims.deadlock),
        Expectation("livelock", Rounds(claims.livelock), "every" if claims.livelock == "never" else "some"),
    )


def _parts(claims: Claims) -> Iterator[Output]:
    """Each expectation of `output` as one of its own."""
    output = claims.output
    if output is None:
        return
    nothing = Output(span=output.span)
    if output.lines is not None:
        yield replace(nothing, lines=output.lines)
    if output.unordered is not None:
        yield replace(nothing, unordered=output.unordered)
    yield from (replace(nothing, contains=(words,)) for words in output.contains)
    yield from (replace(nothing, absent=(words,)) for words in output.absent)


def _bounds(claims: Claims) -> Iterator[Elapsed]:
    bounds = claims.elapsed or Elapsed()
    if bounds.at_least is not None:
        yield replace(bounds, at_most=None)
    if bounds.at_most is not None:
        yield replace(bounds, at_least=None)


def _deadlocks(claim: DeadlockClaim) -> Iterator[Expectation]:
    """Where it is possible for some threads, it is so for no others."""
    if claim.mode == "possible":
        yield Expectation("deadlock", claim, "some")
    if claim.mode != "possible" or claim.threads is not None:
        yield Expectation("deadlock", claim)


# --- in a state ------------------------------------------------------------------------------------------


def truths(program: Program) -> Callable[[Frame], Sequence[Known]]:
    """In a state, of each expectation, in their order."""
    expected, recordable = expectations(program.claims), _is_recordable(program)

    def known(frame: Frame) -> Sequence[Known]:
        here = _Here(program, frame, recordable)
        return [here.known(one) for one in expected]

    return known


def _is_recordable(program: Program) -> bool:
    """Whether each state between two steps is one that claims are asked in."""
    return not any(isinstance(node, ops.Atomic) for node in walk_all(bodies(program)))


class _Here:
    """One state, and what is asked of it more than once."""

    def __init__(self, program: Program, frame: Frame, recordable: bool) -> None:
        self.program, self.recordable, self._looked = program, recordable, iter(frame.truths)
        self.outcome, self.view = frame.outcome, OutcomeView(frame.outcome)
        self.is_over = frame.outcome.end == "finished"
        self.has_ended = frame.outcome.end in ("finished", "deadlock", "livelock")

    def known(self, one: Expectation) -> Known:
        match one.of:
            case Claim() as claim if one.kind in ("always", "reachable"):
                return self._in_state(claim)
            case Claim() as claim:
                return truth(claim, self.view).holds if self.is_over else None
            case Output() as part:
                return _printed(part, self.outcome.output, is_over=self.is_over)
            case Chain(marks):
                return self._unless(order_failures(Claims(order=(marks,)), self.outcome))
            case ErrorClaim() | NoOther() as claim:
                return self._unless(self._raised(claim))
            case DeadlockClaim() | Rounds():
                return self._ended(one)
            case Elapsed() as bound:
                return self._timed(bound)
            case Labels():
                return self._is_labelled() if self.is_over else None
            case Bug(kind):
                return self._is_shown(kind)
            case _:
                assert_never(one.of)

    def _unless(self, failures: Iterable[Failure]) -> Known:
        return _known(failures, is_over=self.is_over)

    def _in_state(self, claim: Claim) -> Known:
        """As those say who have looked, of one after the other; else as far as the variables tell."""
        if (known := next(self._looked, None)) is not None:
            return known
        return truth(claim, self.view).holds if self.recordable and self._tells(claim) else None

    def _tells(self, claim: Claim) -> bool:
        """Whether all that the claim reads are variables, and known."""
        nodes = [*walk(claim.expr)]
        names = {node.name for node in nodes if isinstance(node, Shared)}
        asks = any(isinstance(node, Query | OwnFuture | FutureQuery | Register | Now) for node in nodes)
        return not asks and names <= self.outcome.shared.keys()

    @cached_property
    def _errors(self) -> Sequence[Failure]:
        return [*error_failures(self.program, self.outcome)]

    def _raised(self, claim: ErrorClaim | NoOther) -> Iterator[Failure]:
        """As far as the claim is the one on a thread."""
        if self._errors:
            of, mine = claimed(self.program), None if isinstance(claim, NoOther) else claim
            yield from (one for one in self._errors if of.get(one.thread or "") is mine)

    def _ended(self, one: Expectation) -> Known:
        """Of a claim about executions that get stuck or go round."""
        if not self.has_ended:
            return None
        fails = any(failure.kind == one.kind for failure in end_failures(self.program, self.outcome))
        return not fails and (one.scope == "every" or self.outcome.end == one.kind)

    def _timed(self, bound: Elapsed) -> Known:
        if self.outcome.elapsed is None or (self.has_ended and not self.is_over):
            return None
        if self.is_over or bound.at_most is not None:
            return self._unless(elapsed_failures(bound, self.outcome.elapsed))
        return None

    def _is_labelled(self) -> bool:
        label = labelled(self.program, self.view)
        return label.row is not None and label.failure is None

    def _is_shown(self, kind: FailureKind) -> Known:
        """What no execution shows alone is open at its end."""
        judged = judge(self.program, self.outcome)
        if kind in {failure.kind for failure in (*judged.failures, *judged.permitted)}:
            return True
        return False if self.has_ended and kind not in ("sometimes", "reachable", "fails") else None


@lru_cache(maxsize=64)  # from state to state little is printed
def _printed(part: Output, lines: tuple[str, ...], *, is_over: bool) -> Known:
    failures = [*output_failures(Claims(output=part), lines)]
    if part.contains and not failures:
        return True  # whatever else is printed
    return _known(failures, is_over=is_over)


def _known(failures: Iterable[Failure], *, is_over: bool) -> Known:
    found = [*failures]
    if is_over:
        return not found
    return None if all(map(_may_be_mended, found)) else False


def _may_be_mended(failure: Failure) -> bool:
    """Whether a line or mark that is still to come may do."""
    match failure.fact:
        case WrongLine(_, None) | LinesOff(how="lacks") | TextAbsent() | NeverMarked():
            return True
        case _:
            return False
