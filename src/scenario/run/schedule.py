"""A schedule: which thread moved when, and which alternative it took. The one source of truth of a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import Final, Literal, TypeAlias

from scenario.record import record
from scenario.run.waiting import Wait
from scenario.source import START, Span

VERSION = 1

Way: TypeAlias = Literal["ok", "timeout", "spurious"]


class Nothing(Enum):
    """That there is no value, where None is one."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING

Value: TypeAlias = object
"""A value of the scenario."""


@record
class Deed:
    """One thing that was done in a step, as a fact: words are made of it in the report alone.

    `operation` is the language's verb (`put`, `acquire`, `choose`, `await`), what is done to a shared variable (`read`,
    `write`, `delete`, `next`, `call` of a method), what a worker does (`take`, `finish`, `fail`, `break`) or a timer
    (`fire`), a failed check (`assert`, `raises`), or what becomes of the thread (`raise`, `end`). `object` is what it is
    done to, as the file has it with indices as they were, the text of the call or of the check. `value`: what was read,
    written, chosen, put, given or got; of `submit` and `take` the arguments of `routine`; of `await` the variables by
    name. `error` and `message` are those of an exception; `span` is its place where it was raised.
    """

    operation: str
    object: str = ""
    value: Value = NOTHING
    span: Span = START
    routine: str = ""
    error: str = ""
    message: str = ""
    thread: str = ""


@record
class Move:
    """One step.

    `thread` is a ref (`A`, `worker[1]`, `main`, `pool-worker[0]`), `alternative` its number among the thread's
    alternatives then; the rest is for people: what was done in it, in order (`atomic`: as one block), how it went (`ok`,
    `times out`, `picks B`), whether another thread could have gone on (`preempts`), which shared variables it read and
    wrote, and what the thread waits for after it, if it can not go on.
    """

    thread: str
    alternative: int = 0
    span: Span = START
    deeds: tuple[Deed, ...] = ()
    detail: str = ""
    way: Way = "ok"
    preempts: bool = False
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    atomic: bool = False
    waits: Wait | None = None

    @property
    def action(self) -> str:
        """What it did first, and to what."""
        return f"{self.deeds[0].operation} {self.deeds[0].object}".strip() if self.deeds else ""


@record
class Schedule:
    """`digest` names the program (file and params) that it was found on; `cycle` is where a livelock's loop begins.

    `start` numbers the values that are chosen before any step, among all that could be (None: there is no choice, or any
    will do); `opening`, for people, tells them, and `locals` what each thread's locals are in the end, by its ref.
    """

    digest: str
    moves: tuple[Move, ...] = field(default=())
    cycle: int | None = None
    start: int | None = None
    opening: tuple[Move, ...] = field(default=())
    locals: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
