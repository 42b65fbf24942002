"""The scenario's own threads: made, started, joined and counted."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

from scenario.engines.threads import privates
from scenario.engines.threads.actors import Actor, Timer
from scenario.program.program import Program, ThreadGroup, thread_ref
from scenario.real import endable
from scenario.real.effects import Effect, Effects

Body = Callable[..., object]

_AT_ONCE = 1000
"""Threads that are made between two looks at the clock."""


class TooLate(Exception):
    """The time of a run is over before its objects and threads are made."""


class Members:
    """`actors` in the order of the file, `objects` by key as expressions see them: a thread, or a group's list.

    All are daemons for Python, so that an abandoned one can not keep the process. `enter` is what each thread runs; `deadline`
    is when the time of the run is over, that for making them and the objects included.
    """

    def __init__(self, program: Program, may: Effects, seed: int, enter: Callable[[Actor, Body], None]) -> None:
        self.actors: list[Actor] = []
        self.main: Actor | None = None
        self.objects: dict[str, object] = {}
        self.blocked_among: Callable[[Iterable[Actor]], int] = lambda _: 0  # the watcher's
        self._starting = threading.Lock()
        self._program = program
        self._may = may
        self._seed = seed
        self._enter = enter
        self.deadline = time.monotonic() + program.timeout

    def ask_blocked_of(self, watcher: Callable[[Iterable[Actor]], int]) -> None:
        """Who tells how many of some threads are blocked."""
        self.blocked_among = watcher

    def look(self) -> None:
        """Raises TooLate when the time is over."""
        if time.monotonic() > self.deadline:
            raise TooLate

    def create(self, bodies: dict[str, Body], main: Body | None) -> None:
        for group in self._program.groups:
            effects = self._may.threads[group.key]
            members = []
            for index in range(len(group.names)):
                if index % _AT_ONCE == _AT_ONCE - 1:
                    self.look()
                members.append(self._member(group, index, effects, bodies[group.key]))
            self.actors += members
            threads = [actor.thread for actor in members]
            for thread in threads:
                privates.end_in_turn(thread)
                endable.closed(thread)
            self.objects[group.key] = threads if group.is_group else threads[0]
        if main is not None:
            effects = self._may.threads["main"]
            self.main = Actor("main", "MainThread", 0, "main", "main", False, self._seed, effects)
            self.main.act_in(
                threading.Thread(target=self._enter, args=(self.main, main), name="MainThread", daemon=True)
            )

    def _member(self, group: ThreadGroup, index: int, effects: frozenset[Effect], body: Body) -> Actor:
        name, kind = group.names[index], "thread" if group.timer is None else "timer"
        actor = Actor(thread_ref(group, index), name, index, group.key, kind, group.daemon, self._seed, effects)
        if group.timer is not None:
            run, within = partial(body, actor, actor.name, actor.index), partial(self._enter, actor)
            return actor.act_in(Timer(group.timer, run, lambda wait: within(lambda *_: wait()), name))
        if group.class_name is not None:
            own = type(group.class_name, (threading.Thread,), {"run": lambda _: self._enter(actor, body)})
            return actor.act_in(own(name=name, daemon=True))
        return actor.act_in(threading.Thread(target=self._enter, args=(actor, body), name=name, daemon=True))

    def alive(self, group: str, thread: threading.Thread | None = None) -> int:
        """`group.alive`: how many are started and have not ended."""
        return sum(actor.alive for actor in self._of(group, thread))

    def blocked(self, group: str, thread: threading.Thread | None = None) -> int:
        """`group.blocked`: how many are queued at an operation that can not go on."""
        return self.blocked_among(self._of(group, thread))

    def _of(self, group: str, thread: threading.Thread | None) -> list[Actor]:
        if group == "main":
            return [self.main] if self.main is not None else []
        return [a for a in self.actors if a.group == group and (thread is None or a.thread is thread)]

    def start_all(self, order: random.Random | None = None, before_each: Callable[[], None] | None = None) -> None:
        actors = order.sample(self.actors, len(self.actors)) if order is not None else self.actors
        for actor in actors:
            if before_each is not None:
                before_each()
            with self._starting:
                if not actor.started:
                    actor.thread.start()

    def start(self, thread: threading.Thread) -> None:
        """One after the other: CPython starts a thread twice where two do that at once."""
        with self._starting:
            thread.start()

    def join_all(self, timeout: float | None = None) -> None:
        for actor in self.actors:
            if actor.started and not actor.daemon:
                actor.thread.join(timeout)
