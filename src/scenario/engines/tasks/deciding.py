"""What is left open in an execution on asyncio, and who decides it: when a time is over, who goes on, what is chosen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from scenario.engines.tasks import collect
from scenario.engines.tasks.actors import Actor, Moved
from scenario.engines.tasks.loop import Loop
from scenario.engines.tasks.running import Over, deadlock
from scenario.engines.tasks.runtime import Run
from scenario.engines.tasks.waits import look
from scenario.machine import Growth, room
from scenario.real.values import fresh
from scenario.record import mutable, record
from scenario.results.schedule import Deed
from scenario.results.undecided import OutOfMemory, OutOfTime, Undecided
from scenario.settings import Settings


@record
class Decision:
    """The number that was picked of so many, before the recorded step of that number; `deed`: what that was, if it is to be told."""

    pick: int
    of: int
    before: int = 0
    deed: Deed | None = None


def _untold(_picked: int) -> None:
    """It shows in what comes of it."""


Source: TypeAlias = Callable[[int], int]
"""Which of so many comes next."""


def in_order(given: Sequence[int]) -> Source:
    """These, then the first of each."""
    left = iter(given)
    return lambda options: min(next(left, 0), options - 1)


def by_steps(alternatives: Sequence[int], count: Callable[[], int]) -> Source:
    """Those that `evidence.scheduled` has put into one number a step, of those that come before it; `count`: the steps taken."""
    left = list(alternatives)

    def pick(options: int) -> int:
        at = count()
        if at >= len(left):
            return 0
        left[at], picked = divmod(left[at], options)
        return picked

    return pick


class Decisions:
    """What has been decided in one execution. `steps` says how many steps have been recorded."""

    def __init__(self, source: Source, steps: Callable[[], int] = int) -> None:
        self.taken: list[Decision] = []
        self._source = source
        self._steps = steps

    @property
    def picks(self) -> tuple[int, ...]:
        """The numbers that were picked."""
        return tuple(one.pick for one in self.taken)

    def pick(self, options: int, deed: Callable[[int], Deed | None] = _untold) -> int:
        """A number below; one of one is no decision. `deed`: what it was, by its number."""
        if options == 1:
            return 0
        picked = self._source(options)
        self.taken.append(Decision(picked, options, self._steps(), deed(picked)))
        return picked

    def choose(self, _me: Actor, values: Iterable[object]) -> object:
        """`choose`: each value is one of the ways on."""
        listed = list(values)
        if not listed:
            raise IndexError("Cannot choose from an empty sequence")  # as `random.choice` does
        return fresh(listed[self.pick(len(listed), lambda picked: Deed("chosen", value=listed[picked]))])


def _unseen(_run: Run, _loop: Loop) -> None:
    """Nobody looks."""


def able(run: Run, handles: Iterable[asyncio.Handle]) -> Iterator[str]:
    """Who moves if these are run."""
    by = Moved(handles)
    yield from (actor.ref for actor in run.members.all() if actor.is_moved(by))


def _is_over(run: Run, timers: Sequence[asyncio.Handle], before: int, picked: int) -> Deed | None:
    """Whose time it is; the first numbers, so many `before`, are nobody's."""
    if picked < before:
        return None
    return Deed("time", next(able(run, timers[picked - before : picked - before + 1]), ""))


class Spent(Exception):
    """The search's time is up in the middle of an execution, or its memory."""

    def __init__(self, why: Undecided) -> None:
        self.why = why


@mutable
class Clock:
    """The time of the loop: it stands, or (virtual) goes on where nothing else can."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def begin(self) -> None:
        """It is early."""
        self.now = 0.0

    def move_to(self, when: float) -> None:
        """It is later."""
        self.now = max(self.now, when)


Seen: TypeAlias = Callable[[Run, Loop], None]
"""Who looks at the state between two rounds."""


class Between:
    """Between two rounds: first whoever looks at the state is asked, then what is over is decided, and who goes on.

    A timer that is over when a round begins is run as the last of it (`_run_once` puts it behind what is ready), and what it
    wakes is the last of the next round. So it is decided one boundary later which timers that were: nothing else can tell, and
    the states in between need not be told apart.

    A sleep, timer or timeout is over at any time: in the order of `when` with a virtual clock, and then only where nothing is
    ready. Of what is ready all goes on in its order, or (`ready: any`) one of them.
    """

    def __init__(self, settings: Settings, until: float, max_memory: int | None = None) -> None:
        self.memory = Growth(room(max_memory))
        self.clock = Clock()
        self.moved: frozenset[str] = frozenset()
        self._settings = settings
        self._until = until
        self._run: Run | None = None
        self._interrupted = False
        self._decisions = Decisions(in_order(()))
        self._seen: Seen = _unseen

    def begin(self, run: Run, decisions: Decisions, seen: Seen | None = None) -> None:
        """An execution begins."""
        self._run, self._decisions, self._seen = run, decisions, seen or _unseen
        self.clock.begin()
        self.moved = frozenset()

    def interrupt(self) -> None:
        """Ctrl-C: the execution ends at the next moment at which it can, and no other begins."""
        self._interrupted = True
        if self._run is not None:
            self._run.interrupt()

    def heed(self) -> None:
        """Raises KeyboardInterrupt if there was a Ctrl-C, whichever execution it came in or between."""
        if self._interrupted:
            raise KeyboardInterrupt

    def before_round(self, loop: Loop, _timeout: float | None) -> float | None:
        run = self._run
        assert run is not None, "an execution has begun"
        loop.take_up()
        run.next_round()
        self.look()
        if run.is_loaded:
            self._seen(run, loop)
        self._fire(run, loop)
        run.wake()
        if not loop.ready:
            raise Over(deadlock(run, look(run), idle=True) or collect.outcome(run, "finished"))
        self._go_on(loop)
        self.moved = frozenset(able(run, loop.ready))
        loop.grow_old()
        return 0

    def look(self) -> None:
        """Whether the execution goes on: raises what ends it before its end."""
        run = self._run
        assert run is not None, "an execution has begun"
        if run.invalid is not None:
            raise run.invalid
        self.heed()
        self.heed_budget()

    def heed_budget(self) -> None:
        """Raises Spent where there is nothing left."""
        now = time.monotonic()
        if now >= self._until:
            raise Spent(OutOfTime())
        if self.memory.is_full(now):
            raise Spent(OutOfMemory(self.memory.most))

    def _fire(self, run: Run, loop: Loop) -> None:
        """Decides which times are over now, one after the other, up to none. Who awaits what holds now is as good as ready."""
        by_time = self._settings.clock == "virtual"
        able = loop.may_be_over(sleeps=not run.awaited.wakes())
        while True:
            timers = sorted((one for one in able if one in loop.kept), key=lambda one: one.when())
            timers = [one for one in timers if not one.cancelled()]
            go_on = bool(loop.ready) or run.awaited.wakes()
            if by_time and timers and not go_on:
                self.clock.move_to(timers[0].when())
            over = [one for one in timers if not by_time or one.when() <= self.clock.now]
            if not over:
                return
            picked = self._decisions.pick(len(over) + go_on, partial(_is_over, run, over, go_on)) - go_on
            if picked < 0:
                return
            loop.fire(over[picked])

    def _go_on(self, loop: Loop) -> None:
        """`ready: any`: one of those that are ready goes on, and the others stay so."""
        if self._settings.ready == "any":
            loop.keep_but(self._decisions.pick(len(loop.ready)))
