"""Where params say how many threads there are and nothing else: how many are where is all that counts (`coverability`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from scenario.diagnostics import InvalidScenario
from scenario.engines.explore.coverability.any_rounds import abstracted
from scenario.engines.explore.coverability.deciding import Deciding
from scenario.engines.explore.coverability.outside import by_itself, reasons_against
from scenario.engines.explore.coverability.system import Uncounted
from scenario.engines.explore.forall.least import of_total
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.model.values import Unexplored
from scenario.engines.explore.reductions.ending import who_ends
from scenario.engines.explore.search.search import JudgeOf
from scenario.engines.explore.step.numbering import layout
from scenario.program.open import Open, value_at
from scenario.results.for_all import Answer, Beyond, Outside, Proved, Reason, Refuted
from scenario.results.ways import AnyRounds, Counting
from scenario.source import START

SECONDS = 3.0
"""The most that counting takes, in a proof for all and for one value after the other."""

BEYOND = 6
"""So much above the least values, in total, a failure is looked for where none is known to be."""


def by_counting(program: Open, judge: JudgeOf, seconds: float) -> Answer:
    """Of all values from the least on: more threads can do all that fewer can; and with any number of rounds they do more still."""
    answer = _exactly(program, judge, seconds)
    if isinstance(answer, Outside) and not program.program.claims.reachable:
        more = abstracted(program)
        if more is not None and _holds(more, who_ends(program.program), judge, seconds):
            return Proved((Counting(), AnyRounds()))
    return answer


def _holds(program: Open, bounded: frozenset[str], judge: JudgeOf, seconds: float) -> bool:
    """Whether all is shown of each number of threads, some of which take so many steps at most."""
    deciding = counted(program, judge, Budget(max_seconds=min(SECONDS, seconds / 2)), bounded)
    try:
        return not isinstance(deciding, Outside) and deciding.unproved() is None
    except (InvalidScenario, Uncounted, Unexplored):
        return False


def _exactly(program: Open, judge: JudgeOf, seconds: float) -> Answer:
    deciding = counted(program, judge, Budget(max_seconds=min(SECONDS, seconds / 2)))
    if isinstance(deciding, Outside):
        return deciding
    try:
        unproved = deciding.unproved()
        for values, sizes in _instances(program, unproved):
            fails = deciding.fails(sizes)
            if fails:
                return Refuted(values)
            if fails is None:
                break
            if unproved is None:
                return Proved((Counting(),))
    except InvalidScenario as invalid:  # past a bound of values, with threads enough
        return Outside(tuple(Reason("invalid", one.span, one.message) for one in invalid.diagnostics[:1]))
    except Uncounted as step:
        return Outside((Reason("step", step.span),))
    except Unexplored as reason:
        return Outside((Reason("size", why=reason.why),))
    return Outside((Reason(unproved or "endless"),))


def counted(program: Open, judge: JudgeOf, budget: Budget, bounded: frozenset[str] | None = None) -> Deciding | Outside:
    """Who decides about it; or why it is not about numbers of threads. `bounded`: see there; None: as the file tells."""
    alone = by_itself(program.program)
    if alone is None:
        return Outside((Reason("life", next((op.span for op in program.program.main or ()), START)),))
    made = layout(alone)
    reasons = tuple(reasons_against(program, made))
    return (
        Outside(reasons)
        if reasons
        else Deciding(
            made, program.counts, who_ends(alone) if bounded is None else bounded, partial(judge, alone), budget
        )
    )


def _instances(program: Open, unproved: Beyond | None) -> Iterator[tuple[Mapping[str, int], Mapping[str, int]]]:
    """Values, the least first, and the sizes of groups there: what may show in some state does so with enough threads."""
    total = 0
    while unproved == "state" or total <= BEYOND:
        for values in of_total(program.least, total):
            yield values, {group: _size(program, group, values) for group in program.counts}
        total += 1


def _size(program: Open, group: str, values: Mapping[str, int]) -> int:
    size = value_at(program.counts[group], values)
    assert isinstance(size, int), "a sum or product of integers"
    return size
