"""From judged executions to a verdict: what is expected of a bug that a file shows, and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from scenario.judge.givers import givers
from scenario.kinds import FailureKind
from scenario.program.claims import Claims
from scenario.program.program import Program
from scenario.record import record
from scenario.results.exploration import Exploration, Finding
from scenario.results.failures import Error, Failure, NeverTrue, NoDeadlock, NoLivelock, NotShown, Untrue
from scenario.results.outcome import Judged, Outcome
from scenario.results.result import Evidence, Seen, Verdict
from scenario.results.undecided import NotAll
from scenario.results.waiting import Giver


@record
class Run:
    """One run of many: what came of it, under which seed."""

    outcome: Outcome
    judged: Judged
    seed: int


def run_verdict(program: Program, outcome: Outcome, judged: Judged, seed: int) -> Verdict:
    """Of a single run."""
    return runs_verdict(program, [Run(outcome, judged, seed)])


def runs_verdict(program: Program, runs: Sequence[Run], asked: int = 1) -> Verdict:
    """Of one or more runs, as many as were asked for: an expected kind may be missing, an unexpected one fails. The first witness stands."""
    evidence: dict[object, Evidence] = {}
    for run in runs:
        for one in _evidence(program, run):
            failure = one.failure
            evidence.setdefault((failure.kind, failure.span, failure.thread), one)
    found = _ranked(evidence.values())
    if any(not e.expected for e in found):
        return Verdict("fails", found, tuple(_seen(program.claims, runs)))
    interrupted = any(run.outcome.end == "interrupted" for run in runs) or len(runs) < asked
    if interrupted:
        return Verdict("undecided", found, tuple(_seen(program.claims, runs)), why=(NotAll("interrupted"),))
    return Verdict("holds", found, tuple(_seen(program.claims, runs)))


def _evidence(program: Program, run: Run) -> Iterator[Evidence]:
    outcome, fails = run.outcome, program.claims.fails or ()
    for failure in run.judged.failures:
        yield _evident(program, failure, outcome, run.seed, expected=failure.kind in fails)
    for failure in run.judged.permitted:
        yield _evident(program, failure, outcome, run.seed, expected=True)


def _evident(program: Program, failure: Failure, outcome: Outcome, seed: int, *, expected: bool) -> Evidence:
    waits = failure.kind in ("deadlock", "livelock", "timeout")
    error = outcome.errors.get(failure.thread or "") if failure.kind == "error" else None
    return Evidence(
        failure,
        expected,
        blocked=(outcome.starving or outcome.blocked) if waits else (),
        going=outcome.going if waits else (),
        givers=_givers(program, outcome) if waits else (),
        traceback=error.traceback if error else None,
        seed=seed,
    )


def _givers(program: Program, outcome: Outcome) -> tuple[Giver, ...]:
    going = [one.thread for one in outcome.going]
    return tuple(givers(program, outcome.blocked, outcome.errors, outcome.over, going))


def _seen(claims: Claims, runs: Sequence[Run]) -> Iterator[Seen]:
    sometimes = frozenset().union(*(run.judged.sometimes for run in runs))
    reached = frozenset().union(*(run.outcome.reached for run in runs))
    errors = _errors(one for run in runs for one in (*run.judged.untrue, *run.outcome.untrue))
    for kind, stated, seen in (("sometimes", claims.sometimes, sometimes), ("reachable", claims.reachable, reached)):
        for i, claim in enumerate(stated):
            yield Seen(kind, claim.text, i in seen, claim.span, None if i in seen else errors.get((kind, i)))
    ends = {run.outcome.end for run in runs}
    if claims.deadlock.mode == "possible":
        yield Seen("deadlock", "possible", "deadlock" in ends, claims.deadlock.span)
    kinds = {failure.kind for run in runs for failure in run.judged.failures}
    for kind in claims.fails or ():
        yield Seen("fails", kind, kind in kinds, claims.fails_at)


def exploration_verdict(program: Program, exploration: Exploration) -> Verdict:
    """Of an exploration: what must be reachable is asked only of one that covered everything."""
    claims = program.claims
    fails = claims.fails or ()
    found = [_found(program, finding, expected=finding.failure.kind in fails) for finding in exploration.findings]
    if exploration.exhausted and not exploration.deadlock:
        found = [_never_deadlocked(one) for one in found]
    found += [_found(program, finding, expected=True) for finding in exploration.permitted]
    complete = exploration.exhausted and not exploration.undecided
    if complete:
        found += [Evidence(failure, failure.kind in fails) for failure in _missing(claims, exploration)]
        kinds = {e.failure.kind for e in found}
        found += [Evidence(failure) for failure in _not_shown(claims, kinds)]
    ranked = _ranked(found)
    if any(not e.expected for e in ranked):
        return Verdict("fails", ranked)
    if complete:
        return Verdict("holds", ranked)
    return Verdict("undecided", ranked, why=exploration.undecided or (NotAll("ended early"),))


def _found(program: Program, finding: Finding, *, expected: bool) -> Evidence:
    going, is_stuck = frozenset(one.thread for one in finding.going), finding.failure.kind == "deadlock"
    return Evidence(
        finding.failure,
        expected,
        finding.schedule,
        finding.blocked,
        finding.going,
        tuple(givers(program, finding.blocked, finding.errors, finding.over, going)) if is_stuck else (),
        finding.shared,
        traceback=_traceback(finding),
        code=finding.code,
    )


def _traceback(finding: Finding) -> str | None:
    """Of an exception that the user's own code raised."""
    error = finding.errors.get(finding.failure.thread or "") if finding.failure.kind == "error" else None
    return None if error is None else error.traceback


def _never_deadlocked(evidence: Evidence) -> Evidence:
    """A deadlock that was expected in every interleaving is in none."""
    failure = evidence.failure
    if failure.kind != "deadlock":
        return evidence
    return replace(evidence, failure=replace(failure, fact=NoDeadlock("every")))


def _missing(claims: Claims, exploration: Exploration) -> Iterator[Failure]:
    """What some interleaving should have shown, and none did."""
    errors = _errors(exploration.untrue)
    for i, claim in enumerate(claims.sometimes):
        if i not in exploration.sometimes:
            yield Failure(NeverTrue("sometimes", claim.text, errors.get(("sometimes", i))), claim.span)
    for i, claim in enumerate(claims.reachable):
        if i not in exploration.reached:
            yield Failure(NeverTrue("reachable", claim.text, errors.get(("reachable", i))), claim.span)
    if claims.deadlock.mode == "possible" and not exploration.deadlock:
        yield Failure(NoDeadlock("some"), claims.deadlock.span)
    if claims.livelock == "possible" and not exploration.livelock:
        yield Failure(NoLivelock(), claims.at)


def _errors(untrue: Iterable[Untrue]) -> dict[tuple[str, int], Error]:
    """By claim what it raised somewhere: the same whatever was looked at first."""
    ordered = sorted(untrue, key=lambda one: (one.error.name, one.error.message), reverse=True)
    return {(one.kind, one.number): one.error for one in ordered}


def _not_shown(claims: Claims, kinds: set[FailureKind]) -> Iterator[Failure]:
    for kind in claims.fails or ():
        if kind not in kinds:
            yield Failure(NotShown(kind), claims.fails_at)


def _ranked(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda e: e.expected))
