"""One operation on a thread's way, and a way out of a block."""

from __future__ import annotations

from typing import Literal, TypeAlias

from scenario.lint.held import State
from scenario.program import ops
from scenario.program.exceptions import catches
from scenario.record import record
from scenario.syntax import Reraise


@record
class Visit:
    """An operation on the way.

    `held`: before it. `caught`: whether an exception of it is met (`raises`, `except`). `atomic`: the block around it.
    `frame`: the number of the routine's call that it is in, 0 for the thread itself. `controls`: numbers of
    the visits of each `if` and `while` that decides whether it is done. `loop`: that of the outermost loop
    around it. `missed`: numbers of visits that may not have come to their end before it, for it is where the time of a wait is over.
    """

    op: ops.Op
    held: State
    caught: bool
    atomic: ops.Atomic | None
    frame: int
    controls: tuple[int, ...]
    loop: int | None
    missed: range


Leaving: TypeAlias = Literal["break", "continue", "return", "raise"]


@record
class Exit:
    """A way out of a block other than by its last step, at the visit `at`; of a `raise`, with its exception, where that is known."""

    how: Leaving
    held: State
    op: ops.Op
    at: int
    exception: str | None = None

    def is_met(self, handler: str) -> bool:
        """Whether an `except` of this name meets the exception."""
        return self.exception is None or catches(handler, self.exception)

    @property
    def ends(self) -> bool:
        """Whether the thread ends so for sure: what only may raise most often does not."""
        return self.how != "raise" or isinstance(self.op, ops.Raise | Reraise)

    @property
    def is_late(self) -> bool:
        """Whether the time of a wait is over, which nothing has ended."""
        return isinstance(self.op, ops.Get | ops.Put | ops.Await | ops.Result)


def may_raise(op: ops.Op) -> str | None:
    """The exception of an operation that may fail for reasons of other threads."""
    match op:
        case ops.Get(block=block, timeout=timeout) if block is not None or timeout is not None:
            return "Empty"
        case ops.Put(block=block, timeout=timeout) if block is not None or timeout is not None:
            return "Full"
        case ops.WaitBarrier():
            return "BrokenBarrierError"
        case ops.SetResult() | ops.SetException():
            return "InvalidStateError"
        case ops.Await(timeout=timeout) | ops.Result(timeout=timeout) if timeout is not None:
            return "TimeoutError"
        case ops.CallPython():
            return "Exception"
        case _:
            return None
