"""The steps that tasks take, one a line of the file, as they are taken: for who shows an execution, or compares two."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

from scenario.engines.tasks.actors import Actor
from scenario.engines.tasks.runtime import Run
from scenario.record import record
from scenario.source import START, Span

Trace: TypeAlias = "Callable[[FrameType, str, object], Trace | None]"


@record
class Step:
    """One step of a task; `ends`: its last one is over."""

    thread: str
    span: Span
    ends: bool = False


class Recording:
    """Steps in order; lines of one step that come one after the other are that step."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def count(self) -> int:
        """How many there are."""
        return len(self.steps)

    @contextmanager
    def of(self, run: Run) -> Iterator[None]:
        """Records what the run's tasks do meanwhile. Python's own tracing tells of each line: emitted code pays nothing else for it."""

        def line(frame: FrameType, event: str, _: object) -> Trace:
            me = frame.f_locals.get("me")
            if isinstance(me, Actor) and event == "line" and not run.is_over:
                self._took(me, run.module.steps[frame.f_lineno])
            return line

        def called(frame: FrameType, _event: str, _: object) -> Trace | None:
            return line if frame.f_code.co_filename == run.module.filename else None

        before = sys.gettrace()
        sys.settrace(called)
        try:
            yield
        finally:
            sys.settrace(before)

    def _took(self, me: Actor, span: Span) -> None:
        if span != START:
            self._add(Step(me.ref, span))

    def ended(self, me: Actor) -> None:
        """A task has ended: at the last of its steps."""
        last = (step.span for step in reversed(self.steps) if step.thread == me.ref)
        self._add(Step(me.ref, next(last, START), ends=True))

    def _add(self, step: Step) -> None:
        if not self.steps or self.steps[-1] != step:
            self.steps.append(step)
