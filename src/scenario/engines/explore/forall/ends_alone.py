"""What is claimed of the ends, apart from what is claimed of the way: each may be shown by another means, of the same executions."""

from __future__ import annotations

from dataclasses import replace

from scenario.engines.explore.coverability.any_rounds import with_claims, without_asserts
from scenario.engines.explore.forall.closed import Beyond, ends_of
from scenario.engines.explore.forall.ends import Ends
from scenario.engines.explore.forall.meanwhile import Meanwhile
from scenario.engines.explore.forall.truths import Truths
from scenario.program.open import Open


def known_ends(of: Open) -> Ends | None:
    """What is left in the end of every execution, where all is so that is claimed of it, provided that nothing goes wrong `on_the_way`."""
    try:
        ends = ends_of(with_claims(without_asserts(of), replace(of.program.claims, always=())), is_sure=True)
    except Beyond:
        return None
    truths = Truths(ends)
    return ends if all(truths.hold(claim.expr) for claim in of.program.claims.final) else None


def on_the_way(of: Open, ends: Ends) -> Open:
    """What there is still to be shown: that nobody fails or is stuck, and claims that are not about the bounds of the sums."""
    meanwhile, claims = Meanwhile(ends), of.program.claims
    left = tuple(claim for claim in claims.always if not meanwhile.hold(claim.expr))
    unchecked = without_asserts(of, lambda one: meanwhile.hold(one.test))
    return with_claims(unchecked, replace(claims, final=(), always=left))
