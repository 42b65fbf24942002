"""A thread of the file in one execution: which it is, whether it lives, what its body left."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Thread

from scenario.engines.code.actors import Actor
from scenario.source import START, Span


class Role:
    """`actor` carries it once it has been started; `span` is the step at which it is."""

    def __init__(self, ref: str, name: str, index: int, group: str, *, daemon: bool = False) -> None:
        self.ref, self.name, self.index, self.group, self.daemon = ref, name, index, group, daemon
        self.thread = Thread(name=name, daemon=daemon)
        self.actor: Actor | None = None
        self.span = START
        self.error_span = self.called = START
        self.rounds = 0
        self.opened = 0
        self.cancelled = self.fired = False
        self.registers: Mapping[str, object] = {}

    @property
    def alive(self) -> bool:
        return self.actor is not None and not (self.actor.ended or self.cancelled)

    @property
    def blocked(self) -> bool:
        """Whether it stands at an operation that can not be done."""
        operation = None if self.actor is None else self.actor.next
        return operation is not None and operation.ready is not None and not operation.ready()

    def play(self, actor: Actor) -> None:
        """It has been started."""
        self.actor = actor

    def come_to(self, span: Span) -> None:
        """It is at this step now."""
        self.span, self.rounds = span, 0

    def call(self) -> None:
        """From this step the user's own code is called."""
        self.called = self.span

    def go_round(self) -> int:
        self.rounds += 1
        return self.rounds

    def cancel(self) -> None:
        """Of a timer: it does not fire any more."""
        self.cancelled = not self.fired

    def fire(self) -> None:
        """Of a timer: its time is over."""
        self.fired = True

    def fail(self, error: BaseException) -> None:
        """Nobody catches it."""
        self.error_span = getattr(error, "scenario_span", self.span)

    def leave(self, left: Mapping[str, object]) -> None:
        """Its locals, those of the interpreter's own left out, are its registers."""
        self.registers = {name: value for name, value in left.items() if not name.startswith("$")}

    # --- atomic blocks: one step, that of the first gate in it ----------------------------------------

    def enter_atomic(self) -> None:
        self.opened += 1
        if self.opened == 1 and self.actor is not None:
            self.actor.begin_block()

    def leave_atomic(self) -> None:
        self.opened -= 1
        if not self.opened and self.actor is not None:
            self.actor.end_block()
