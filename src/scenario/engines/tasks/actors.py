"""The tasks of a run as the reports name them: what each is, whether it lives, and what it waits for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from scenario.real.members import Member
from scenario.results.waiting import WaitKind


@dataclass(slots=True)
class Waiting:
    """An operation that is under way: `kind` of wait, on which object, in which emitted line.

    `timed`: it ends by itself. `needs`: of several futures, how many must be done.
    """

    kind: WaitKind
    place: object
    line: int
    timed: bool = False
    needs: int = 1


@dataclass(eq=False, slots=True)
class Actor(Member):
    """One thread of the file, a task here, or `main`. Emitted code asks it and cancels it.

    `timer` is the seconds that it waits before its first step; `limits`: in how many blocks with a timeout it is.
    """

    timer: float | None = None
    started: bool = False
    ended: bool = False
    task: asyncio.Task[None] | None = None
    handle: asyncio.TimerHandle | None = None
    over: asyncio.Future[None] | None = None
    waiting: list[Waiting] = field(default_factory=list)
    limits: int = 0

    @property
    def alive(self) -> bool:
        """Started and not ended."""
        return self.started and not self.ended

    def is_alive(self) -> bool:
        """As `Thread.is_alive`."""
        return self.alive

    # --- what becomes of it -------------------------------------------------------------------------------

    def begin(self, task: asyncio.Task[None] | None = None) -> None:
        """It is started, and can be joined; `task` where it has one already."""
        self.started = True
        self.task = task
        self.over = asyncio.get_running_loop().create_future()

    def fires(self, handle: asyncio.TimerHandle) -> None:
        """A timer waits for its time."""
        self.handle = handle

    def go(self, task: asyncio.Task[None]) -> None:
        """It takes its steps in this task."""
        self.handle, self.task = None, task

    def end(self) -> None:
        """It takes no further step."""
        self.ended = True
        if self.over is not None and not self.over.done():
            self.over.set_result(None)

    def cancel(self) -> bool:
        """A timer ends if it has not fired; a task is asked to end, as `Task.cancel`."""
        if self.handle is not None:
            self.handle.cancel()
            self.handle = None
            self.end()
            return True
        return self.task is not None and not self.ended and self.kind != "timer" and self.task.cancel()

    def bound(self, by: int) -> None:
        """It is in so many more blocks that end by themselves."""
        self.limits += by

    def moves_by(self, handle: asyncio.Handle) -> bool:
        """Whether the handle makes a step of its task, begins it, or ends a sleep or timeout of it."""
        owner = getattr(getattr(handle, "_callback", None), "__self__", None)
        first = next(iter(getattr(handle, "_args", None) or ()), None)
        if first is self:
            return True
        if self.task is None:
            return False
        own = owner is self.task or getattr(owner, "_task", None) is self.task
        return own or (first is not None and first is getattr(self.task, "_fut_waiter", None))

    def is_suspended(self) -> bool:
        """Whether its task waits for something that has not come yet (a woken one is ready)."""
        waiter = getattr(self.task, "_fut_waiter", None)
        return waiter is not None and not waiter.done()
