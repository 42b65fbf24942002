"""Step code on real threads that are held: a gate of the stage before each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from scenario.engines.threads.controlled.facts import Fact, its_condition, its_turn, sleeping
from scenario.engines.threads.controlled.player import Player, always, never
from scenario.engines.threads.controlled.stage import Stage
from scenario.interpreter.interpreter import Interpreter as Base
from scenario.program.bounded.limits import Refused
from scenario.real.endable import Abandoned
from scenario.results.script import Cue
from scenario.source import START, Span
from scenario.steps.code import Code, Operate
from scenario.syntax import Expr

Perform: TypeAlias = "Callable[[Interpreter, Operate], object]"


class Interpreter(Base):
    """`do` does one operation (`operations.perform`; given in, so that the families of operations need not know it).

    `is_inside`: it runs in the middle of an operation, or interrupts: nothing comes in the middle of it.
    """

    over = (Abandoned, Refused)

    def __init__(
        self,
        stage: Stage,
        code: Code,
        do: Perform,
        own: Player | None = None,
        args: Sequence[object] = (),
        span: Span = START,
        *,
        is_inside: bool = False,
    ) -> None:
        super().__init__(stage, code, own, args, span)
        self.stage: Stage = stage
        self._do = do
        self._is_inside = is_inside

    @property
    def me(self) -> Player:
        return self.stage.current()

    def gate(
        self,
        wait: Fact = its_turn,
        ready: Callable[[], bool] = always,
        *,
        counts: bool = True,
        timed: bool = False,
        limited: bool = False,
    ) -> Cue:
        return self.stage.gate(self.span, wait, ready, counts=counts, timed=timed, limited=limited)

    def times_out(self) -> bool:
        """Whether the wait times out that begins with this step, as the schedule says."""
        return self.stage.scheduler.way(self.me) == "timeout"

    # --- what the interpreter of step code asks for --------------------------------------------------------

    def stand(self) -> None:
        self.gate()

    def wait(self, test: Expr, *, timed: bool) -> bool:
        cue = self.gate(its_condition, lambda: self.holds(test), counts=False, timed=timed)
        return not (timed and cue.way == "timeout")

    def idle(self) -> None:
        self.gate(its_turn, never, counts=False)

    def snooze(self, _seconds: object) -> None:
        if self.stage.is_virtual:
            self.gate(sleeping, counts=False)

    def pause(self) -> None:
        if not self._is_inside and not self.me.atomic and self.stage.program.interrupts_of(self.me.group):
            self.gate()

    def pick(self, values: Sequence[object]) -> object:
        return self.stage.scheduler.choose(self.me, values)

    def perform(self, of: Operate) -> object:
        return self._do(self, of)

    def nested(self, code: Code, args: Sequence[object]) -> Base:
        return Interpreter(self.stage, code, self._do, args=args, is_inside=True)
