"""A schedule: which thread moved when, and which alternative it took. The one source of truth of a replay."""

from __future__ import annotations

from dataclasses import field

from scenario.record import record
from scenario.source import START, Span

VERSION = 1


@record
class Move:
    """One step.

    `thread` is a ref (`A`, `worker[1]`, `main`, `pool-worker[0]`), `alternative` its number among the thread's
    alternatives then; the rest is for people: what it did (`read counter -> 0`), how it went (`ok`, `times out`,
    `picks B`), whether another thread could have gone on (`preempts`), which shared variables it read and wrote.
    """

    thread: str
    alternative: int = 0
    span: Span = START
    action: str = ""
    detail: str = ""
    preempts: bool = False
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


@record
class Schedule:
    """`digest` names the program (file and params) that it was found on; `cycle` is where a livelock's loop begins.

    `start` numbers the values that are chosen before any step, among all that could be (None: there is no choice, or any
    will do); `opening`, for people, tells them.
    """

    digest: str
    moves: tuple[Move, ...] = field(default=())
    cycle: int | None = None
    start: int | None = None
    opening: tuple[Move, ...] = field(default=())
