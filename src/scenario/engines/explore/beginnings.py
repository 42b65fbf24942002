"""What threads choose before their first step: one set of values for each way in which they may begin."""

from __future__ import annotations

from collections.abc import Sequence

from scenario.engines.explore.code import Pick
from scenario.engines.explore.layout import Thread
from scenario.engines.explore.outcomes import plain
from scenario.engines.explore.parts import SharedPart
from scenario.engines.explore.stepper import Stepper
from scenario.engines.explore.values import thaw
from scenario.engines.explore.world import World
from scenario.record import record
from scenario.source import Span


@record
class Chosen:
    """The value that a thread chose for `target`, at `span`."""

    thread: str
    span: Span
    target: str
    value: object

    @property
    def words(self) -> str:
        return f"choose {self.target} = {self.value!r}"


def at_the_start(stepper: Stepper) -> list[tuple[Chosen, ...]]:
    """In the order of the stepper's first states."""
    return beginnings(stepper, *stepper.opening())


def beginnings(stepper: Stepper, shared: SharedPart, threads: Sequence[Thread]) -> list[tuple[Chosen, ...]]:
    """In the order of the stepper's own alternatives."""
    ways: list[tuple[SharedPart, tuple[Chosen, ...]]] = [(shared, ())]
    for thread in threads:
        ways = [
            (after.shared_part(), (*earlier, *chosen(after)))
            for before, earlier in ways
            for _, after in stepper.local.run(
                World(stepper.layout, before, stepper.local.fresh(thread), thread, tracing=True)
            )
        ]
    return [values for _, values in ways]


def chosen(w: World) -> tuple[Chosen, ...]:
    """The choices among what was noted."""
    return tuple(
        Chosen(w.thread.ref, note.span, note.target, plain(thaw(key), w.shared_part()))
        for note, key, _ in w.notes or ()
        if isinstance(note, Pick)
    )
