"""What is known of each claim in one state: that it holds, that it does not, or that what is still to come decides it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal, TypeAlias

from scenario.judge.environment import OutcomeView
from scenario.judge.errors import claimed, error_failures
from scenario.judge.expressions import truth
from scenario.judge.printed import order_failures, output_failures
from scenario.program.claims import Claim, Claims, ErrorClaim, Output, Words
from scenario.program.program import Program
from scenario.record import record
from scenario.results.failures import Failure, LinesOff, NeverMarked, TextAbsent, WrongLine
from scenario.results.frames import Frame
from scenario.results.outcome import Outcome

Known: TypeAlias = bool | None
"""None: it is open."""


@record
class Expectation:
    """One claim: an expression, one of the expectations of `output`, a chain of `order`, or how threads end."""

    kind: Literal["always", "reachable", "final", "sometimes", "output", "order", "errors"]
    of: Claim | Output | tuple[Words, ...] | ErrorClaim


def expectations(claims: Claims) -> tuple[Expectation, ...]:
    """Of every state, of some state, of every end, of some end, of what is printed, marked, and raised."""
    return (
        *(Expectation("always", claim) for claim in claims.always),
        *(Expectation("reachable", claim) for claim in claims.reachable),
        *(Expectation("final", claim) for claim in claims.final),
        *(Expectation("sometimes", claim) for claim in claims.sometimes),
        *(Expectation("output", part) for part in _parts(claims)),
        *(Expectation("order", chain) for chain in claims.order),
        *(Expectation("errors", claim) for claim in claims.errors),
    )


def truths(program: Program) -> Callable[[Frame], Sequence[Known]]:
    """In a state, of each expectation, in their order. Claims over states are open where nobody has asked them."""
    claims, parts = program.claims, [*_parts(program.claims)]

    @lru_cache(maxsize=8)  # from state to state little is printed
    def printed(lines: tuple[str, ...], is_over: bool) -> Sequence[Known]:
        return [_printed(part, lines, is_over=is_over) for part in parts]

    def known(frame: Frame) -> Sequence[Known]:
        outcome = frame.outcome
        is_over, view = outcome.end == "finished", OutcomeView(outcome)
        return (
            *(frame.truths or (None,) * (len(claims.always) + len(claims.reachable))),
            *(truth(claim, view).holds if is_over else None for claim in (*claims.final, *claims.sometimes)),
            *printed(outcome.output, is_over),
            *(_known(order_failures(Claims(order=(chain,)), outcome), is_over=is_over) for chain in claims.order),
            *(_raised(program, outcome, is_over=is_over) if claims.errors else ()),
        )

    return known


def _raised(program: Program, outcome: Outcome, *, is_over: bool) -> Iterator[Known]:
    """Of each claim, as far as it is the one on a thread."""
    of, failures = claimed(program), [*error_failures(program, outcome)]
    for claim in program.claims.errors:
        yield _known([one for one in failures if of.get(one.thread or "") is claim], is_over=is_over)


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


def _printed(part: Output, lines: Sequence[str], *, is_over: bool) -> Known:
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
