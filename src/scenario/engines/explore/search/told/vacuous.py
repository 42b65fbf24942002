"""What a finished search has shown to be without effect: steps that no thread comes to, claims that could not fail."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from scenario.engines.explore.search.search import Search
from scenario.engines.explore.step.stepper import Stepper
from scenario.program.claims import Claim
from scenario.program.walk import walk
from scenario.results.exploration import Vacuous
from scenario.source import START, Span
from scenario.syntax import FutureQuery, Query, Register, Shared


def unreached(stepper: Stepper) -> tuple[Span, ...]:
    """The steps that no interleaving comes to; lines that follow each other as one."""
    seen = stepper.local.reached
    spans: dict[Span, bool] = {}
    workers = {thread.code for thread in stepper.layout.threads if thread.pool is not None}
    for thread, code in stepper.layout.codes.items():
        if thread not in workers:
            for instruction in code.instructions:
                known = spans.get(instruction.span, False)
                spans[instruction.span] = known or id(instruction) in seen
    spans.pop(START, None)
    runs = groupby(sorted(spans), key=lambda span: spans[span])
    return tuple(span for reached, run in runs if not reached for span in _merged(list(run)))


def _merged(spans: list[Span]) -> list[Span]:
    """One span of whole lines; those of a single line stay apart, since others may stand between them."""
    first, last = spans[0], spans[-1]
    if first.line == last.end_line:
        return spans
    return [Span(first.line, first.column, last.end_line, last.end_column)]


def vacuous(search: Search) -> Iterator[Vacuous]:
    """The claims of an exhausted search that no interleaving could have broken."""
    claims, graph, stepper = search.stepper.layout.program.claims, search.graph, search.stepper
    ends = any(stepper.is_over(graph.states[number]) for number in graph.ends)
    for claim in claims.final:
        if not ends:
            yield Vacuous(claim.text, claim.span, "never evaluated")
    false = {found.failure.span for found in search.failures.found}
    for claim in (*(claims.final if ends else ()), *claims.always):
        if claim.span not in false and _is_constant(search, claim):
            yield Vacuous(claim.text, claim.span, "never changes")


def _is_constant(search: Search, claim: Claim) -> bool:
    nodes = list(walk(claim.expr))
    if any(isinstance(node, Query | FutureQuery | Register) for node in nodes):
        return False
    names = {node.name for node in nodes if isinstance(node, Shared)}
    if names & set(search.stepper.layout.followed):
        return False  # it is rebound somewhere, and `vars` does not have it
    return not any(_changes(search, search.stepper.layout.vars[name]) for name in names)


def _changes(search: Search, variable: int) -> bool:
    shared = search.stepper.shared
    numbers = search.graph.seen.shared_parts() | search.stepper.between
    values = [shared[number].vars[variable] for number in numbers]
    return any(value != values[0] for value in values)
