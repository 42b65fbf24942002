"""What a run finds wrong on its way, and which claims it has reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario.engines.threads.actors import Abandoned, Actor
from scenario.engines.threads.emit.module import Module
from scenario.engines.threads.footprint import Check
from scenario.engines.threads.live.clock import Clock
from scenario.engines.threads.values import text_of
from scenario.kinds import FailureKind
from scenario.program.bounded.limits import Refused
from scenario.results.outcome import Failure


class Findings:
    """`claims` are the functions of `always` and `reachable` by (kind, number); nothing is found when the run is over."""

    def __init__(self, module: Module, clock: Clock) -> None:
        self.failures: dict[tuple[str, int, str | None], Failure] = {}
        self.reached: set[int] = set()
        self.claims: dict[tuple[str, int], Callable[[], Any]] = {}
        self._module = module
        self._clock = clock

    def fail(self, kind: FailureKind, line: int, message: str, me: Actor | None) -> None:
        """A failure on the way; one a place and thread is enough."""
        if not self._clock.over:
            ref = me.ref if me is not None else None
            failure = Failure(kind, message, self._module.steps[line], ref)
            self.failures.setdefault((kind, line, ref), failure)

    def assert_failed(self, me: Actor, line: int, message: str) -> None:
        self.fail("assert", line, message, me)

    def not_raised(self, me: Actor, line: int, exception: str) -> None:
        self.fail("raises", line, f"{exception} was expected, and nothing was raised", me)

    def raised_other(self, me: Actor, line: int, exception: str, error: BaseException) -> None:
        if not isinstance(error, Abandoned | Refused):
            got = f"{type(error).__name__}: {text_of(error)}".removesuffix(": ")
            self.fail("raises", line, f"{exception} was expected, and {got} was raised", me)

    def check(self, check: Check, me: Actor | None, line: int) -> None:
        """One claim of `always` or `reachable`, in the state after a step."""
        key = (check.kind, check.number)
        if check.kind == "always":
            self._always(check.number, self._problem(key), me, line)
        elif check.number not in self.reached and self._problem(key) is None:
            self.reached.add(check.number)

    def _always(self, number: int, problem: str | None, me: Actor | None, line: int) -> None:
        if problem is None or self._clock.over:
            return
        claim = self._module.program.claims.always[number]
        when = f"after the step at line {self._module.steps[line].line}" if line else "at the start"
        ref = me.ref if me is not None else None
        failure = Failure("always", f"{claim.text}{problem} {when}", claim.span, ref)
        self.failures.setdefault(("always", -1 - number, None), failure)

    def _problem(self, key: tuple[str, int]) -> str | None:
        """None if the claim holds, else what to say of it."""
        try:
            return None if self.claims[key]() else " is false"
        except Refused as refused:
            kind, number = key
            claims = self._module.program.claims
            refused.span = (claims.always if kind == "always" else claims.reachable)[number].span
            raise
        except Exception as error:  # noqa: BLE001 (an expectation that raises is false and says so)
            return f" raises {type(error).__name__}: {text_of(error)}"
