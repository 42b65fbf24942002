"""The steps that tasks take, one a line of the file, as they are taken: for who shows an execution, or compares two."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

from scenario.engines.tasks.actors import Actor
from scenario.engines.tasks.objects import lock_of
from scenario.engines.tasks.runtime import Run
from scenario.engines.tasks.waits import look
from scenario.real.values import own_locals, view
from scenario.results.recorded import LONGEST, MOST, Begun, Glance, Recorded, What
from scenario.source import START, Span

Trace: TypeAlias = "Callable[[FrameType, str, object], Trace | None]"


class Recording:
    """Steps in order; lines of one step that come one after the other are that step."""

    def __init__(self, *, is_bounded: bool = False) -> None:
        """`is_bounded`: it ends with what a page can show, or when it takes long."""
        self.steps: list[Begun] = []
        self._last = Glance({}, {}, {})
        self._is_bounded = is_bounded
        self._is_whole = True
        self._spent = 0.0

    def count(self) -> int:
        """How many there are."""
        return len(self.steps)

    @contextmanager
    def of(self, run: Run) -> Iterator[None]:
        """Records what the run's tasks do meanwhile. Python's own tracing tells of each line: emitted code pays nothing else for it."""
        self._run = run

        def line(frame: FrameType, event: str, _: object) -> Trace:
            me = frame.f_locals.get("me")
            if isinstance(me, Actor) and event == "line" and not run.is_over:
                self._took(me, run.module.steps[frame.f_lineno], frame)
            return line

        def rest_of(suspended: int) -> Trace:
            """From Python 3.12 on the line that awaits is told once more where what it awaits ends by an exception thrown in."""

            def first(frame: FrameType, event: str, argument: object) -> Trace:
                if event != "line":
                    return first
                return line if frame.f_lineno == suspended else line(frame, event, argument)

            return first

        def called(frame: FrameType, _event: str, _: object) -> Trace | None:
            return rest_of(frame.f_lineno) if frame.f_code.co_filename == run.module.filename else None

        before = sys.gettrace()
        sys.settrace(called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _took(self, me: Actor, span: Span, frame: FrameType) -> None:
        if self._is_bounded and (len(self.steps) >= MOST or self._spent > LONGEST):
            self._is_whole = False
            sys.settrace(None)
        elif span != START:
            is_left = frame.f_lineno in self._run.module.leaves
            self._add(me, span, frame.f_locals, "leaves" if is_left else "begins")

    def ended(self, me: Actor) -> None:
        """A task has ended: at the last of its steps."""
        last = (step.span for step in reversed(self.steps) if step.thread == me.ref)
        if self._is_whole:
            self._add(me, next(last, START), {}, "ends")

    def _add(self, me: Actor, span: Span, names: Mapping[str, object], what: What = "begins") -> None:
        before = self.steps[-1] if self.steps else None
        began = time.thread_time()
        if before is None or (before.thread, before.span, before.what) != (me.ref, span, what):
            own = {name: view(value) for name, value in own_locals(names)}
            self.steps.append(Begun(me.ref, span, self._glance(), own, what))
            self._spent += time.thread_time() - began

    def _glance(self) -> Glance:
        """What there is now; of what is too long to be shown, what there was last."""
        if len(self.steps) <= MOST:
            self._last = _glance(self._run)
        return self._last

    def recorded(self) -> Recorded:
        """What can be shown of it."""
        return Recorded(tuple(self.steps[:MOST]), self._glance(), self._is_whole)


def _glance(run: Run) -> Glance:
    seen = look(run)
    holds: dict[str, tuple[str, ...]] = {}
    places = [one for place in run.primitives.values() for one in (place if isinstance(place, list) else [place])]
    for lock in {id(lock): lock for lock in map(lock_of, places)}.values():
        for ref in dict.fromkeys(actor.ref for actor, _ in run.holds.of(lock)):
            holds[ref] = (*holds.get(ref, ()), run.names[id(lock)][1])
    waits = {one.thread: one.wait for one in seen.blocked(seen.waits)}
    shared = {name: view(value) for name, value in run.read_vars().items()}
    return Glance(shared, waits, holds, printed=len(run.output), marked=len(run.marks))
