"""How an execution ended, against what may be: `deadlock`, `livelock`, `timeout` and `elapsed`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenario.program.claims import Elapsed as Bounds
from scenario.program.program import Program, thread_ref
from scenario.results.failures import Deadlock, Elapsed, Failure, Livelock, NoDeadlock, TimedOut
from scenario.results.outcome import Outcome
from scenario.results.waiting import Blocked, Busy
from scenario.source import Span


def end_failures(program: Program, outcome: Outcome) -> Iterator[Failure]:
    """What `expect` does not allow of the way in which this execution ended."""
    claims = program.claims
    match outcome.end:
        case "deadlock":
            yield from _deadlock(program, outcome)
        case "livelock":
            if claims.livelock == "never":
                yield livelock_failure(outcome)
        case "timeout":
            yield Failure(TimedOut(program.timeout, outcome.blocked, outcome.busy), _place(program, outcome))
        case "finished":
            if claims.deadlock.mode == "always":
                yield Failure(NoDeadlock("this"), claims.deadlock.span)
            if claims.elapsed is not None and outcome.elapsed is not None:
                yield from elapsed_failures(claims.elapsed, outcome.elapsed)
        case _:  # interrupted: nothing can be asked of it
            return


def permitted_ends(program: Program, outcome: Outcome, failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """The deadlock or livelock that `expect` allows: no failure, but evidence."""
    if outcome.end in {failure.kind for failure in failures}:
        return ()
    match outcome.end:
        case "deadlock":
            return (deadlock_failure(program, outcome),)
        case "livelock":
            return (livelock_failure(outcome),)
        case _:
            return ()


def _deadlock(program: Program, outcome: Outcome) -> Iterator[Failure]:
    claim = program.claims.deadlock
    if claim.mode == "never":
        yield deadlock_failure(program, outcome)
    elif claim.threads is not None and claim.threads != (stuck := stuck_threads(program, outcome.blocked)):
        yield deadlock_failure(program, outcome, claim.threads, stuck)


def deadlock_failure(
    program: Program,
    outcome: Outcome,
    expected: frozenset[str] | None = None,
    found: frozenset[str] = frozenset(),
) -> Failure:
    """The deadlock as one failure, at the first stuck thread in file order."""
    fact = Deadlock(_in_file_order(program, outcome.blocked), expected, found)
    first = fact.blocked[0] if fact.blocked else None
    return Failure(fact, first.span if first else program.claims.at, first.thread if first else None)


def livelock_failure(outcome: Outcome) -> Failure:
    """The livelock as one failure, at the first thread that starves, or else at the first of its threads."""
    starving = tuple(one.thread for one in outcome.starving)
    fact = Livelock(outcome.cycle or tuple(one.thread for one in outcome.blocked), starving)
    first = next(iter((*outcome.starving, *outcome.blocked)), None)
    return Failure(fact, first.span, first.thread) if first else Failure(fact)


def stuck_threads(program: Program, blocked: tuple[Blocked, ...]) -> frozenset[str]:
    """The stuck threads that a file can name: members of groups that are no daemons, and an explicit main."""
    return frozenset(b.thread for b in blocked) & set(_order(program))


def _order(program: Program) -> dict[str, int]:
    refs = [thread_ref(g, i) for g in program.groups if not g.daemon for i in range(len(g.names))]
    if program.main is not None:
        refs.append("main")
    return {ref: number for number, ref in enumerate(refs)}


def _in_file_order(program: Program, blocked: tuple[Blocked, ...]) -> tuple[Blocked, ...]:
    order = _order(program)
    named = [b for b in blocked if b.thread in order]
    return tuple(sorted(named, key=lambda b: order[b.thread])) or tuple(b for b in blocked if not b.daemon)


def _place(program: Program, outcome: Outcome) -> Span:
    """Of the first thread that waits, or that is anywhere; a daemon has not kept the run from its end."""
    standing: tuple[Blocked | Busy, ...] = (*outcome.blocked, *outcome.busy)
    kept = (one.span for one in standing if one.thread in _order(program))
    return next(kept, standing[0].span if standing else program.claims.at)


def elapsed_failures(bounds: Bounds, took: float) -> Iterator[Failure]:
    """Of an execution that took so many seconds."""
    if bounds.at_least is not None and took < bounds.at_least:
        yield Failure(Elapsed(took, "at least", bounds.at_least), bounds.span)
    if bounds.at_most is not None and took > bounds.at_most:
        yield Failure(Elapsed(took, "at most", bounds.at_most), bounds.span)
