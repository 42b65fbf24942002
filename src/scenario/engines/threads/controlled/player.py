"""One thread of an execution that is held step by step: where it stands, what it waits for, what it has been told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from scenario.engines.threads import privates
from scenario.engines.threads.controlled.facts import ACall, Fact, its_turn
from scenario.real.children import cpu
from scenario.results.schedule import Move
from scenario.results.script import Cue
from scenario.source import START, Span

State: TypeAlias = Literal["new", "running", "gate", "queued", "stuck", "over"]
"""`gate`: stands before a step; `queued`: waits in a real object; `stuck`: was let go into a call that blocks."""

GO_ON = Cue(Move(""))
"""The cue of what is no step of its own."""

FOR_EVER = Cue(Move(""), "for ever")
"""The cue at the end of a schedule: into the real call, which must not come back."""


def never() -> bool:
    return False


def always() -> bool:
    return True


def nothing(_: str) -> None:
    """Of a thread in which no interrupt comes."""


@dataclass(eq=False)
class Player:
    """One thread."""

    ref: str
    name: str
    index: int
    group: str
    daemon: bool = False
    worker: bool = False
    thread: Any = None
    state: State = "new"
    span: Span = START
    wait: Fact = its_turn
    ready: Callable[[], bool] = always
    counts: bool = False
    """Whether it is blocked, for `blocked`, where it can not go on here."""
    timed: bool = False
    """Whether it can go on here all the same, by a timeout."""
    limited: bool = False
    """Whether the wait in a real object that begins with this step has a timeout."""
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    cue: Cue = GO_ON
    atomic: int = 0
    inside: bool = False
    awaited: Sequence[object] = ()
    """The futures for which it waits in a real call."""
    waiter: Any = None
    queue: object = None
    expired: bool = False
    idle: bool = False
    """A pool's worker that waits for a call, or has been started for one."""
    broken: bool = False
    """A pool's worker whose initializer has raised."""
    error: BaseException | None = None
    error_span: Span = START
    registers: dict[str, object] = field(default_factory=dict)
    rounds: int = 0
    alone: bool = False
    """Whether it takes all the steps that it has left without being told."""
    turns: int = 0
    """How often it has been let go on."""
    handle: Callable[[str], object] = nothing
    """Runs an interrupt, by its key, in the thread that calls it."""

    def stand(
        self,
        span: Span,
        wait: Fact,
        ready: Callable[[], bool],
        *,
        counts: bool = True,
        timed: bool = False,
        limited: bool = False,
    ) -> None:
        """Before a step that begins here."""
        self.span, self.wait, self.ready, self.counts, self.timed = span, wait, ready, counts, timed
        self.limited, self.rounds = limited, 0

    def act_in(self, thread: object) -> None:
        """A real thread, not started yet, whose steps are its own."""
        self.thread = thread

    def clock(self) -> int:
        """Nanoseconds for which its thread has had the processor; 0 where nothing is known."""
        return cpu.clock(None if self.thread is None else self.thread.native_id)

    def handle_by(self, handle: Callable[[str], object]) -> None:
        """Who runs what comes in the middle of it."""
        self.handle = handle

    def be_interrupted(self) -> None:
        """By what its cue says; the atomic block before whose first step it stands has not begun."""
        levels, self.atomic = self.atomic, 0
        try:
            self.handle(self.cue.interrupt)
        finally:
            self.atomic = levels

    def come_to(self, state: State) -> None:
        """Who waits for that is told by the stage."""
        self.state = state

    def let_go(self, cue: Cue, state: State = "running") -> None:
        """Its real thread goes on with the step."""
        self.cue, self.state = cue, state
        self.turns += 1
        self.go.release()

    def go_alone(self) -> None:
        """It takes all the steps that it has left."""
        self.alone = self.state != "over"
        self.go.release()

    def count_turn(self) -> None:
        """It goes on without having been told."""
        self.turns, self.rounds = self.turns + 1, 0

    def go_round(self) -> int:
        """Back in a loop: how often since it stood before a step."""
        self.rounds += 1
        return self.rounds

    def enter_atomic(self) -> None:
        self.atomic += 1

    def leave_atomic(self) -> None:
        self.atomic -= 1
        self.inside = self.inside and self.atomic > 0

    def step_begun(self) -> None:
        """Inside an atomic block, what follows belongs to the step."""
        self.inside = self.atomic > 0

    def step_over(self) -> None:
        """What follows is another step, also inside an atomic block."""
        self.inside = False

    def queue_at(self, waiter: object, queue: object) -> None:
        """It waits in a condition, by this lock."""
        self.waiter, self.queue = waiter, queue

    def expire(self, *, expired: bool) -> None:
        """Whether its wait has timed out."""
        self.inside, self.expired = False, expired

    def has_expired(self) -> bool:
        """The same, asked once."""
        expired, self.expired = self.expired, False
        return expired

    def await_(self, futures: Sequence[object]) -> None:
        """It waits for these in a real call from now on; for none if there are none."""
        self.awaited = futures

    def rest(self, *, idle: bool) -> None:
        """A worker that waits for a call, or has one."""
        self.idle = idle

    def fail_to_begin(self) -> None:
        """A worker whose initializer has raised."""
        self.broken = True

    def fail(self, error: BaseException) -> None:
        """Nobody catches it."""
        self.error, self.error_span = error, getattr(error, "scenario_span", self.span)

    def leave(self) -> None:
        """Whatever blocks it was in."""
        self.inside, self.atomic = False, 0

    def end(self, left: Mapping[str, object]) -> None:
        """Its locals, those of the interpreter's own left out, are its registers."""
        self.registers = {name: value for name, value in left.items() if not name.startswith("$")}

    @property
    def still_queued(self) -> bool:
        """Whether nobody has woken it in the condition in which it waits."""
        return self.state == "queued" and self.queue is not None and privates.is_waiting(self.waiter, self.queue)

    @property
    def pool(self) -> str:
        """The pool whose worker it is."""
        return self.group.removesuffix("-worker") if self.worker else ""

    @property
    def started(self) -> bool:
        """Whether its real thread has been started."""
        return self.thread is not None and self.thread.ident is not None

    @property
    def alive(self) -> bool:
        return self.state not in ("new", "over")

    @property
    def between_calls(self) -> bool:
        """Whether it is a pool's worker that has nothing to do, and would end with its pool."""
        return self.idle and isinstance(self.wait, ACall) and not self.wait.is_deaf

    @property
    def is_spinning(self) -> bool:
        """Whether it goes round a loop that never reaches a step."""
        return self.state == "gate" and self.ready is never and self.wait is its_turn

    @property
    def blocked(self) -> bool:
        if self.state == "queued":
            return self.still_queued
        return self.state == "gate" and self.counts and not self.ready()
