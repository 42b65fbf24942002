"""What a run finds wrong on its way, and which claims it has reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from scenario.program.bounded.limits import Refused
from scenario.program.evaluate import Raised, tried
from scenario.real.emit.module import Module
from scenario.real.endable import Abandoned
from scenario.real.footprint import Check
from scenario.real.values import error_of
from scenario.results.failures import AlwaysFalse, AssertFalse, Error, Failure, NotRaised, Untrue


class Actor(Protocol):
    """A thread, as far as a finding speaks of it."""

    @property
    def ref(self) -> str: ...


class Findings:
    """`claims` are the functions of `always` and `reachable` by (kind, number); nothing is found when the run is over."""

    def __init__(self, module: Module, is_over: Callable[[], bool]) -> None:
        self.failures: dict[tuple[str, int, str | None], Failure] = {}
        self.reached: set[int] = set()
        self.untrue: dict[int, Untrue] = {}
        self.claims: dict[tuple[str, int], Callable[[], object]] = {}
        self._module = module
        self._is_over = is_over

    def fail(self, fact: AssertFalse | NotRaised, line: int, me: Actor) -> None:
        """A failure on the way; one a place and thread is enough."""
        if not self._is_over():
            self.failures.setdefault((fact.kind, line, me.ref), Failure(fact, self._module.steps[line], me.ref))

    def assert_failed(self, me: Actor, line: int, test: str, message: str | None) -> None:
        self.fail(AssertFalse(test, message), line, me)

    def not_raised(self, me: Actor, line: int, exception: str) -> None:
        self.fail(NotRaised(exception), line, me)

    def raised_other(self, me: Actor, line: int, exception: str, error: BaseException) -> None:
        if not isinstance(error, Abandoned | Refused):
            self.fail(NotRaised(exception, error_of(error)), line, me)

    def check(self, check: Check, me: Actor | None, line: int) -> None:
        """One claim of `always` or `reachable`, in the state after a step."""
        key = (check.kind, check.number)
        if check.kind == "always":
            self._always(check.number, self._truth(key), me, line)
        elif check.number not in self.reached:
            truth = self._truth(key)
            if truth is True:
                self.reached.add(check.number)
            elif isinstance(truth, Error):
                self.untrue.setdefault(check.number, Untrue("reachable", check.number, truth))

    def _always(self, number: int, truth: bool | Error, me: Actor | None, line: int) -> None:
        if truth is True or self._is_over():
            return
        claim = self._module.program.claims.always[number]
        fact = AlwaysFalse(
            claim.text, self._module.steps[line].line if line else "start", None if truth is False else truth
        )
        failure = Failure(fact, claim.span, me.ref if me is not None else None)
        self.failures.setdefault(("always", -1 - number, None), failure)

    def _truth(self, key: tuple[str, int]) -> bool | Error:
        """Whether the claim holds; what it raises makes it false."""
        try:
            answer = tried(lambda: bool(self.claims[key]()))
        except Refused as refused:
            kind, number = key
            claims = self._module.program.claims
            raise refused.at((claims.always if kind == "always" else claims.reachable)[number].span) from None
        return error_of(answer.error) if isinstance(answer, Raised) else answer
