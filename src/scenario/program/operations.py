"""The operations on an object, one frozen class a verb (and a kind of primitive where verbs are shared).

Each says what engines, rules and reports need to know of it whatever the object: so whoever adds one says it here.
"""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from scenario.language.primitives import QUEUES
from scenario.record import record
from scenario.syntax import Expr, Node, Ref


@record
class Act(Node):
    """What is done with an object, a thread or a future.

    `verb` is the file's word, `operation` its name among all where that is another. `effects`: what it may do to those who
    wait, as the watcher of a run counts it. `ends`: the kinds of wait that it may end, all else being well. `holds`: whether
    the thread has the object afterwards (unless the call gives False), gives it back, or lends it while it waits: engines
    note by that who has it.
    """

    verb: ClassVar[str]
    operation: ClassVar[str] = ""
    effects: ClassVar[tuple[str, ...]] = ()
    ends: ClassVar[tuple[str, ...]] = ()
    holds: ClassVar[Literal["", "takes", "gives back", "lends"]] = ""

    @classmethod
    def named(cls) -> str:
        """Its name among all."""
        return cls.operation or cls.verb


@record
class Operation(Act):
    """One call on the object that `ref` names.

    `on`: the kinds that it is for, where its verb is shared. `waits_for`: the kind of wait where a thread may have to wait. `gives_plain`:
    what goes `into` a target is certainly no container.
    """

    on: ClassVar[tuple[str, ...]] = ()
    waits_for: ClassVar[str] = ""
    gives_plain: ClassVar[bool] = False

    ref: Ref


# --- locks, semaphores, conditions ---------------------------------------------------------------


@record
class Acquire(Operation):
    """A Lock, RLock, Semaphore, BoundedSemaphore or Condition; `into` gets the bool Python returns."""

    verb = "acquire"
    waits_for = "lock"
    holds = "takes"
    gives_plain = True
    effects = ("take",)

    blocking: Expr | None = None
    timeout: Expr | None = None
    into: Expr | None = None


@record
class Release(Operation):
    """`n` for semaphores only."""

    verb = "release"
    holds = "gives back"
    effects = ("free",)
    ends = ("lock", "semaphore")

    n: Expr | None = None


@record
class WaitCondition(Operation):
    verb = "wait"
    on = ("Condition",)
    waits_for = "condition"
    holds = "lends"
    gives_plain = True
    effects = ("free",)

    timeout: Expr | None = None
    into: Expr | None = None


@record
class WaitFor(Operation):
    """A condition with a predicate, evaluated under its lock."""

    verb = "wait_for"
    waits_for = "condition"
    holds = "lends"
    gives_plain = False
    effects = ("free",)

    until: Expr
    timeout: Expr | None = None
    into: Expr | None = None


@record
class Notify(Operation):
    """`n` None means one; see `NotifyAll`."""

    verb = "notify"
    effects = ("notify",)
    ends = ("condition",)

    n: Expr | None = None


@record
class NotifyAll(Operation):
    verb = "notify_all"
    effects = ("notify",)
    ends = ("condition",)


# --- events, barriers --------------------------------------------------------------------------------


@record
class WaitEvent(Operation):
    verb = "wait"
    operation = "wait event"
    on = ("Event",)
    waits_for = "event"
    gives_plain = True

    timeout: Expr | None = None
    into: Expr | None = None


@record
class SetEvent(Operation):
    verb = "set"
    effects = ("set",)
    ends = ("event",)


@record
class ClearEvent(Operation):
    verb = "clear"
    effects = ("clear",)


@record
class WaitBarrier(Operation):
    verb = "wait"
    operation = "wait barrier"
    on = ("Barrier",)
    waits_for = "barrier"
    gives_plain = True
    effects = ("barrier",)
    ends = ("barrier",)

    timeout: Expr | None = None
    into: Expr | None = None


@record
class AbortBarrier(Operation):
    verb = "abort"
    waits_for = "action"
    effects = ("barrier",)


@record
class ResetBarrier(Operation):
    verb = "reset"
    waits_for = "action"
    effects = ("barrier",)


# --- queues ------------------------------------------------------------------------------------------


@record
class Put(Operation):
    verb = "put"
    waits_for = "room"
    effects = ("put",)
    ends = ("item",)

    item: Expr
    block: Expr | None = None
    timeout: Expr | None = None


@record
class Get(Operation):
    verb = "get"
    waits_for = "item"
    gives_plain = False
    effects = ("get",)
    ends = ("room",)

    into: Expr | None = None
    block: Expr | None = None
    timeout: Expr | None = None


@record
class TaskDone(Operation):
    verb = "task_done"
    effects = ("done",)
    ends = ("tasks",)


@record
class JoinQueue(Operation):
    verb = "join"
    operation = "join queue"
    on = QUEUES
    waits_for = "tasks"


@record
class ShutdownQueue(Operation):
    verb = "shutdown"
    on = QUEUES
    effects = ("put", "get", "done")

    immediate: Expr | None = None


AnyOperation: TypeAlias = (
    Acquire | Release | WaitCondition | WaitFor | Notify | NotifyAll
    | WaitEvent | SetEvent | ClearEvent | WaitBarrier | AbortBarrier | ResetBarrier
    | Put | Get | TaskDone | JoinQueue | ShutdownQueue
)  # fmt: skip
