"""Why nothing can be said of all executions, as a fact: what was used up, what is not followed, what was not looked at."""

from __future__ import annotations

from typing import Literal, TypeAlias

from scenario.record import record


@record
class OutOfTime:
    """In the middle of one step of `thread` (in a loop that goes on and on, at `line`), of an expression, or of a claim; else between two steps."""

    amid: Literal["", "step", "loop", "expression", "claim"] = ""
    thread: str = ""
    line: int | None = None


@record
class OutOfMemory:
    """`most`: bytes that there were; None: all that the kernel of a search can have."""

    most: float | None = None


@record
class TooManyStates:
    """More than `most`."""

    most: int


@record
class TooManyWays:
    """More than `most` from one step, by who is picked in which order."""

    most: int


@record
class NotFollowed:
    """What the file does and no search can follow; at that line, if it is known. `name`: of the pool, the thread, the class."""

    what: Literal[
        "process pool", "own code", "interrupts in time", "changing message", "containers in themselves", "nested so deep", "text of a future",
        "same NaN", "same exception", "kept value", "key in another's place", "future of a pool", "callbacks of a pool that ends", "callback that ends a worker", "odds of tasks",
        "condition's lock of another", "full pipe", "killed party", "deliveries in time", "daemons that end with main", "change in a manager", "empty at the end", "one of several that is held", "operations in atomic",
    ]  # fmt: skip
    name: str = ""
    line: int | None = None


Beside: TypeAlias = Literal[
    "a process pool", "the virtual clock", "`elapsed`", "`wake: fifo`", "`spurious`", "`fairness: weak`",
    "an expected livelock", "an object or thread in `always` or `reachable`", "`blocked`", "an interrupt", "`--odds`", "`--for-all`",
]  # fmt: skip


@record
class BesideOwnCode:
    """What a file, or the command line, asks for and is not explored together with the user's own code; `line`: where the file does."""

    what: Beside
    line: int | None = None


@record
class OwnCode:
    """What in the user's own code can not be followed, with its place."""

    why: str


@record
class NeedsClock:
    """What is asked needs the virtual clock."""

    what: Literal["now", "elapsed"]


@record
class NotAll:
    """Not all was looked at."""

    how: Literal["interrupted", "ended early", "sampled"]


Undecided: TypeAlias = (
    OutOfTime | OutOfMemory | TooManyStates | TooManyWays | NotFollowed | BesideOwnCode | OwnCode | NeedsClock | NotAll
)
