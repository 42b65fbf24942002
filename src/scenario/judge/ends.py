"""How an execution ended, against what may be: `deadlock`, `livelock`, `timeout` and `elapsed`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenario.program.claims import Claims
from scenario.program.program import Program, thread_ref
from scenario.results.outcome import Failure, Outcome
from scenario.results.waiting import Blocked, waiting
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
            waiting = f"; {_waits(outcome.blocked)}" if outcome.blocked else ""
            yield Failure("timeout", f"not over after {program.timeout:g} s{waiting}", _place(outcome, claims))
        case "finished":
            if claims.deadlock.mode == "always":
                yield Failure("deadlock", "expected a deadlock, but every thread ended", claims.deadlock.span)
            yield from _elapsed(claims, outcome)
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
        expected, found = _listed(claim.threads), _listed(stuck)
        failure = deadlock_failure(program, outcome)
        message = f"{failure.message} (stuck: {found}; expected: {expected})"
        yield Failure("deadlock", message, failure.span, failure.thread)


def deadlock_failure(program: Program, outcome: Outcome) -> Failure:
    """The deadlock as one failure, at the first stuck thread in file order."""
    stuck = _in_file_order(program, outcome.blocked)
    first = stuck[0] if stuck else None
    message = _waits(stuck) if stuck else "some thread can never move again"
    return Failure("deadlock", message, first.span if first else program.claims.at, first.thread if first else None)


def livelock_failure(outcome: Outcome) -> Failure:
    """The livelock as one failure, at the first of its threads."""
    threads = ", ".join(outcome.cycle or (one.thread for one in outcome.blocked))
    message = f"an execution goes on for ever{f': {threads}' if threads else ''}"
    first = outcome.blocked[0] if outcome.blocked else None
    return Failure("livelock", message, *((first.span, first.thread) if first else ()))


def stuck_threads(program: Program, blocked: tuple[Blocked, ...]) -> frozenset[str]:
    """The stuck threads that a file can name: members of groups that are no daemons, and an explicit main."""
    return frozenset(b.thread for b in blocked) & set(_order(program))


def _order(program: Program) -> dict[str, int]:
    refs = [thread_ref(g, i) for g in program.groups if not g.daemon for i in range(len(g.names))]
    if program.main is not None:
        refs.append("main")
    return {ref: number for number, ref in enumerate(refs)}


def _in_file_order(program: Program, blocked: tuple[Blocked, ...]) -> list[Blocked]:
    order = _order(program)
    named = [b for b in blocked if b.thread in order]
    return sorted(named, key=lambda b: order[b.thread]) or list(blocked)


def _waits(blocked: tuple[Blocked, ...] | list[Blocked]) -> str:
    more = len(blocked) - 4
    return waiting(blocked[:4]) + (f", and {more} more wait" if more > 0 else "")


def _listed(threads: frozenset[str]) -> str:
    return ", ".join(sorted(threads)) or "none"


def _place(outcome: Outcome, claims: Claims) -> Span:
    return outcome.blocked[0].span if outcome.blocked else claims.at


def _elapsed(claims: Claims, outcome: Outcome) -> Iterator[Failure]:
    bounds, took = claims.elapsed, outcome.elapsed
    if bounds is None or took is None:
        return
    if bounds.at_least is not None and took < bounds.at_least:
        yield Failure("elapsed", f"took {took:.6g} s, expected at least {bounds.at_least:g} s", bounds.span)
    if bounds.at_most is not None and took > bounds.at_most:
        yield Failure("elapsed", f"took {took:.6g} s, expected at most {bounds.at_most:g} s", bounds.span)
