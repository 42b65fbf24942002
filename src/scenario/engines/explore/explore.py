"""From a program to what a search over all its interleavings found."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from scenario.engines.explore.model.budget import Budget, TimeIsUp
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.search.breadth_first import Found, Graph, Judge, Progress, Search
from scenario.engines.explore.search.findings import finding
from scenario.engines.explore.search.forever import find_endless
from scenario.engines.explore.search.invisible import without_main
from scenario.engines.explore.search.odds import odds as exact_odds
from scenario.engines.explore.search.reduce import Symmetry, Unreduced, interchangeable
from scenario.engines.explore.search.sources import sources
from scenario.engines.explore.search.stuck import can_block, shows_after
from scenario.engines.explore.search.vacuous import unreached, vacuous
from scenario.engines.explore.step.claims import ask_blocked, claim_function, holds
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.layout import Layout, layout
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.stepper import Stepper
from scenario.program.ops import Assert, CallPython
from scenario.program.places import MUTATING
from scenario.program.program import ProcessPool, Program
from scenario.program.walk import walk_all
from scenario.program.whole import every_node
from scenario.results.exploration import Exploration, Finding, Row
from scenario.results.outcome import Judged, Outcome
from scenario.syntax import Method, Node, Now

MAX_STATES = 1_000_000
MAX_SECONDS = 60.0
HURRIED = "looking for shorter schedules took as long as there was time: there may be ones with fewer preemptions"
NO_ODDS = "the odds are left out: the time was up"
MAX_SEARCHED_AGAIN = 50_000
"""States of a search that has found a failure and is made once more, for a deadlock that shows earlier."""


def explore(
    program: Program,
    *,
    judge: Callable[[Program, Outcome], Judged],
    max_states: int = MAX_STATES,
    max_seconds: float = MAX_SECONDS,
    odds: bool = False,
    keep_going: bool = False,
    reduce: bool = True,
    progress: Progress | None = None,
) -> Exploration:
    """Searches all interleavings; never says exhausted of a file that has what is not explored."""
    reasons = unexplored(program)
    if reasons:
        return Exploration(exhausted=False, states=0, steps=0, seconds=0.0, undecided=reasons)

    def searched(program: Program, seconds: float) -> Exploration:
        return _searched(
            program,
            Budget(max_states, seconds),
            judge=judge,
            odds=odds,
            keep_going=keep_going,
            reduce=reduce,
            progress=progress,
        )

    default = without_main(program) if reduce and not odds else None
    if default is not None and interchangeable(layout(default)):
        found = searched(default, max_seconds)
        if not (found.findings or found.permitted):
            return found
        max_seconds = max(max_seconds - found.seconds, 0.0)
    return searched(program, max_seconds)


def _searched(
    program: Program,
    budget: Budget,
    *,
    judge: Callable[[Program, Outcome], Judged],
    odds: bool,
    keep_going: bool,
    reduce: bool,
    progress: Progress | None,
) -> Exploration:
    plan = layout(program)
    stepper = Memo(plan, budget) if reduce or odds else Stepper(plan, budget)
    claims = program.claims
    all_of_it = keep_going or odds or claims.fails is not None or claims.outcomes is not None

    def judged(result: Outcome) -> Judged:
        return judge(program, result)

    reduction = Symmetry(stepper) if reduce and not odds else Unreduced()
    search = Search(
        stepper, judged, reduction=reduction, max_states=budget.max_states, stop_at_first=not all_of_it, progress=progress
    )  # fmt: skip
    with _without_collections():
        try:
            search.run()
            ends = _endless(search, judged)
            budget.finish()
            return _summed(search, plan, judged, odds=odds, ends=ends)
        except KeyboardInterrupt:  # the second one is heeded at once
            search.reason, search.interrupted, search.exhausted = "interrupted", True, False
            budget.close()
            return _summed(search, plan, judged, odds=False, ends=_endless(search, judged))


@contextmanager
def _without_collections() -> Iterator[None]:
    """States hold no reference cycles: looking for some among millions of tuples would take a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def unexplored(program: Program) -> tuple[str, ...]:
    """What the file has that is not explored."""
    nodes = every_node(program)
    reasons = []
    if any(isinstance(kind, ProcessPool) for p in program.primitives for kind in p.elements):
        reasons.append("a process pool is not explored: `scenario run` runs it")
    if program.python or any(isinstance(n, CallPython) for n in nodes):
        reasons.append(
            "exploring can not see into your own code (`python:`): `scenario run --times 1000 --stress` runs it under many schedules"
        )
    virtual = program.explore is not None and program.explore.clock == "virtual"
    if not virtual and any(isinstance(n, Now) for n in nodes):
        reasons.append("now() needs the virtual clock (--clock virtual)")
    reasons += [
        f"an assert whose message changes something is not explored (line {n.span.line})"
        for n in nodes
        if _changes_in_words(n)
    ]
    return tuple(reasons)


def _changes_in_words(node: Node) -> bool:
    """A message belongs to the report, and is read without a step: what it changes would be lost."""
    inside = walk_all((node.message,)) if isinstance(node, Assert) else ()
    return any(isinstance(part, Method) and part.name in MUTATING for part in inside)


def _endless(search: Search, judged: Judge) -> tuple[bool, bool]:
    """Whether a deadlock and a livelock were seen."""
    if search.exhausted:
        try:
            return find_endless(search, judged)
        except Unexplored as reason:
            search.broken_off(reason)
    return bool(search.graph.stuck), any(j.end == "livelock" for j in search.graph.ends.values())


def _summed(search: Search, plan: Layout, judged: Judge, *, odds: bool, ends: tuple[bool, bool]) -> Exploration:
    graph, stepper, claims = search.graph, search.stepper, plan.program.claims
    undecided = () if search.exhausted or search.found else (search.reason or "",)
    if claims.elapsed is not None and not plan.virtual and search.exhausted:
        undecided = (*undecided, "elapsed needs the virtual clock (--clock virtual)")
    findings = _findings(search, judged)
    exploration = Exploration(
        exhausted=search.exhausted,
        states=len(graph.states),
        steps=graph.steps,
        seconds=time.monotonic() - search.budget.began,
        findings=findings,
        permitted=tuple(finding(search, judged, found) for found in search.permitted),
        rows=tuple(_rows(search)),
        sometimes=frozenset().union(*(judged.sometimes for judged in graph.ends.values())),
        reached=_reached(stepper, graph),
        deadlock=ends[0],
        livelock=ends[1],
        undecided=undecided,
        reductions=search.reduction.names,
        interrupted=search.interrupted,
        unreached=unreached(stepper) if search.exhausted else (),
        vacuous=tuple(vacuous(search)) if search.exhausted else (),
        covered=search.covered(),
        can_block=can_block(plan),
        sources=sources(search) if undecided and search.is_too_large and not search.exhausted else (),
        notes=_cut_short(search, findings),
    )
    return _with_odds(search, exploration) if odds and search.exhausted else exploration


def _cut_short(search: Search, findings: Sequence[Finding]) -> tuple[str, ...]:
    """What is to be said of schedules when the time to look for better ones was up."""
    return (HURRIED,) if findings and search.is_late() else ()


def _findings(search: Search, judged: Judge) -> tuple[Finding, ...]:
    """All that was found; where one is asked for, the one that shows after the fewest steps."""
    if not search.stop_at_first or not search.found:
        return tuple(finding(search, judged, found) for found in search.found)
    candidates = [(search, found) for found in search.found]
    if not search.exhausted and not search.interrupted and can_block(search.stepper.layout):
        candidates += _found_further_on(search, judged)
    first, found = min(candidates, key=lambda one: shows_after(*one)) if len(candidates) > 1 else candidates[0]
    return (finding(first, judged, found),)


def _found_further_on(search: Search, judged: Judge) -> list[tuple[Search, Found]]:
    """Deadlocks that end later and whose threads are stuck earlier; as far as a search of twice the size sees."""
    size = len(search.graph.states)
    if size > MAX_SEARCHED_AGAIN:
        return []
    wider = search.wider(2 * size + 1_000)
    wider.run()
    if wider.exhausted:
        with suppress(Unexplored):  # the time is up
            find_endless(wider, judged)
    return [(wider, found) for found in wider.found if found.is_deadlock]


# --- rows ----------------------------------------------------------------------------------------------


def _row_key(judged: Judged) -> str:
    return repr((judged.values, sorted(judged.varies), judged.label, judged.end))


def _rows(search: Search) -> list[Row]:
    """One row for each distinct way to end, shortest first."""
    first: dict[str, int] = {}
    for number, judged in search.graph.ends.items():
        first.setdefault(_row_key(judged), number)
    rows = []
    for number in first.values():
        judged = search.graph.ends[number]
        rows.append(Row(judged.values, judged.label, judged.because, judged.end, varies=judged.varies))
    return rows


def _with_odds(search: Search, exploration: Exploration) -> Exploration:
    """The rows and the bad executions with their exact odds."""
    members: dict[str, list[int]] = {}
    for number, judged in search.graph.ends.items():
        members.setdefault(_row_key(judged), []).append(number)
    bad = [n for n, judged in search.graph.ends.items() if judged.bad]
    search.budget.go_on()
    try:
        total, counted = exact_odds(search, [*members.values(), bad])
    except TimeIsUp:
        return replace(exploration, notes=(*exploration.notes, NO_ODDS))
    rows = tuple(
        replace(row, interleavings=o.interleavings, probability=o.probability, preemptions=o.preemptions)
        for row, o in zip(exploration.rows, counted, strict=False)
    )
    return replace(exploration, rows=rows, interleavings=total, bad=counted[-1], odds=True)


# --- reachable ---------------------------------------------------------------------------------------------


def _reached(stepper: Stepper, graph: Graph) -> frozenset[int]:
    """Which `reachable` claims hold in some state."""
    claims = stepper.layout.program.claims.reachable
    functions = {i: claim_function(claim.expr) for i, claim in enumerate(claims)}
    whole = ask_blocked(claims)
    reached: set[int] = set()
    seen: set[int] = set()
    for state in graph.states:
        if len(reached) == len(functions):
            break
        if state[0] in seen and not whole:
            continue
        seen.add(state[0])
        w: Context = stepper.from_outside(state)
        reached |= {i for i, function in functions.items() if i not in reached and holds(claims[i], function, w)}
    return frozenset(reached)
