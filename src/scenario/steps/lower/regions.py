"""What stands around a piece of code: clean-up however it is left, and loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scenario.steps.lower.builder import Builder


@contextmanager
def cleanup(b: Builder, emit: Callable[[], None]) -> Iterator[None]:
    """A region that runs `emit` however it is left: normally, by an exception, a jump or a return."""
    landing, after = b.label(), b.label()
    b.on_leaving(emit)
    with b.handled_by(landing):
        yield
    b.cleanups.pop()
    emit()
    b.jump(after)
    b.place(landing)
    caught = b.catch()
    with b.handling(caught):
        emit()
    b.throw(caught)
    b.place(after)


@contextmanager
def loop(b: Builder) -> Iterator[tuple[int, int]]:
    """Labels of the top (where `continue` goes) and of the end (where `break` goes, placed on leaving)."""
    top, end = b.label(), b.label()
    with b.looping(top, end):
        yield top, end
    b.place(end)
