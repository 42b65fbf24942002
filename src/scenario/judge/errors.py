"""Which threads ended with an uncaught exception, against `errors`: exactly these, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scenario.program.claims import ErrorClaim
from scenario.program.evaluate import Constants, evaluate
from scenario.program.exceptions import catches
from scenario.program.program import Program, thread_ref
from scenario.results.failures import EndedWell, EndedWith, Error, Failure
from scenario.results.outcome import Outcome, ThreadError


def error_failures(program: Program, outcome: Outcome) -> Iterator[Failure]:
    claims = claimed(program)
    for thread, error in outcome.errors.items():
        claim = claims.get(thread)
        raised = Error(error.name, error.message)
        if claim is None and "SystemExit" not in error.bases:
            yield Failure(EndedWith(raised), error.span, thread)
        elif claim is not None and not _allowed(claim, error):
            yield Failure(EndedWith(raised, tuple(claim.exceptions)), error.span, thread)
    if outcome.end == "finished":
        for thread, claim in claims.items():
            if not claim.possible and thread not in outcome.errors:
                yield Failure(EndedWell(tuple(claim.exceptions)), claim.span, thread)


def claimed(program: Program) -> Mapping[str, ErrorClaim]:
    """The claim on each thread by its ref; one on a member goes before one on its group."""
    claims: dict[str, ErrorClaim] = {}
    for claim in sorted(program.claims.errors, key=lambda claim: claim.thread.index is not None):
        claims.update(dict.fromkeys(_members(program, claim), claim))
    return claims


def _members(program: Program, claim: ErrorClaim) -> Iterator[str]:
    ref = claim.thread
    for group in program.groups:
        if group.key != ref.name:
            continue
        if ref.index is None:
            yield from (thread_ref(group, index) for index in range(len(group.names)))
        else:
            yield thread_ref(group, evaluate(ref.index, Constants()))
    if ref.name == "main":
        yield "main"


def _allowed(claim: ErrorClaim, error: ThreadError) -> bool:
    return any(catches(name, base) for name in claim.exceptions for base in error.bases)
