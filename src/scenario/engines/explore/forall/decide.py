"""Each way in turn; what none of them reaches is outside for the reasons of all.

A way is a function of a program with params left open. It says Proved only if everything that is asked of the file (deadlocks,
livelocks, errors and asserts, too) holds for all values from the least on, and it has accounted for each of the program's
`uses`; Refuted only if it fails for those values and for none that are smaller in total.
"""

from __future__ import annotations

from collections.abc import Callable

from scenario.engines.explore.forall.by_counting import JudgeOf, by_counting
from scenario.engines.explore.forall.closed import by_closed_forms
from scenario.program.open import Open
from scenario.results.for_all import Answer, Outside, Reason

WAYS: tuple[Callable[[Open, JudgeOf, float], Answer], ...] = (
    lambda program, _, __: by_closed_forms(program),
    by_counting,
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
