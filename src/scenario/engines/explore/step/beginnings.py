"""What threads do before their first step: choices, and what fails or ends them; one for each way in which they may begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scenario.engines.explore.model.parts import SharedPart
from scenario.engines.explore.model.source import Unknown, Unset
from scenario.engines.explore.model.values import Held
from scenario.engines.explore.step.context import Context
from scenario.engines.explore.step.layout import Thread
from scenario.engines.explore.step.stepper import Stepper
from scenario.record import record
from scenario.results.schedule import Deed


@record
class Begun:
    """What a thread has done, and its locals then."""

    thread: str
    deeds: tuple[Deed, ...]
    locals: Mapping[str, object]

    @property
    def chosen(self) -> tuple[object, ...]:
        """The values of its choices."""
        return chosen(self.deeds)


def at_the_start(stepper: Stepper) -> list[tuple[Begun, ...]]:
    """In the order of the stepper's first states."""
    return beginnings(stepper, *stepper.opening())


def beginnings(stepper: Stepper, shared: SharedPart, threads: Sequence[Thread]) -> list[tuple[Begun, ...]]:
    """In the order of the stepper's own alternatives."""
    ways: list[tuple[SharedPart, tuple[Begun, ...]]] = [(shared, ())]
    for thread in threads:
        ways = [
            (after.shared_part(), (*earlier, Begun(thread.ref, tuple(after.logged.deeds), named_locals(after))))
            for before, earlier in ways
            for _, after in stepper.local.run(
                Context(stepper.layout, before, stepper.local.fresh(thread), thread, tracing=True)
            )
        ]
    return [begun for _, begun in ways]


def chosen(deeds: Sequence[Deed]) -> tuple[object, ...]:
    """The values that were chosen."""
    return tuple(deed.value for deed in deeds if deed.operation == "choose")


def by_thread(begun: Sequence[Begun]) -> dict[str, tuple[object, ...]]:
    """What each thread has chosen that has chosen anything."""
    return {one.thread: one.chosen for one in begun if one.chosen}


def named_locals(w: Context) -> dict[str, object]:
    """The locals of a traced thread (of a pool's worker: those of its call) as far as they are known."""
    depth = 0 if w.thread.pool is None else 1
    frame = w.left if w.left is not None else w.frames[depth] if len(w.frames) > depth else None
    if frame is None:
        return {}
    pairs = zip(frame.code.slots, frame.locals, strict=True)
    return {name: value for name, value in pairs if "$" not in name and not isinstance(value, Unset | Unknown | Held)}
