"""What `expect` says of one execution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenario.judge.ends import end_failures, permitted_ends
from scenario.judge.environment import OutcomeView
from scenario.judge.errors import error_failures
from scenario.judge.expressions import final_failures, labelled, observed, sometimes_seen
from scenario.judge.printed import order_failures, output_failures
from scenario.kinds import FailureKind
from scenario.program.program import Program
from scenario.results.failures import Failure
from scenario.results.outcome import Judged, Outcome

PRIORITY: tuple[FailureKind, ...] = (
    "deadlock", "livelock", "timeout", "error", "raises", "assert", "always",
    "order", "output", "elapsed", "outcome", "final",
)  # fmt: skip
"""Which kind names the end of an execution that failed in several ways."""


def judge(program: Program, outcome: Outcome) -> Judged:
    """All that one execution breaks, and its row of the outcome table. `fails` is not applied yet."""
    environment = OutcomeView(outcome)
    failures = [*_on_the_way(outcome), *end_failures(program, outcome), *error_failures(program, outcome)]
    failures += order_failures(program.claims, outcome)
    finished = outcome.end == "finished"
    label = labelled(program, environment) if finished else None
    if label is not None:
        failures += final_failures(program, environment)
        failures += output_failures(program.claims, outcome.output)
        failures += [label.failure] if label.failure else []
    row = label.row if label else None
    sometimes, untrue = sometimes_seen(program.claims, environment) if finished else (frozenset[int](), frozenset())
    return Judged(
        failures=tuple(failures),
        permitted=permitted_ends(program, outcome, failures),
        end=_end(failures, outcome),
        values=observed(program, environment),
        label=row.rating if row else None,
        because=row.because if row else None,
        raised=label.raised if label else (),
        sometimes=sometimes,
        untrue=untrue,
    )


def _on_the_way(outcome: Outcome) -> Iterator[Failure]:
    """What failed on the way, once for each place and thread: a loop may fail a thousand times."""
    seen = set()
    for failure in outcome.failures:
        key = (failure.kind, failure.span, failure.thread)
        if key not in seen:
            seen.add(key)
            yield failure


def _end(failures: Iterable[Failure], outcome: Outcome) -> FailureKind | None:
    kinds = {failure.kind for failure in failures} - {"deadlock"}  # one that was expected and never came is no end
    if outcome.end in ("deadlock", "livelock"):
        kinds.add(outcome.end)  # also where it is permitted
    return next((kind for kind in PRIORITY if kind in kinds), None)
