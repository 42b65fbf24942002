"""What carries the threads of an execution: greenlets of one real thread, or real threads of which one goes at a time.

Handing over between greenlets takes a microsecond, between real threads ten to fifty. Greenlets find failures, real threads confirm
them; where greenlet is not installed, or code needs a thread of its own (`threading.local`), real threads do both.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from functools import cache
from importlib import import_module
from threading import Lock, Thread
from typing import Protocol, TypeAlias

from scenario.engines.code.actors import Actor
from scenario.engines.code.privates import call_daemon, deep_stacks, start_unwaited
from scenario.real.endable import closed, within


class Carrier(Protocol):
    """Hands over between the searcher, which is None, and the threads."""

    real: bool

    def start(self, actor: Actor, body: Body, starter: Actor | None, /) -> None:
        """Lets the new thread go; returns when it hands over to its starter."""

    def switch(self, here: Actor | None, there: Actor | None, /) -> None:
        """Lets `there` go on; returns when somebody hands over to `here`."""

    def leave(self, here: Actor, there: Actor | None, /) -> None:
        """The last that a thread does: `there` goes on when it returns."""

    def finish(self) -> None:
        """Waits until all is gone that has ended."""


Body: TypeAlias = Callable[[], None]
"""All that a thread does."""


class Greenlet(Protocol):
    """As much of a greenlet as is used here."""

    parent: Greenlet

    def switch(self, body: Body | None = None, /) -> Body | None: ...


class Greenlets:
    """All threads on the stack of the one that makes this, for one execution after the other.

    A greenlet goes on from one to the next: to make it takes longer than most that threads do in it.
    """

    real = False

    def __init__(self) -> None:
        self._make, self._current = _greenlets()
        self._root = self._current()
        self._carriers: dict[Actor | None, Greenlet] = {None: self._root}
        self._idle: list[Greenlet] = []

    def start(self, actor: Actor, body: Body, _starter: Actor | None, /) -> None:
        made = self._carriers[actor] = self._idle.pop() if self._idle else self._made()
        made.switch(body)

    def _made(self) -> Greenlet:
        made = self._make(self._work)
        made.parent = self._root
        return made

    def _work(self, body: Body | None) -> None:
        """All that one of them does. Its parent is who goes on when a body is over."""
        mine = self._current()
        while body is not None:
            Context().run(body)  # as in a new thread
            del body
            there, mine.parent = mine.parent, self._root
            self._idle.append(mine)
            body = there.switch()

    def switch(self, _here: Actor | None, there: Actor | None, /) -> None:
        self._carriers[there].switch()

    def leave(self, here: Actor, there: Actor | None, /) -> None:
        self._carriers[here].parent = self._carriers[there]

    def finish(self) -> None:
        """Nothing goes on by itself."""
        self._carriers = {None: self._root}

    def dismiss(self) -> None:
        """They end, before their thread does: what knows of it longer makes greenlet look through all objects for whoever that is."""
        while self._idle:
            self._idle.pop().switch(None)
        self._carriers.clear()
        del self._root


class RealThreads:
    """A real thread each, and a baton each: only who has got its baton goes."""

    real = True

    def __init__(self) -> None:
        self._root = _baton()
        self._threads: list[Thread] = []
        self._batons: dict[Actor, BatonLock] = {}

    def _of(self, actor: Actor | None) -> BatonLock:
        return self._root if actor is None else self._batons[actor]

    def start(self, actor: Actor, body: Body, starter: Actor | None) -> None:
        """It begins while the starter waits that it has: the starter does nothing of the code's until it is its turn."""
        self._batons[actor] = _baton()
        thread = actor.thread
        closed(thread)
        was = thread.daemon

        def run() -> None:
            call_daemon(thread, was)
            within(body)

        vars(thread)["run"] = run
        with deep_stacks():
            start_unwaited(thread)  # one that is stuck for ever keeps no process
        self._threads.append(thread)
        self._of(starter).acquire()

    def switch(self, here: Actor | None, there: Actor | None) -> None:
        self._of(there).release()
        self._of(here).acquire()

    def leave(self, _here: Actor, there: Actor | None, /) -> None:
        self._of(there).release()

    def finish(self) -> None:
        for thread in self._threads:
            Thread.join(thread, 1.0)


class BatonLock(Protocol):
    """A lock that one gives and another takes."""

    def acquire(self) -> bool: ...
    def release(self) -> None: ...


def _baton() -> BatonLock:
    lock = Lock()
    lock.acquire()
    return lock


@cache
def _greenlets() -> tuple[Callable[[Callable[[Body | None], None]], Greenlet], Callable[[], Greenlet]]:
    """What makes one, and what tells which one goes on."""
    library = import_module("greenlet")
    return library.greenlet, library.getcurrent


@cache
def has_greenlets() -> bool:
    """Whether the extra is installed. It is imported, so that once the user's own modules can be none of them comes in its place."""
    try:
        import_module("greenlet")
    except ImportError:
        return False
    return True
