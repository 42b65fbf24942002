"""Claims over shared state, evaluated in a context: `always` and `reachable`."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.explore.model.code import Function
from scenario.engines.explore.model.parts import SharedPart, ThreadPart, ordered
from scenario.engines.explore.model.raising import attempt
from scenario.engines.explore.model.source import PATIENCE, Spelling, function_of
from scenario.engines.explore.model.values import Raised
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.layout import NOBODY, Layout
from scenario.program.claims import Claim
from scenario.program.program import Program
from scenario.program.pycode import expression
from scenario.program.walk import walk
from scenario.program.whole import named
from scenario.results.failures import AlwaysFalse, Failure
from scenario.syntax import Expr, Query


class _NoSlots:
    """Claims over shared state have no locals of a thread."""

    params: tuple[str, ...] = ()

    def slot(self, name: str) -> int:
        raise TypeError(f"a claim over shared state has no local {name!r}")


_SPELLING = Spelling(_NoSlots())


def claim_function(expr: Expr) -> Function:
    """A function of a context (and of no locals)."""
    return function_of(expression(expr, _SPELLING))


def holds(claim: Claim, function: Function, w: Context) -> bool:
    """Whether a claim is true; one that raises is false."""
    return answer(claim, function, w) is True


def answer(claim: Claim, function: Function, w: Context) -> bool | Raised:
    """What a claim says, or raises."""
    return attempt(claim.span, lambda: bool(function(w, [])))


def ask_blocked(claims: Sequence[Claim]) -> bool:
    """Whether a claim asks which threads are blocked, so that it depends on the whole state."""
    return any(isinstance(node, Query) and node.attribute == "blocked" for claim in claims for node in walk(claim.expr))


class Always:
    """The `always` claims of a program."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        claims = layout.program.claims.always
        self.claims = [(claim, claim_function(claim.expr), _broken(layout.program, claim)) for claim in claims]
        self.ask_blocked = ask_blocked(claims)

    def checked(self, shared: SharedPart, w: Context | None = None) -> SharedPart:
        """The shared part with the claims that are false here among its failed checks.

        Claims that ask who is blocked are looked at only with a context `w` of the whole state.
        """
        if not self.claims or (self.ask_blocked and w is None):
            return shared
        w = w or Context(self.layout, shared, ThreadPart(()), NOBODY)
        known = shared.failed
        found = [
            failure
            for claim, function, failure in self.claims
            if failure not in known and not self._holds(claim, function, w)
        ]
        return shared._replace(failed=ordered({*known, *found})) if found else shared

    def _holds(self, claim: Claim, function: Function, w: Context) -> bool:
        """Claims may be many, and each much work."""
        PATIENCE.look()
        return holds(claim, function, w)


def _broken(program: Program, claim: Claim) -> Failure:
    return Failure(AlwaysFalse(claim.text), claim.span, about=named(program, [claim]))
