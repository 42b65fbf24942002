"""A schedule: which thread moved when, and which alternative it took. The one source of truth of a replay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import Enum
from typing import Final, Literal, TypeAlias

from scenario.record import record
from scenario.results.failures import AssertFalse, Failure, NotRaised
from scenario.results.waiting import Wait
from scenario.source import START, Span

VERSION = 1

Way: TypeAlias = Literal["ok", "queues", "fails", "timeout", "spurious"]
"""`queues`: the first of the two steps of a wait; `fails`: it gave up at once (`blocking: false`)."""

Part: TypeAlias = Literal["whole", "first", "second", "nothing", "takes off", "throws away", "kept"]
"""What a step is of its operation: all of it, one of the two steps of a wait, or there was nothing to be done.

`takes off`, `throws away`: a call, of a queue of a pool that is emptied. `kept`: breaking a pool did not take away what tells its workers to end.
"""


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
    (`fire`), on asyncio what was decided before (whose `time` was over, a value `chosen`), that an `interrupt` comes, that a check fails (`assert`, `raises`), or what becomes of the thread (`raise`, `end`). `object` is what it is
    done to, as the file has it with indices as they were, the text of the call. `value`: what was read,
    written, chosen, put, given or got; of `submit` and `take` the arguments of `routine`; of `await` the variables by
    name. `error` and `message` are those of an exception; `span` is its place where it was raised. `check` is a failed one. `file`: the one of
    the user's own code in which `span` lies; "": the scenario's.
    """

    operation: str
    object: str = ""
    value: Value = NOTHING
    span: Span = START
    routine: str = ""
    error: str = ""
    message: str = ""
    thread: str = ""
    check: AssertFalse | NotRaised | None = None
    file: str = ""


@record
class Move:
    """One step.

    `thread` is a ref (`A`, `worker[1]`, `main`, `pool-worker[0]`), `alternative` its number among the thread's
    alternatives then; the rest is for people: what was done in it, in order (`atomic`: as this one block), which `part` of its
    operation it is and which `way` it went, whether another thread could have gone on (`preempts`), which shared variables
    it read and wrote, and what the thread waits for after it, if it can not go on. Of a real run only the `names` in it are known.

    The rest is for patterns. `operation` is the verb (`access` for shared variables) and `object` the name of what it is
    on (a thread's ref where it is one), `lock` the lock that it takes, gives back or needs, `woken` the threads that it
    woke, `raises` the exception's name, `asks` the objects whose state it looked at; `group` is the array or group of
    `object`, `pool` the one whose worker the thread is. `uses` are the earlier moves of the thread whose values it works
    with, `because` those whose values decided that it is taken, `refuted` those whose values made a check after it fail.
    `decides`: after which move of the thread something was first decided by its own value, and `claims` are those of its
    `reads` which that decision may change; `later` is what the thread may still write after it.
    """

    thread: str
    alternative: int = 0
    span: Span = START
    deeds: tuple[Deed, ...] = ()
    part: Part = "whole"
    way: Way = "ok"
    preempts: bool = False
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    atomic: Span | None = None
    waits: Wait | None = None
    names: tuple[str, ...] = ()
    operation: str = ""
    object: str = ""
    group: str = ""
    pool: str = ""
    lock: str = ""
    woken: tuple[str, ...] = ()
    raises: str = ""
    asks: tuple[str, ...] = ()
    uses: tuple[int, ...] = ()
    because: tuple[int, ...] = ()
    refuted: tuple[int, ...] = ()
    decides: int | None = None
    claims: tuple[str, ...] = ()
    later: tuple[str, ...] = ()

    @property
    def tested(self) -> bool:
        """Whether something was decided by its own value."""
        return self.decides is not None


@record
class Schedule:
    """`digest` names the program (file and params) that it was found on; `cycle` is where a livelock's loop begins.

    `start` numbers the values that are chosen before any step, among all that could be (None: there is no choice, or any
    will do); `opening`, for people, tells them, and `locals` what each thread's locals are in the end, by its ref.
    `rest`: after the moves each of these threads takes all the steps that it has left, one thread after the other.
    `untold`: of so many moves before the last few no more is known than who takes which alternative where: there was no time.
    `code`: the whole of it, of a file with the user's own code, by places of the file and of the code ("": nobody had to be chosen).
    """

    digest: str
    moves: tuple[Move, ...] = field(default=())
    cycle: int | None = None
    start: int | None = None
    opening: tuple[Move, ...] = field(default=())
    locals: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    untold: int = 0
    code: str | None = None

    def placed(self, failure: Failure) -> Failure:
        """The failure with a place: a livelock at which nobody stands is where its round begins, of the thread that begins it."""
        if self.cycle is None or failure.kind != "livelock" or failure.span != START:
            return failure
        first = self.moves[self.cycle]
        return replace(failure, span=first.span, thread=first.thread)
