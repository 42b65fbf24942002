"""Each way in turn; what none of them reaches is outside for the reasons of all.

A way is a function of a program with params left open. It says Proved only if everything that is asked of the file (deadlocks,
livelocks, errors and asserts, too) holds for all values from the least on, and it has accounted for each of the program's
`uses`; Refuted only if it fails for those values and for none that are smaller in total.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scenario.engines.explore.coverability.any_rounds import asserts, with_claims, without_asserts
from scenario.engines.explore.forall.by_counting import JudgeOf, by_counting
from scenario.engines.explore.forall.closed import by_closed_forms
from scenario.program.open import Open
from scenario.results.for_all import Answer, Outside, Proved, Reason


def _by_both(program: Open, judge: JudgeOf, seconds: float) -> Answer:
    """What is claimed of the ends by closed forms, what is claimed of the way by counting threads; both take executions to be the same."""
    claims = program.program.claims
    if not claims.final or not (claims.always or asserts(program.program)):
        return Outside(())
    ends = by_closed_forms(with_claims(without_asserts(program), replace(claims, always=())))
    way = (
        by_counting(with_claims(program, replace(claims, final=())), judge, seconds)
        if isinstance(ends, Proved)
        else ends
    )
    return Proved((*ends.ways, *way.ways)) if isinstance(ends, Proved) and isinstance(way, Proved) else Outside(())


WAYS: tuple[Callable[[Open, JudgeOf, float], Answer], ...] = (
    lambda program, _, __: by_closed_forms(program),
    by_counting,
    _by_both,
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
