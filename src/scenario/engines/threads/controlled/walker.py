"""Takes the steps of a body on the real objects, one gate before each. Local work follows the step before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from scenario.engines.threads.controlled.environment import Locals
from scenario.engines.threads.controlled.reader import Reader
from scenario.engines.threads.controlled.signals import Returned
from scenario.engines.threads.controlled.stage import Player, Stage, always, never
from scenario.engines.threads.controlled.waits import Fact, its_turn
from scenario.engines.threads.values import fresh
from scenario.kinds import FailureKind
from scenario.program import ops
from scenario.program.walk import map_children
from scenario.results.outcome import Failure
from scenario.results.script import Cue
from scenario.syntax import Expr, Ref, TlsField

MOST_ROUNDS = 100_000
"""Rounds of a loop without a step, after which its thread is taken to idle there."""

Perform: TypeAlias = "Callable[[Walker, ops.Op], None]"


class Walker(Reader):
    """Walks one body in the thread that calls it; `frame` are its locals.

    `perform` takes one step (`steps.perform`; given in, so that the families of steps need not know it).
    """

    def __init__(self, stage: Stage, frame: Locals, perform: Perform, own: Player | None = None) -> None:
        super().__init__(stage, frame, own)
        self.perform = perform
        self.caught: list[BaseException] = []

    @property
    def me(self) -> Player:
        return self.stage.current()

    # --- bodies ------------------------------------------------------------------------------------

    def body(self, block: ops.Block) -> Any:
        """All steps of a thread or routine; its value."""
        try:
            self.block(block)
        except Returned as returned:
            return returned.value
        return None

    def block(self, block: ops.Block) -> None:
        for op in block:
            self.step(op)

    def step(self, op: ops.Op) -> None:
        outer, self.span, held = self.span, op.span, self._held
        try:
            self.perform(self, op)
        except BaseException as error:
            if not hasattr(error, "scenario_span"):
                error.scenario_span = op.span  # type: ignore[attr-defined] # the innermost step, for the report
            raise
        finally:
            self._held = held
        self.span = outer

    def call(self, routine: str, args: Sequence[Any]) -> Any:
        """Runs a routine in the calling thread (a pool's worker may call it), with copies of the arguments."""
        found = self.stage.program.routines[routine]
        frame = dict(zip(found.params, map(fresh, args), strict=True))
        return Walker(self.stage, frame, self.perform).body(found.body)

    # --- what steps are made of ----------------------------------------------------------------------

    def given(self, expr: Expr | None, default: Any = None) -> Any:
        """The value of an argument, or the default where the file gives none."""
        return default if expr is None else self.value(expr)

    def gate(self, wait: Fact = its_turn, ready: Callable[[], bool] = always, *, counts: bool = True) -> Cue:
        return self.stage.gate(self.span, wait, ready, counts=counts)

    def times_out(self) -> bool:
        """Whether the step after the one that this thread is in times out, as the schedule says."""
        return self.stage.next_way(self.me) == "timeout"

    def round(self) -> None:
        """One round of a loop: a loop that never reaches a step is where its thread stays."""
        self.me.rounds += 1
        if self.me.rounds > MOST_ROUNDS:
            self.gate(its_turn, never, counts=False)

    def with_own(self, node: Expr) -> Expr:
        """The expression with the values of what belongs to this thread alone (`tls.x`), for others to evaluate."""
        if isinstance(node, TlsField):
            return self.held(node)
        return map_children(node, self.with_own)

    def place(self, ref: Ref) -> tuple[str, Any]:
        """The object's name and itself; its index is read first."""
        index = self.given(ref.index)
        name = ref.name if index is None else f"{ref.name}[{index}]"
        try:
            return name, self.object(ref.name, index)
        except IndexError:  # the operation's own step raises it
            self.gate()
            raise

    def fail(self, kind: FailureKind, message: str) -> None:
        """A failed check; the thread goes on."""
        key = (kind, self.span, self.me.ref)
        self.stage.failures.setdefault(key, Failure(kind, message, self.span, self.me.ref))
