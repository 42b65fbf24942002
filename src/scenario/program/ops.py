"""The operations of a thread, one frozen class a verb (and a kind of primitive where verbs are shared).

Statements are those of `scenario.syntax`. Every op's `span` is its step in the file.
A target (`into`, `as`) is an expression that Python could assign to: `Local`, `Shared`, `TlsField`,
`Subscript`, or a `TupleDisplay` of them.
"""

from __future__ import annotations

from typing import TypeAlias, get_args

from scenario.program.operations import *  # noqa: F403 (an operation on an object is one of the operations)
from scenario.program.operations import Act, AnyOperation
from scenario.record import record
from scenario.syntax import Const, Evaluate, Expr, Node, Ref, Statement, Template

Block: TypeAlias = "tuple[Op, ...]"


# --- output and time ---------------------------------------------------------------------------


@record
class Print(Node):
    text: Template


@record
class Mark(Node):
    """Records a named moment, for `order`."""

    text: Template


@record
class Sleep(Node):
    seconds: Expr


@record
class Compute(Node):
    """So many seconds of work in pure Python; exploring: no step."""

    seconds: Expr


# --- on objects: see `operations` ------------------------------------------------------------------


@record
class With(Act):
    """One lock, semaphore or condition (acquired, released) or pool (shut down, waiting, at the end)."""

    verb = "with"
    effects = ("take", "free")
    ends = ("lock", "semaphore")

    ref: Ref
    body: Block


# --- threads, timers -----------------------------------------------------------------------------------


@record
class Start(Act):
    """A thread, a whole group (a group's name without an index) or `all` (those not started yet)."""

    verb = "start"
    effects = ("start",)

    ref: Ref


@record
class Join(Act):
    """A thread, a group, `all` (started, no daemons) or `main`."""

    verb = "join"

    ref: Ref
    timeout: Expr | None = None


@record
class CancelThread(Act):
    """On asyncio: asks a task to end (`Task.cancel`); `into` gets whether it could be asked."""

    verb = "cancel"
    operation = "cancel thread"
    effects = ("cancel",)

    ref: Ref
    into: Expr | None = None


@record
class Kill(Act):
    """On multiprocessing: the process takes no further step, and what it holds stays held (`Process.kill`)."""

    verb = "kill"
    effects = ("kill",)

    ref: Ref


@record
class CancelTimer(Act):
    verb = "cancel"
    operation = "cancel timer"
    effects = ("cancel",)

    ref: Ref


# --- pools, futures ------------------------------------------------------------------------------------


@record
class Submit(Act):
    """`args` are in the order of the routine's parameters; `keywords`: those of a callable of the user's own that are given by name."""

    verb = "submit"

    routine: str
    to: Ref
    args: tuple[Expr, ...] = ()
    into: Expr | None = None
    keywords: tuple[tuple[str, Expr], ...] = ()


@record
class Map(Node):
    """All results into `into`, or one after the other as `target` (the verb's `as`) to `body`."""

    routine: str
    to: Ref
    over: Expr
    timeout: Expr | None = None
    into: Expr | None = None
    target: Expr | None = None
    body: Block | None = None


@record
class Result(Act):
    verb = "result"

    future: Expr
    timeout: Expr | None = None
    into: Expr | None = None


@record
class CancelFuture(Act):
    verb = "cancel"
    operation = "cancel future"
    effects = ("cancel",)
    ends = ("future",)

    future: Expr
    into: Expr | None = None


@record
class SetResult(Act):
    verb = "set_result"
    effects = ("complete",)
    ends = ("future",)

    future: Expr
    value: Expr


@record
class SetException(Act):
    """`error` is the exception's name; `message` a template, or what has been made of it."""

    verb = "set_exception"
    effects = ("complete",)
    ends = ("future",)

    future: Expr
    error: str
    message: Template | Expr | None = None


@record
class SetRunning(Act):
    verb = "set_running_or_notify_cancel"
    effects = ("notify cancel",)

    future: Expr
    into: Expr | None = None


@record
class AddDoneCallback(Act):
    """`args` and `keywords`: as in `Submit`."""

    verb = "add_done_callback"

    future: Expr
    routine: str
    args: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()


@record
class WaitFutures(Act):
    """`return_when` evaluates to FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED (the default)."""

    verb = "wait_futures"

    futures: Expr
    return_when: Expr | None = None
    timeout: Expr | None = None
    into: Expr | None = None


@record
class AsCompleted(Act):
    """`total`: how many there were, where it goes on with those that are not done."""

    verb = "as_completed"

    target: Expr
    futures: Expr
    body: Block
    timeout: Expr | None = None
    total: Expr | None = None


@record
class ShutdownPool(Act):
    verb = "shutdown"
    operation = "shutdown pool"
    effects = ("shutdown",)

    ref: Ref
    wait: Expr | None = None
    cancel_futures: Expr | None = None


# --- control flow ----------------------------------------------------------------------------------------


@record
class CallRoutine(Node):
    """`args` are in the order of the routine's parameters."""

    routine: str
    args: tuple[Expr, ...] = ()
    into: Expr | None = None


@record
class CallPython(Act):
    """A callable of the user's own code (section 8), by its name in `python`."""

    verb = "call"

    function: str
    args: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()
    into: Expr | None = None


Calling: TypeAlias = Submit | AddDoneCallback | CallPython
"""What may give arguments by name, to a callable of the user's own."""


@record
class If(Node):
    """`if` and each `elif` as (test, body), in order."""

    branches: tuple[tuple[Expr, Block], ...]
    orelse: Block = ()


@record
class While(Node):
    test: Expr
    body: Block


@record
class Repeat(Node):
    times: Expr
    body: Block
    target: Expr | None = None


@record
class For(Node):
    target: Expr
    iterable: Expr
    body: Block


@record
class Handler(Node):
    """Not an op: the steps of a `Try` for one exception; the local `error` holds its text."""

    exception: str
    body: Block


@record
class Try(Node):
    body: Block
    handlers: tuple[Handler, ...] = ()
    orelse: Block = ()
    finalbody: Block = ()


@record
class Raise(Node):
    exception: str
    message: Template | None = None


@record
class Assert(Node):
    """A check, not an exception: where it is false the scenario fails and the thread goes on."""

    test: Expr
    message: Template | None = None


@record
class Expect(Node):
    """`raises: exception` on `body` (exactly one op)."""

    exception: str
    body: Op


@record
class Choose(Node):
    """Any of the values: a run picks by seed, exploring tries each."""

    target: Expr
    values: Expr


@record
class Await(Node):
    """Blocks until the expression over shared state holds."""

    test: Expr
    timeout: Expr | None = None


@record
class Atomic(Node):
    body: Block


@record
class Timeout(Node):
    """On asyncio: the steps, for so many seconds at most (`asyncio.timeout`)."""

    seconds: Expr
    body: Block


Op: TypeAlias = (
    Statement
    | Print | Mark | Sleep | Compute
    | AnyOperation | With
    | Start | Join | CancelTimer | CancelThread | Kill
    | Submit | Map | Result | CancelFuture | WaitFutures | AsCompleted | ShutdownPool
    | SetResult | SetException | SetRunning | AddDoneCallback
    | CallRoutine | CallPython | If | While | Repeat | For | Try | Raise | Assert | Expect
    | Choose | Await | Atomic | Timeout
)  # fmt: skip


def is_a_call(op: Op) -> bool:
    """Whether in Python it is a call whose value nothing keeps: an exception may still meet its handlers when it is done."""
    match op:
        case AsCompleted():
            return False
        case Act() | CallRoutine() | CallPython():
            return getattr(op, "into", None) is None
        case Evaluate() | Print() | Mark() | Sleep() | Compute() | Await() | Atomic():
            return True
        case _:
            return False


def is_at_once(op: Node) -> bool:
    """Whether it is told to wait for nobody: `blocking: false`, `block: false`."""
    told = (getattr(op, name, None) for name in ("blocking", "block"))
    return any(isinstance(one, Const) and not one.value for one in told)


BLOCKING: frozenset[type[Op]] = frozenset({
    *(op for op in get_args(AnyOperation) if op.waits_for),
    With, Join, Map, Result, WaitFutures, AsCompleted, ShutdownPool, Await,
})  # fmt: skip
"""Operations at which a thread may have to wait for others."""

HELD: frozenset[str] = frozenset({
    "semaphore", "relock", *(op.waits_for for op in get_args(AnyOperation) if op.holds == "takes"),
})  # fmt: skip
"""Kinds of wait for what somebody has: who that is belongs to the fact."""
