"""What a runtime does not have, and where a file is asked for it."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.program import ops
from scenario.program.program import Program
from scenario.program.whole import used
from scenario.record import record
from scenario.source import Span
from scenario.spec.primitives import Array, Primitive
from scenario.spec.scenario import Scenario


@record
class Unfit:
    """Something that a runtime does not have, and what to write instead."""

    what: str
    span: Span
    instead: str


def threads_with(model: Scenario, key: str, what: str, instead: str) -> Iterator[Unfit]:
    """The threads that have the key."""
    for thread in model.threads.values():
        if key in thread.key_spans:
            yield Unfit(what, thread.at(key), instead)


def primitives(model: Scenario) -> Iterator[Primitive]:
    """All of them; of an array what its elements are."""
    for primitive in model.primitives.values():
        yield primitive.of if isinstance(primitive, Array) else primitive


_WAITING = (*ops.BLOCKING, ops.Sleep)


def may_wait(routine: str, program: Program) -> bool:
    """Whether a routine, or one that it calls, may wait."""
    own = program.routines.get(routine)
    nodes = used(own.body, program.routines) if own is not None else ()
    return any(isinstance(node, _WAITING) and not ops.is_at_once(node) for node in nodes)
