"""The instructions of a body: what stands between two steps is local work, every step is one instruction.

Each is a frozen value of trees and slots. A tree (`Value`) names a frame's slots as locals: the file's own by
their names, temporaries as `$1`, handles as `$h2`. A handle stands for a shared container that was loaded, to go
on with whatever comes to stand in its place, or for a value of the thread's own. Indices and arguments in a step's
trees are locals or constants: they were evaluated before, in Python's order.

| local work | |
|---|---|
| `Compute` | evaluates; the value into `defines[0]`, if any |
| `Store` `Remove` `Change` | `place = value`, `del place`, `place op= value` in what is the thread's own |
| `Jump` `Branch` `Iterate` | on to `to`: always; where a test is false; where a sequence is over |
| `Raise` `Throw` | a new exception; a caught one again |
| `Fail` | a check that is false: noted, and the thread goes on |
| `Pick` | any of the values in `uses[0]` |
| `Enter` `Leave` | a call of a routine; the end of the body |
| `Started` | a pool's worker has come through its initializer |
| `Begin` `End` | an atomic block |

| steps | |
|---|---|
| `Read` `Load` `Call` `Write` `Delete` `Update` `Extend` `Next` | one access to what is shared: see each |
| `Guard` | `await` |
| `Operate` | one operation on a primitive, thread, pool or future |
| `Fire` `Work` | a timer's own step; those of a pool's worker |
| `Emit` `Snooze` | an observed line or mark; `sleep`, where the clock is virtual |
| `Gap` | no deed: local work lies before it and behind it, and an interrupt may come between |

An exception of an instruction goes to its `handler`; without one it leaves the body.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal, TypeAlias

from scenario.program import ops
from scenario.record import record
from scenario.source import START, Span
from scenario.steps.values import Value
from scenario.syntax import BinaryOperator, Expr, Local, Method, Ref

Part: TypeAlias = Literal["take", "finish", "fail", "break"]

VERSION = 3
"""Of the instructions: what they are and what they mean. To be raised with every change of either."""


@record
class Instruction:
    """`handler`: where an exception of it goes; `uses` and `defines`: the slots that it reads and sets."""

    span: Span = field(default=START, kw_only=True)
    handler: int | None = field(default=None, kw_only=True)
    uses: tuple[int, ...] = field(default=(), kw_only=True)
    defines: tuple[int, ...] = field(default=(), kw_only=True)


# --- local work ------------------------------------------------------------------------------


@record
class Compute(Instruction):
    value: Value


@record
class Store(Instruction):
    """`place = value`: an element of a container of the thread's own, or a field of a `local`."""

    place: Expr
    value: Expr


@record
class Remove(Instruction):
    """`del place`."""

    place: Expr


@record
class Change(Instruction):
    """`place op= value`: a local (then `defines[0]`), an element of a container of the thread's own, a field of a `local`."""

    place: Expr
    operator: BinaryOperator
    value: Expr


@record
class Jump(Instruction):
    to: int


@record
class Branch(Instruction):
    """Goes on at the next instruction where the test is true, else at `to`."""

    test: Value
    to: int


@record
class Iterate(Instruction):
    """The next element of what is in `uses[0]`, how far the loop is in `uses[1]`; on at `to` when it is over.

    `view`: what is taken of a dict, "keys", "values" or "items".
    """

    to: int
    view: str = "keys"


@record
class Raise(Instruction):
    """Raises an exception by name; the text of its argument, if any, in `uses[0]`."""

    exception: str


@record
class Throw(Instruction):
    """Raises the exception in `uses[0]`, which was caught.

    `anew`: nothing has been raised until now; it was kept back for an access, the instruction before, that might raise instead.
    """

    anew: bool = False


@record
class Fail(Instruction):
    """A failed check; the thread goes on.

    `text` is the test of an `assert`, or the exception that a step `raises`; `message` gives the file's own message, or
    what was raised instead (what it raises itself is the step's exception). `looks`: it reads shared state for that,
    which is no step.
    """

    kind: Literal["assert", "raises"]
    text: str
    message: Value | None = None
    looks: bool = False


@record
class Pick(Instruction):
    """`choose`: any of the values in `uses[0]`, into `defines[0]`; `target` is what the file calls it."""

    target: str


@record
class Enter(Instruction):
    """Calls a routine with the slots in `uses`; its value goes into `defines[0]` if there is one."""

    routine: str


@record
class Leave(Instruction):
    """Returns from the frame with the value of `uses[0]`, if any; ends the thread from its only frame."""


@record
class Started(Instruction):
    """A pool's worker has come through its initializer (in its own code alone)."""

    pool: str
    element: int | None


@record
class Begin(Instruction):
    """An atomic block opens: it begins with its first step. `until`: its end, where nothing leaves it before."""

    until: int


@record
class End(Instruction):
    """An atomic block closes."""


# --- accesses ----------------------------------------------------------------------------------


@record
class Access(Instruction):
    """One access to shared state; what it gives goes into `defines[0]`.

    `reads` and `writes` are names of vars; `asks` the (primitive or thread, attribute) pairs that are queried (`"*"`:
    any future's); `shown` the place by its variable, as a reader of the file knows it; `reached`: what CPython has
    come to before, whose exceptions are this step's.
    """

    reads: frozenset[str] = field(default=frozenset(), kw_only=True)
    writes: frozenset[str] = field(default=frozenset(), kw_only=True)
    asks: frozenset[tuple[str, str]] = field(default=frozenset(), kw_only=True)
    shown: Expr | None = field(default=None, kw_only=True)
    reached: tuple[Value, ...] = field(default=(), kw_only=True)


@record
class Read(Access):
    value: Expr


@record
class Load(Access):
    """The object that stands at the place, into a handle."""

    place: Expr


@record
class Call(Access):
    """A method of a shared container."""

    call: Method


@record
class Write(Access):
    """`place = value`."""

    place: Expr
    value: Expr


@record
class Delete(Access):
    """`del place`."""

    place: Expr


@record
class Update(Access):
    """`place op= value` if a container stands there, and then an empty tuple; else a tuple of what was read."""

    place: Expr
    operator: BinaryOperator
    value: Expr


@record
class Extend(Access):
    """`container op= value`, which is then stored in `back`, if anywhere."""

    container: Expr
    operator: BinaryOperator
    value: Expr
    back: Expr | None = None


@record
class Next(Access):
    """The next element of a shared container, in a tuple; an empty one at its end.

    `view`: what is taken of a dict, "keys", "values" or "items"; "": of whatever it is its elements. `loads`: the first access loads the object into the
    handle `container`. What turns out to be no container is read once, by the first access, into `own` (a sequence).
    `position` (0 at first) and `cursor` (None at first) are the engine's, to know how far it is.
    """

    container: Expr
    view: str
    loads: bool
    position: Local
    cursor: Local
    own: Local


# --- other steps -------------------------------------------------------------------------------


@record
class Guard(Instruction):
    """`await`: enabled while the test holds; with `timeout` (a slot) it may time out where it does not."""

    test: Expr
    reads: frozenset[str]
    asks: frozenset[tuple[str, str]]
    timeout: int | None = None


@record
class Operate(Instruction):
    """One operation on a primitive, thread, pool or future: with locals for its index and arguments, and without `into`.

    `part`: which step of an operation of several it is; `about` the text of the future (or futures) that it is on.
    """

    op: ops.Act
    part: str = ""
    about: str = ""


@record
class Fire(Instruction):
    """A timer's time is over (in its own code alone)."""


@record
class Work(Instruction):
    """A step of a pool's worker (in its own code alone): it takes a call, ends one, or its initializer has failed.

    `given`: whether it is idle, for "take"; the value or exception, for "finish" and "fail".
    """

    pool: Ref
    part: Part
    given: Local | None = None


@record
class Emit(Instruction):
    """An observed `print` or `mark`: the text in `uses[0]`."""

    stream: str


@record
class Snooze(Instruction):
    """`sleep` for the seconds in `uses[0]`: a step with the virtual clock only."""


@record
class Gap(Instruction):
    """A step in a thread that is interrupted only, where no operation has begun: what is raised here meets other handlers and locals."""


AnyAccess: TypeAlias = Read | Load | Call | Write | Delete | Update | Extend | Next
Step: TypeAlias = AnyAccess | Guard | Operate | Fire | Work | Emit | Snooze | Gap
LocalWork: TypeAlias = (
    Compute | Store | Remove | Change | Jump | Branch | Iterate | Raise | Throw | Fail | Pick
    | Enter | Leave | Started | Begin | End
)  # fmt: skip
AnyInstruction: TypeAlias = LocalWork | Step


@record
class Code:
    """A body: `slots` are the names of its locals, its parameters first; `registers` those that claims ask for."""

    name: str
    params: int
    slots: tuple[str, ...]
    instructions: tuple[AnyInstruction, ...]
    registers: frozenset[int] = frozenset()


def successors(instruction: Instruction, pc: int) -> tuple[int, ...]:
    """Where control may go next inside the body, exceptions apart."""
    match instruction:
        case Jump(to=to):
            return (to,)
        case Branch(to=to) | Iterate(to=to):
            return (pc + 1, to)
        case Leave() | Throw():
            return ()
        case _:
            return (pc + 1,)
