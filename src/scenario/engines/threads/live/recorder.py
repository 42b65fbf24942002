"""The steps of a run, noted by the threads themselves as they begin them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from scenario.engines.threads.actors import Actor
from scenario.real.emit.writer import Writer
from scenario.real.travelling import plain_value
from scenario.real.values import own_locals, view
from scenario.results.recorded import LONGEST, MOST, Begun, Glance, Recorded, What
from scenario.source import START, Span

if TYPE_CHECKING:
    import ast


class Recorder:
    """One thread after the other notes its step, so that their order is the one in which they were begun."""

    def __init__(self) -> None:
        self._noting = threading.Lock()
        self._steps: list[Begun] = []
        self._spent = 0.0
        self._is_open = True
        self._is_whole = True

    def told(self, source: str, out: Writer) -> ast.Module:
        """What is emitted, with a call of `step` before each step."""
        from scenario.real.emit.stepped import stepped  # only who records a run needs it

        return stepped(source, out)

    def begin(self, places: Sequence[Span], glance: Callable[[], Glance]) -> None:
        """`places`: the step of each emitted line; `glance` looks at everything."""
        self._places, self._glance = places, glance

    def step(self, me: Actor, line: int, names: Mapping[str, object], what: What = "begins") -> None:
        """What emitted code calls before each step."""
        self._note(me, self._places[line], names, what)

    def ended(self, me: Actor) -> None:
        """A thread has nothing left to do."""
        self._note(me, START, {}, "ends")

    def _note(self, me: Actor, span: Span, names: Mapping[str, object], what: What) -> None:
        if not self._is_open:
            return
        with self._noting:
            if len(self._steps) >= MOST or self._spent > LONGEST:
                self._is_open = self._is_whole = False
            if not self._is_open:
                return
            began = time.thread_time()
            own = {name: plain_value(view(value)) for name, value in own_locals(names)}
            self._steps.append(Begun(me.ref, span, self._glance(), own, what))
            self._spent += time.thread_time() - began

    def recorded(self) -> Recorded:
        """All of it; what is done from now on is no part of it."""
        with self._noting:
            self._is_open = False
            return Recorded(tuple(self._steps), self._glance(), self._is_whole)
