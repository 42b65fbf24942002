"""Each way in turn; what none of them reaches is outside for the reasons of all.

A way is a function of a program with params left open. It says Proved only if everything that is asked of the file (deadlocks,
livelocks, errors and asserts, too) holds for all values from the least on, and it has accounted for each of the program's
`uses`; Refuted only if it fails for those values and for none that are smaller in total.
"""

from __future__ import annotations

from collections.abc import Callable

from scenario.engines.explore.forall.by_counting import SECONDS, by_counting
from scenario.engines.explore.forall.closed import by_closed_forms
from scenario.engines.explore.forall.ends_alone import known_ends, on_the_way
from scenario.engines.explore.forall.of_any_rounds import shown_of_any_rounds
from scenario.engines.explore.model.budget import Budget
from scenario.engines.explore.search.search import JudgeOf
from scenario.program.open import Open
from scenario.results.for_all import Answer, Outside, Proved, Reason


def _by_both(program: Open, judge: JudgeOf, seconds: float) -> Answer:
    """What is claimed of the ends by closed forms, what is claimed of the way by counting threads."""
    ends = known_ends(program)
    way = Outside(()) if ends is None else by_counting(on_the_way(program, ends), judge, seconds)
    return Proved((*ends.ways, *way.ways)) if ends is not None and isinstance(way, Proved) else Outside(())


def _by_rounds(program: Open, judge: JudgeOf, seconds: float) -> Answer:
    """Where params say how often loops go round, and nothing else: the threads are those that there are."""
    shown = shown_of_any_rounds(program, judge, Budget(max_seconds=min(SECONDS, seconds / 2)))
    return Outside(()) if shown is None else Proved(shown.ways)


WAYS: tuple[Callable[[Open, JudgeOf, float], Answer], ...] = (
    lambda program, _, __: by_closed_forms(program),
    by_counting,
    _by_both,
    _by_rounds,
)
"""From the one that answers soonest."""


def decide(program: Open, judge: JudgeOf, seconds: float) -> Answer:
    """Of all values from the least on; no way takes longer than that."""
    reasons: list[Reason] = []
    for way in WAYS:
        answer = way(program, judge, seconds)
        if not isinstance(answer, Outside):
            return answer
        reasons += answer.reasons
    return Outside(tuple(dict.fromkeys(reasons)))
