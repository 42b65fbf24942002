"""What is told of a search that has ended: what was found with its schedules, the table of outcomes, what had no effect."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, assert_never

from scenario.engines.explore.model.budget import TimeIsUp
from scenario.engines.explore.model.values import Raised, Unexplored
from scenario.engines.explore.search.failures import Found
from scenario.engines.explore.search.schedules.stuck import can_block, shows_after
from scenario.engines.explore.search.search import Ended, Enough, Exhausted, Interrupted, Search, Spent, broken_off, go
from scenario.engines.explore.search.strategies.breadth_first import breadth_first
from scenario.engines.explore.search.told.vacuous import unreached, vacuous
from scenario.engines.explore.step.claims import answer, ask_blocked, claim_function
from scenario.engines.explore.step.context import Context
from scenario.results.exploration import Exploration, Finding, Row, Source, row_of
from scenario.results.failures import Error, Untrue
from scenario.results.notes import By, Hurried, NoOdds, Note, NotShortest
from scenario.results.undecided import NeedsClock, NotAll, Undecided

MOST_GONE_ON_WITH = 50_000
"""States of a search that has found a failure and goes on, for a deadlock that shows earlier."""


class Seen(NamedTuple):
    """What only all of the graph shows: which of the ways not to end are in it."""

    deadlock: bool
    livelock: bool
    reached: frozenset[int] = frozenset()
    """Which `reachable` claims hold in some state; asked only if all was looked at."""
    untrue: frozenset[Untrue] = frozenset()
    """Those that raise in one."""


def at_least(found: Exploration, known: Finding | None) -> Exploration:
    """What a search has found, with a failure that is known from elsewhere where it has not come to one."""
    if known is None or found.exhausted or found.findings:
        return found
    late = NotShortest("interrupted" if found.interrupted else "time")
    undecided = found.undecided if found.interrupted else ()
    return replace(found, findings=(known,), undecided=undecided, sources=(), notes=(*found.notes, late))


def with_endless(search: Search, ended: Ended) -> tuple[Ended, Seen]:
    """The search with what only all of its graph shows: how it has ended now, and whether a deadlock and a livelock were seen."""
    deadlock, livelock, reached, untrue = False, False, frozenset[int](), frozenset[Untrue]()
    if isinstance(ended, Exhausted):
        try:
            deadlock, livelock = _endless(search)
            reached, untrue = _reached(search)
        except Unexplored as reason:
            ended = broken_off(reason)
    ends = search.graph.ends.values()
    return ended, Seen(
        deadlock or bool(search.graph.stuck),
        livelock or any(judged.end == "livelock" for judged in ends),
        reached,
        untrue,
    )


def _endless(search: Search) -> tuple[bool, bool]:
    """Whether a deadlock and a livelock were seen where an exhausted search goes round. Raises TimeIsUp."""
    if search.is_acyclic:
        return False, False
    from scenario.engines.explore.search.schedules.forever import find_endless

    return find_endless(search, search.judge)


def summed(search: Search, ended: Ended, seen: Seen, *, odds: bool) -> Exploration:
    graph, stepper = search.graph, search.stepper
    exhausted = isinstance(ended, Exhausted)
    undecided = _undecided(search, ended)
    findings = _findings(search, ended)
    exploration = Exploration(
        exhausted=exhausted,
        states=len(graph.states),
        steps=graph.steps,
        seconds=time.monotonic() - search.budget.began,
        findings=findings,
        permitted=_told((search, found) for found in search.failures.permitted),
        rows=tuple(_rows(search)),
        sometimes=frozenset().union(*(judged.sometimes for judged in graph.ends.values())),
        reached=seen.reached,
        untrue=seen.untrue.union(*(judged.untrue for judged in graph.ends.values())),
        deadlock=seen.deadlock,
        livelock=seen.livelock,
        undecided=undecided,
        reductions=search.reduction.ways,
        interrupted=isinstance(ended, Interrupted),
        unreached=unreached(stepper) if exhausted else (),
        vacuous=tuple(vacuous(search)) if exhausted else (),
        covered=graph.seen.covered(),
        can_block=can_block(stepper.layout),
        sources=_sources(search) if undecided and not findings and _is_too_large(ended) else (),
        notes=_cut_short(search, findings),
    )
    return _with_odds(search, exploration) if odds and exhausted else exploration


def _sources(search: Search) -> tuple[Source, ...]:
    from scenario.engines.explore.search.told.sources import sources

    return sources(search)


def _undecided(search: Search, ended: Ended) -> tuple[Undecided, ...]:
    """Why nothing can be said of all executions, if nothing can."""
    match ended:
        case Exhausted():
            layout = search.stepper.layout
            asked = layout.program.claims.elapsed is not None and not layout.virtual
            return (NeedsClock("elapsed"),) if asked else ()
        case Enough():
            return ()
        case Spent(why):
            return (why,)
        case Interrupted():
            return (NotAll("interrupted"),)
        case _:
            assert_never(ended)


def _is_too_large(ended: Ended) -> bool:
    """Whether there was more of it than could be looked at."""
    return isinstance(ended, Interrupted) or (isinstance(ended, Spent) and ended.is_too_large)


def _cut_short(search: Search, findings: Sequence[Finding]) -> tuple[Note, ...]:
    """What is to be said of schedules when the time to look for better ones was up, where there may be better ones."""
    switches = any(move.preempts for found in findings for move in found.schedule.moves)
    by: By = "interrupted" if search.budget.is_closed() else "time"
    return (Hurried(by),) if switches and search.is_late() else ()


def _findings(search: Search, ended: Ended) -> tuple[Finding, ...]:
    """All that was found; where one is asked for, the one that shows after the fewest steps."""
    found = search.failures.found
    if not search.stop_at_first or not found:
        return _told((search, one) for one in found)
    candidates = [(search, one) for one in found]
    if isinstance(ended, Enough | Spent) and can_block(search.stepper.layout):
        candidates += _found_further_on(search)
    return _told([min(candidates, key=lambda pair: shows_after(*pair)) if len(candidates) > 1 else candidates[0]])


def _told(found: Iterable[tuple[Search, Found]]) -> tuple[Finding, ...]:
    """Each with its schedule."""
    pairs = list(found)
    if not pairs:
        return ()
    from scenario.engines.explore.search.schedules.findings import finding

    return tuple(finding(search, search.judge, one) for search, one in pairs)


def _found_further_on(search: Search) -> list[tuple[Search, Found]]:
    """Deadlocks that end later and whose threads are stuck earlier; as far as a search of twice the size sees."""
    size = len(search.graph.states)
    if size > MOST_GONE_ON_WITH:
        return []
    wider = search.wider(2 * size + 1_000)
    if isinstance(go(wider, breadth_first), Exhausted):
        with suppress(Unexplored):  # the time is up
            _endless(wider)
    return [(wider, found) for found in wider.failures.found if found.is_deadlock]


# --- rows ----------------------------------------------------------------------------------------------


def _rows(search: Search) -> list[Row]:
    """One row for each distinct way to end, shortest first."""
    first: dict[str, int] = {}
    for number, judged in search.graph.ends.items():
        first.setdefault(judged.key, number)
    return [row_of(search.graph.ends[number]) for number in first.values()]


def _with_odds(search: Search, exploration: Exploration) -> Exploration:
    """The rows and the bad executions with their exact odds."""
    from scenario.engines.explore.search.told.odds import odds as exact_odds

    members: dict[str, list[int]] = {}
    for number, judged in search.graph.ends.items():
        members.setdefault(judged.key, []).append(number)
    bad = [n for n, judged in search.graph.ends.items() if judged.bad]
    search.budget.go_on()
    try:
        total, counted = exact_odds(search, [*members.values(), bad])
    except TimeIsUp:
        return replace(exploration, notes=(*exploration.notes, NoOdds()))
    rows = tuple(
        replace(row, interleavings=o.interleavings, probability=o.probability, preemptions=o.preemptions)
        for row, o in zip(exploration.rows, counted, strict=False)
    )
    return replace(exploration, rows=rows, interleavings=total, bad=counted[-1], odds=True)


# --- reachable ---------------------------------------------------------------------------------------------


def _reached(search: Search) -> tuple[frozenset[int], frozenset[Untrue]]:
    """Which `reachable` claims hold in some state, and which raise in one. Raises TimeIsUp."""
    stepper, graph = search.stepper, search.graph
    claims = stepper.layout.program.claims.reachable
    functions = {i: claim_function(claim.expr) for i, claim in enumerate(claims)}
    places = graph.states if ask_blocked(claims) else [(number,) for number in graph.seen.shared_parts()]
    reached: set[int] = set()
    errors: dict[int, Error] = {}
    for place in places if functions else ():
        if len(reached) == len(functions):
            break
        search.hurry()
        w: Context = stepper.from_outside(place)
        for i, function in functions.items():
            said = None if i in reached else answer(claims[i], function, w)
            if said is True:
                reached.add(i)
            elif isinstance(said, Raised):
                errors.setdefault(i, Error(said.name, said.message))
    return frozenset(reached), frozenset(Untrue("reachable", i, error) for i, error in errors.items())
