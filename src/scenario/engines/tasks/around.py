"""What a run on asyncio rests on, which is another thing where it is explored: its time, who chooses, how long it may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import field
from math import inf

from scenario.engines.tasks.actors import Actor
from scenario.machine import Growth
from scenario.real.functions import choose
from scenario.record import record


def _unheard(_: Actor) -> None:
    """Nobody is told."""


@record
class Around:
    """What a run rests on: its time, who chooses, whether computing takes time, when it has to be over (`time.monotonic`).

    `memory`: what all of it may take where it is explored. `patience`: rounds of loops between two suspensions; more are refused. `ended`: who is told of each task's end.
    """

    limit: float
    clock: Callable[[], float] = time.perf_counter
    choose: Callable[[Actor, Iterable[object]], object] = choose
    computes: bool = True
    memory: Growth = field(default_factory=lambda: Growth(inf))
    patience: float = inf
    ended: Callable[[Actor], None] = _unheard
