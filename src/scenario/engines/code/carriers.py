"""What carries the threads of an execution: greenlets of one real thread, or real threads of which one goes at a time.

Handing over between greenlets takes a microsecond, between real threads ten to fifty. Greenlets find failures, real threads confirm
them; where greenlet is not installed, or code needs a thread of its own (`threading.local`), real threads do both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from threading import Lock, Thread
from typing import Protocol

from scenario.engines.code.actors import Actor
from scenario.engines.code.privates import call_daemon, deep_stacks, start_unwaited
from scenario.real.endable import closed, within


class Carrier(Protocol):
    """Hands over between the searcher, which is None, and the threads."""

    real: bool

    def start(self, actor: Actor, body: Callable[[], None], starter: Actor | None, /) -> None:
        """Lets the new thread go; returns when it hands over to its starter."""

    def switch(self, here: Actor | None, there: Actor | None, /) -> None:
        """Lets `there` go on; returns when somebody hands over to `here`."""

    def leave(self, here: Actor, there: Actor | None, /) -> None:
        """The last that a thread does: `there` goes on when it returns."""

    def finish(self) -> None:
        """Waits until all is gone that has ended."""


class Greenlet(Protocol):
    """As much of a greenlet as is used here."""

    parent: Greenlet

    def switch(self) -> object: ...


class Greenlets:
    """All threads on the stack of one."""

    real = False

    def __init__(self) -> None:
        self._make, current = _greenlets()
        self._root = current()
        self._carriers: dict[Actor, Greenlet] = {}

    def _of(self, actor: Actor | None) -> Greenlet:
        return self._root if actor is None else self._carriers[actor]

    def start(self, actor: Actor, body: Callable[[], None], _starter: Actor | None, /) -> None:
        made = self._carriers[actor] = self._make(body)
        made.parent = self._root
        made.switch()

    def switch(self, _here: Actor | None, there: Actor | None, /) -> None:
        self._of(there).switch()

    def leave(self, here: Actor, there: Actor | None, /) -> None:
        self._of(here).parent = self._of(there)

    def finish(self) -> None:
        """Nothing goes on by itself."""


class RealThreads:
    """A real thread each, and a baton each: only who has got its baton goes."""

    real = True

    def __init__(self) -> None:
        self._root = _baton()
        self._threads: list[Thread] = []
        self._batons: dict[Actor, BatonLock] = {}

    def _of(self, actor: Actor | None) -> BatonLock:
        return self._root if actor is None else self._batons[actor]

    def start(self, actor: Actor, body: Callable[[], None], starter: Actor | None) -> None:
        baton = self._batons[actor] = _baton()

        def run() -> None:
            baton.acquire()
            within(body)

        thread = actor.thread
        closed(thread)
        vars(thread)["run"] = run
        was = thread.daemon
        with deep_stacks():
            start_unwaited(thread)  # one that is stuck for ever keeps no process
        call_daemon(thread, was)
        self._threads.append(thread)
        self.switch(starter, actor)

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
def _greenlets() -> tuple[Callable[[Callable[[], None]], Greenlet], Callable[[], Greenlet]]:
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
