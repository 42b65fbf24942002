"""Loops that wait by passing time: a thread that comes back to a `sleep`, or to a wait that timed out, as it was and with nothing changed.

What it has looked at meanwhile is still so, and its own variables are the same. So another round would do the same and come to the same state:
to each execution with that round there is one without it that ends alike. The thread therefore rests until somebody does what
depends on what it has looked at, and a loop that waits has finitely many interleavings. A scheduler that is fair does not go round for
ever while others could move; where nobody else can, the loop never ends.

A round counts as nothing only where that is certain: each of its frames is the user's own and stands at the same instruction with the same
values in its variables, and no iterator without a name is between (a `for` that went on, a comprehension, C that calls); nothing was
written, each lock that was taken is free again, and nobody asks what time it is.
"""

from __future__ import annotations

import dis
from collections.abc import Sequence
from functools import cache
from types import CodeType, FrameType

from scenario.engines.code.actors import Actor, Round, Step
from scenario.engines.code.operation import EVERYTHING, Location, Touches, dependent
from scenario.engines.code.privates import this_frame
from scenario.engines.code.runtime.kinds import FLAT
from scenario.engines.code.world import World

THROUGH = (f"{__name__.partition('.')[0]}.", "contextlib")
"""Modules whose frames in between have no state of their own: our gates, and what enters and leaves managers."""
ROOT = Actor.run.__code__
HARMLESS = frozenset({"waits", "sleeps"})
"""Verbs of steps after which all is as before, if the wait that follows times out."""
HIDING = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
"""Names of code that goes on with an iterator of no name."""


class Rest:
    """Has a thread anything to do? `touches`: what its last round has looked at."""

    def __init__(self, world: World, actor: Actor, taken: Sequence[tuple[int, Step]]) -> None:
        self._steps, self._actor = world.steps, actor
        self.touches: Touches = tuple(dict.fromkeys(each for _, step in taken for each in step.operation.touches))
        self._is_over = any(
            self._disturbs(later, step.operation.touches)
            for number, step in taken
            for later in self._steps[number + 1 :]
        )
        self._seen = len(self._steps)

    def is_over(self) -> bool:
        """Whether somebody has done what may change that since it was looked at."""
        while not self._is_over and self._seen < len(self._steps):
            self._is_over = self._disturbs(self._steps[self._seen], self.touches)
            self._seen += 1
        return self._is_over

    def _disturbs(self, step: Step, touches: Touches) -> bool:
        return step.actor is not self._actor and dependent(step.operation.touches, touches)


class Rests:
    """`codes`: the identities of the user's own."""

    def __init__(self, codes: frozenset[int]) -> None:
        self._codes = codes

    def come_round(self, world: World, actor: Actor, number: int) -> Rest | None:
        """At a place where time passes; None: the thread has something to do there, or may have."""
        before, now = actor.round, self._round(number, len(world.steps))
        actor.begin_round(now)
        if before is None or now is None or actor.inside or before.key != now.key:
            return None
        taken = [(at, step) for at, step in enumerate(world.steps[before.since :], before.since) if step.actor is actor]
        return Rest(world, actor, taken) if _changes_nothing([step for _, step in taken]) else None

    def _round(self, number: int, since: int) -> Round | None:
        """Where each of the thread's frames stands, with its variables; None: something in between may be in a state that is not seen."""
        key: list[object] = [number]
        kept: list[object] = []
        frame: FrameType | None = this_frame()
        while frame is not None and frame.f_code is not ROOT:
            code = frame.f_code
            if id(code) in self._codes:
                if code.co_name in HIDING or _has_comprehension(code):
                    return None
                key += [id(code), frame.f_lasti]
                for name, value in frame.f_locals.items():
                    kept.append(value)
                    key += [name, _compared(value)]
            elif not str(frame.f_globals.get("__name__")).startswith(THROUGH):
                return None
            frame = frame.f_back
        return Round(since, tuple(key), tuple(kept))


def _compared(value: object) -> object:
    """A number or a text is what it is worth, anything else what it is."""
    if type(value) in (float, complex):
        return type(value), repr(value)
    return (type(value), value) if type(value) in FLAT else id(value)


def _changes_nothing(steps: Sequence[Step]) -> bool:
    """All together."""
    held: dict[Location, int] = {}
    for step in steps:
        operation = step.operation
        if operation.frees is not None:
            held[operation.frees] = held.get(operation.frees, 0) - 1
        elif step.timed_out or operation.verb in HARMLESS:
            continue
        elif operation.takes is not None:
            held[operation.takes] = held.get(operation.takes, 0) + 1
        elif any(changes or location == EVERYTHING for location, changes in operation.touches):
            return False
    return not any(held.values())


@cache
def _has_comprehension(code: CodeType) -> bool:
    """From Python 3.12 on it is no code of its own."""
    return any(each.opname == "LOAD_FAST_AND_CLEAR" for each in dis.get_instructions(code))
