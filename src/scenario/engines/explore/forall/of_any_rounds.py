"""A file as it stands, or for all numbers of rounds, proved by a program that goes round its loops as often as it likes: so by few states.

What holds of that program on the way, and that nobody is stuck in it, holds of the file, which does less. What is claimed of the end is
shown by closed forms, which leave out the checks on the way: these change nothing. Executions without end are none of the file's, whose form
says that they all end.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TypeVar

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore.coverability.any_rounds import abstracted, unread_sums, with_claims
from scenario.engines.explore.forall.counted import Counted, counted
from scenario.engines.explore.forall.ends import Ends
from scenario.engines.explore.forall.ends_alone import known_ends, on_the_way
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.reductions.amounts import Outside
from scenario.engines.explore.reductions.ending import always_ends, tells_when
from scenario.engines.explore.search.reduce import Symmetry
from scenario.engines.explore.search.search import Exhausted, JudgeOf, Search, go, in_time
from scenario.engines.explore.search.strategies.breadth_first import breadth_first
from scenario.engines.explore.search.summary import Seen, summed
from scenario.engines.explore.step.memo import Memo
from scenario.engines.explore.step.numbering import layout
from scenario.program.claims import Claims
from scenario.program.open import Open
from scenario.program.program import Program
from scenario.program.walk import map_children
from scenario.record import record
from scenario.results.exploration import Exploration, Row, row_of
from scenario.results.outcome import Outcome
from scenario.results.ways import AnyRounds, Way
from scenario.syntax import Const, Node, Shared

N = TypeVar("N", bound=Node)


@record
class Shown:
    """What was found of the program that does more, without what is `left_out`, and what is left in the end of the file, where that is known."""

    found: Exploration
    ends: Ends | None
    left_out: frozenset[str]

    @property
    def ways(self) -> tuple[Way, ...]:
        return (*self.found.reductions, AnyRounds(), *(() if self.ends is None else self.ends.ways))


def proved_of_any_rounds(program: Program, judge: JudgeOf, budget: Budget) -> Exploration | None:
    """What there is to say of the whole where it holds by that; None where it does not show."""
    shown = shown_of_any_rounds(Open(program, {}), judge, budget)
    rows = None if shown is None else _rows(program, shown, judge)
    return None if shown is None or rows is None else replace(shown.found, rows=rows, reductions=shown.ways)


def shown_of_any_rounds(of: Open, judge: JudgeOf, budget: Budget) -> Shown | None:
    """Of all values of the params that are left open, if these say how often loops go round, and nothing else."""
    program = of.program
    if program.runtime != "threading" or not _claims_no_more(program.claims):
        return None
    if tells_when(program) or not always_ends(program):
        return None
    ends = known_ends(of)
    left = _without_totals(of) if ends is None else on_the_way(of, ends)
    more, left_out = abstracted(left), unread_sums(left.program)
    if more is None or more.uses:
        return None
    try:
        found = _searched(more.program, judge, budget, None if of.least else counted(program, left_out))
    except (InvalidScenario, Unexplored):  # out of bounds where the file may not come
        return None
    return None if found is None else Shown(_as_asked(found, program.claims, left.program.claims), ends, left_out)


def _as_asked(found: Exploration, asked: Claims, left: Claims) -> Exploration:
    """Without what is said of claims in which numbers stand that were variables: these may change."""
    others = {claim.span for claim in left.final if claim not in asked.final}
    return replace(found, vacuous=tuple(one for one in found.vacuous if one.span not in others))


def _without_totals(of: Open) -> Open:
    """The program of whose ends nothing is asked that is known by counting how often its loops go round."""
    counts = None if of.least else counted(of.program)
    totals = {} if counts is None else counts.totals()

    def written(node: Node) -> Node:
        if isinstance(node, Shared) and node.name in totals:
            return Const(totals[node.name], span=node.span)
        return map_children(node, written)

    claims = of.program.claims
    return with_claims(of, replace(claims, final=tuple(map_children(claim, written) for claim in claims.final)))


def _claims_no_more(claims: Claims) -> bool:
    """Than what is true in all states, or of all ends: an execution that is asked for may be one of those that are none of the file's."""
    nothing = Claims(at=claims.at, fails_at=claims.fails_at)
    return replace(nothing, final=claims.final, always=claims.always) == claims


def _searched(program: Program, judge: JudgeOf, budget: Budget, counts: Counted | None) -> Exploration | None:
    """What is found of all of it; None where something fails, or there is no time for it."""
    endless = replace(program, claims=replace(program.claims, livelock="possible"))
    stepper = Memo(layout(endless, budget.look), budget)
    search = Search(
        stepper, in_time(partial(judge, endless), budget), reduction=Symmetry(stepper), max_states=budget.max_states,
        stop_at_first=True, progress=None, is_end=_any if counts is None else counts.is_possible,
    )  # fmt: skip
    ended = go(search, breadth_first)
    if not isinstance(ended, Exhausted) or search.failures.found or search.failures.permitted:
        return None
    return summed(search, ended, Seen(deadlock=False, livelock=False), odds=False)


def _any(_: Outcome) -> bool:
    return True


def _rows(program: Program, shown: Shown, judge: JudgeOf) -> tuple[Row, ...] | None:
    """The table of the whole: the one end that it has, or nothing where some of those that were found may be none of its ends."""
    if shown.ends is None:
        rows = shown.found.rows
        return rows if len(rows) == 1 and not shown.left_out else ()
    try:
        judged = judge(program, Outcome("finished", shown.ends.shared({})))
    except Outside:
        return None
    return None if judged.bad else (row_of(judged),)
