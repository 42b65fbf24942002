"""The tasks of a run as the reports name them: what each is, whether it lives, and what it waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
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


class Moved:
    """What handles of a loop are for, by identity: whose methods they call (`owners`: of a sleep or timeout also its task's), and with what."""

    def __init__(self, handles: Iterable[asyncio.Handle]) -> None:
        self.owners: set[int] = set()
        self.given: set[int] = set()
        for handle in handles:
            owner = getattr(getattr(handle, "_callback", None), "__self__", None)
            self.owners |= {id(owner), id(getattr(owner, "_task", None))}
            self.given.add(id(next(iter(getattr(handle, "_args", None) or ()), None)))


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

    def is_moved(self, by: Moved) -> bool:
        """Whether one of the handles makes a step of its task, begins it, or ends a sleep or timeout of it."""
        if id(self) in by.given:
            return True
        waiter = getattr(self.task, "_fut_waiter", None)
        return self.task is not None and (id(self.task) in by.owners or (waiter is not None and id(waiter) in by.given))

    def is_suspended(self) -> bool:
        """Whether its task waits for something that has not come yet (a woken one is ready)."""
        waiter = getattr(self.task, "_fut_waiter", None)
        return waiter is not None and not waiter.done()
